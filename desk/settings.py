"""What the desk is told when it starts; `hearth desk` reads it from `hearth.toml`."""

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class CouncilSignIn:
    """The council's own sign-in by OpenID Connect; `name` is what its button says."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "your council account"


@dataclass(frozen=True)
class DeskSettings:
    """Where the month and the decisions are, how long a session lasts, and how far the desk may be reached.

    `hosts` are the names under which browsers may ask for it. `secure` says that it is reached by https alone, so that
    cookies travel no other way. Times are minutes.
    """

    published: Path
    casebook: str = field(repr=False)
    styles: Path
    idle_minutes: int = 30
    longest_minutes: int = 600
    secure: bool = False
    hosts: tuple[str, ...] = LOOPBACK
    requests_a_minute: int = 300
    threads: int = 2
    memory_limit: str = "1GB"
    council_sign_in: CouncilSignIn | None = None
