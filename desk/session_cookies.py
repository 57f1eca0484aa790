"""The one cookie: a secret that stands for a visit before sign-in and for a session after it."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from desk.settings import DeskSettings


def cookie_name(settings: DeskSettings) -> str:
    """The cookie's name; over https one that no other host can have set."""
    return "__Host-hearth" if settings.secure else "hearth"


def secret_of(request: Request, settings: DeskSettings) -> tuple[str, bool]:
    """The visit's secret, and whether it is a new one that the browser does not hold yet."""
    held = request.cookies.get(cookie_name(settings), "")
    return (held, False) if held else (secrets.token_urlsafe(32), True)


def give_secret(response: Response, secret: str, settings: DeskSettings) -> None:
    """Let the browser hold a secret until it is closed; no script may read it."""
    response.set_cookie(cookie_name(settings), secret, path="/", httponly=True, samesite="lax", secure=settings.secure)


def forget_secret(response: Response, settings: DeskSettings) -> None:
    """Let the browser forget the secret."""
    response.delete_cookie(cookie_name(settings), path="/", httponly=True, samesite="lax", secure=settings.secure)
