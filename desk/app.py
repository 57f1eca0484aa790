"""The desk as an application: everything put together, nothing decided."""

from contextlib import suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebook.opening import open_casebook
from desk.cases_now import CasesReader
from desk.claim_papers import ClaimPapers
from desk.council import door_of
from desk.errors import NoMonthError
from desk.family_rows import PREPARATIONS
from desk.middleware import ErrorsAsPages, SafeHeaders, SmallForms
from desk.published import Published
from desk.rate_limits import RateLimits
from desk.rendering import make_environment
from desk.routes import WAYS
from desk.settings import DeskSettings
from desk.shelf import Shelf
from desk.styles import Styles
from desk.visit import Caller, Desk, Visit
from desk.ways import Way, routes, visit_of


def make_app(settings: DeskSettings, *, ways: tuple[Way, ...] = WAYS, papers: ClaimPapers | None = None) -> Starlette:
    """The desk over a store's published months and its casebook; without `papers` no evidence packs and no samples.

    Raises StylesMissingError, and CasebookUnreachableError of the casebook.
    """
    styles = Styles(settings.styles)
    casebook = open_casebook(settings.casebook)
    desk = Desk(
        settings=settings,
        published=Published(
            settings.published,
            threads=settings.threads,
            memory_limit=settings.memory_limit,
            preparations=PREPARATIONS,
        ),
        casebook=casebook,
        cases=CasesReader(casebook),
        templates=make_environment(styles),
        ways=ways,
        searches=Shelf(minutes=settings.longest_minutes),
        notices=Shelf(minutes=10),
        council=door_of(settings),
        papers=papers,
    )
    app = Starlette(
        routes=[Route("/static/{version}/{name}", styles.serve), *routes(desk, RateLimits(settings))],
        exception_handlers={HTTPException: lambda request, error: _error_page(desk, request, error)},
        middleware=[
            Middleware(SafeHeaders, secure=settings.secure),
            Middleware(ErrorsAsPages, page=lambda request, reference: _failure_page(desk, request, reference)),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False),
            Middleware(SmallForms),
        ],
    )
    # Opened now, so that the first visitor need not wait for it.
    with suppress(NoMonthError):
        desk.published.newest()
    app.state.desk = desk
    return app


def _error_page(desk: Desk, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return visit_of(desk, request).page("error.html", status=status, code=status, reference="")


def _failure_page(desk: Desk, request: Request, reference: str) -> Response:
    # Nothing that may have caused the failure is asked again: no casebook, no month.
    return Visit(desk, request, Caller(None, "")).page("error.html", status=500, code=500, reference=reference)
