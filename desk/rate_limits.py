"""How often one person may ask: enough for anybody at work, too little for guessing or for emptying the list."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from desk.settings import DeskSettings
from desk.visit import Visit


class RateLimits:
    """Counts of a moving window in memory, for each session, and for each address of those not signed in."""

    def __init__(self, settings: DeskSettings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._general = parse(f"{settings.requests_a_minute}/minute")

    def allow(self, visit: Visit, route: str, limit: str | None) -> bool:
        """Whether this visit keeps within the general limit and the route's own."""
        who = _who(visit)
        within = self._limiter.hit(self._general, who)
        return within and (limit is None or self._limiter.hit(parse(limit), who, route))


def _who(visit: Visit) -> str:
    if visit.member is not None:
        return f"user {visit.member.user_id}"
    return f"address {visit.request.client.host if visit.request.client else 'unknown'}"
