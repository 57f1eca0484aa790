"""What holds for every answer of the desk, whatever the page: headers, sizes, and errors that tell nobody anything."""

import logging
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("hearth.desk")
_LARGEST_FORM = 256 * 1024

_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}
_HSTS = "max-age=31536000"


class SafeHeaders:
    """Every answer carries the headers; what does not say otherwise is kept by no cache."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = _HEADERS | ({"strict-transport-security": _HSTS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class SmallForms:
    """A form says how large it is, and is not larger than a form can be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse a form that is too large."""
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
            length = Headers(scope=scope).get("content-length", "")
            if not length.isdigit() or int(length) > _LARGEST_FORM:
                await PlainTextResponse("The form is too large.", 413)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class ErrorsAsPages:
    """A failure becomes a page with a reference and one line of log: no message, no value, only kind and place."""

    def __init__(self, app: ASGIApp, *, page: Callable[[Request, str], Response]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noticing(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticing)
        except Exception as error:
            reference = secrets.token_hex(4)
            _log.error("failure %s: %s", reference, _where(error))
            if not started:
                await self._page(Request(scope), reference)(scope, receive, send)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return f"{type(error).__name__} at {' > '.join(places[-4:])}"
