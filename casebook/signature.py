"""By whom something was done, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self


@dataclass(frozen=True)
class Signature:
    """A user's id and the moment. Without a user it was done at the machine itself, by `hearth users`."""

    user_id: str | None
    at: datetime

    @classmethod
    def now(cls, user_id: str | None) -> Self:
        """Signed at this moment."""
        return cls(user_id, datetime.now(UTC))
