"""A route and what it needs: none can be made that names no permission, and nobody passes one without it."""

import hmac
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.access import Permission
from desk.errors import NoMonthError, RouteError
from desk.members import member_of
from desk.rate_limits import RateLimits
from desk.session_cookies import give_secret, secret_of
from desk.visit import Caller, Desk, Visit

_log = logging.getLogger("hearth.desk")
_METHODS = ("GET", "POST")
FORM_TOKEN = "csrf_token"  # noqa: S105 - the field's name
# What somebody who must choose a password first may open.
_BEFORE_PASSWORD = frozenset({"password", "change_password", "sign_out"})

Page = Callable[[Visit], Response]


@dataclass(frozen=True)
class Way:
    """A route: where, its name, the page that answers, and the permission without which it does not.

    `menu` puts it into the navigation of those who may open it. `limit` (`20/hour`) is on top of the general one.
    """

    path: str
    name: str
    page: Page
    permission: Permission
    method: str = "GET"
    menu: str | None = None
    limit: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could be opened by mistake."""
        if not isinstance(self.permission, Permission):
            message = f"The route {self.name} names no permission of desk/access.py, so nobody may open it."
            raise RouteError(message)
        if self.method not in _METHODS or not self.path.startswith("/"):
            message = f"The route {self.name} needs a path that begins with / and one of the methods {_METHODS}."
            raise RouteError(message)


def routes(desk: Desk, limits: RateLimits) -> list[Route]:
    """The routes of the desk, each behind its permission."""
    _refuse_doubles([way.name for way in desk.ways])
    _refuse_doubles([f"{way.method} {way.path}" for way in desk.ways])
    return [Route(way.path, _endpoint(desk, way, limits), methods=[way.method], name=way.name) for way in desk.ways]


def _refuse_doubles(given: Sequence[str]) -> None:
    if doubled := [name for name, times in Counter(given).items() if times > 1]:
        message = f"Two routes are called {doubled[0]}."
        raise RouteError(message)


def _endpoint(desk: Desk, way: Way, limits: RateLimits) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=500) if way.method == "POST" else None
        return await run_in_threadpool(_answer, desk, way, limits, request, form)

    return endpoint


def visit_of(desk: Desk, request: Request, form: FormData | None = None) -> Visit:
    """The visit that a request is, with whoever has signed in."""
    secret, is_new = secret_of(request, desk.settings)
    member = None if is_new else member_of(desk.casebook, desk.settings, secret)
    return Visit(desk, request, Caller(member, secret, has_cookie=not is_new), form)


def _answer(desk: Desk, way: Way, limits: RateLimits, request: Request, form: FormData | None) -> Response:
    visit = visit_of(desk, request, form)
    try:
        response = _refusal(visit, way, limits) or way.page(visit)
    except NoMonthError as error:
        response = visit.page("no_month.html", status=503, sentence=str(error))
    finally:
        visit.close()
    if not visit.caller.has_cookie and "set-cookie" not in response.headers:
        give_secret(response, visit.caller.secret, desk.settings)
    return response


def _refusal(visit: Visit, way: Way, limits: RateLimits) -> Response | None:
    """The answer to somebody who may not pass; None for everybody else."""
    if not limits.allow(visit, way.name, way.limit):
        return visit.page("refused.html", status=429, title="Too many requests", reason="too_many")
    if visit.member is None and way.permission is not Permission.ANYONE:
        return _to_sign_in(visit)
    if visit.member and visit.member.must_change_password and way.name not in _BEFORE_PASSWORD:
        return visit.go("password")
    if not visit.may(way.permission):
        _log.info("refused: route %s, user %s", way.name, visit.me.user_id)
        return visit.page("refused.html", status=403, title="You cannot open this page", reason="role")
    if way.method == "POST" and not _carries_token(visit):
        return visit.page("refused.html", status=403, title="This form has expired", reason="form")
    return None


def _carries_token(visit: Visit) -> bool:
    given = visit.form.get(FORM_TOKEN)
    return isinstance(given, str) and hmac.compare_digest(given.encode(), visit.csrf_token.encode())


def _to_sign_in(visit: Visit) -> Response:
    url = visit.request.url
    wanted = url.path + (f"?{url.query}" if url.query else "")
    keep = visit.request.method == "GET" and wanted != "/"
    query = f"?{urlencode({'next': wanted})}" if keep else ""
    return RedirectResponse(visit.path("sign_in") + query, status_code=303)
