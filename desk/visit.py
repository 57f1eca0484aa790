"""One request of one person: who asks, for what, and through what the answer may be read, written down and shown."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
from jinja2 import Environment
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casebook import audit
from casebook.events import Event
from casebook.opening import Casebook
from casebook.signature import Signature
from desk.access import ROLE_WORDS, Permission, allowed
from desk.cases_now import CasesNow, CasesReader
from desk.claim_papers import ClaimPapers
from desk.members import Member
from desk.published import Published, Reader
from desk.scope import Scope
from desk.settings import DeskSettings
from desk.shelf import Shelf
from schemas.vocabulary import DeskRole

if TYPE_CHECKING:
    from desk.council import CouncilDoor
    from desk.ways import Way

NOTICE = "notice"
T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What every page shares."""

    settings: DeskSettings
    published: Published
    casebook: Casebook
    cases: CasesReader
    templates: Environment
    ways: Sequence["Way"]
    searches: Shelf[str]
    notices: Shelf[str]
    council: "CouncilDoor | None" = None
    papers: ClaimPapers | None = None


@dataclass(frozen=True)
class Caller:
    """Who stands behind a request: the secret of the cookie, and whose session it is, if it is one's."""

    member: Member | None
    secret: str = field(repr=False)
    has_cookie: bool = True


class Visit:
    """A request on its way to a page, and what the page answers with."""

    def __init__(self, desk: Desk, request: Request, caller: Caller, form: FormData | None = None) -> None:
        self.desk = desk
        self.request = request
        self.caller = caller
        self.member = caller.member
        self.form = form if form is not None else FormData()
        self._reader: Reader | None = None
        self._month: str | None = None
        self._sees_all = False
        self._kept: dict[str, Any] = {}

    @property
    def me(self) -> Member:
        """Who has signed in; only routes that need a permission may ask."""
        if self.member is None:
            raise HTTPException(403)
        return self.member

    @property
    def csrf_token(self) -> str:
        """What this session's forms must carry: nobody without the cookie can reckon it."""
        return hmac.new(self.caller.secret.encode(), b"form", hashlib.sha256).hexdigest()

    def may(self, permission: Permission) -> bool:
        """Whether the visitor's role grants the permission."""
        return permission in allowed(self.member.role if self.member else None)

    def opens(self, name: str) -> bool:
        """Whether there is a page of this name that the visitor may open."""
        return any(way.name == name and self.may(way.permission) for way in self.desk.ways)

    @property
    def month(self) -> str:
        """The published month that this visit reads. Raises NoMonthError where there is none."""
        if self._month is None:
            self._open()
        return str(self._month)

    @property
    def reader(self) -> Reader:
        """The month as this visitor may see it (desk/scope.py). Raises NoMonthError where there is none."""
        return self._reader or self._open()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Rows of the published month, within what the visitor may see."""
        return self.reader.rows(sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> dict[str, Any] | None:
        """The first row of a query of the published month, or None."""
        return self.reader.one(sql, parameters)

    def frame(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pd.DataFrame:
        """Rows of the published month as a frame, within what the visitor may see."""
        return self.reader.frame(sql, parameters)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is the same for all who see every family, made once for each edition of the month."""
        self.reader  # noqa: B018 - opens the month, and says how much the visitor sees
        if not self._sees_all:
            return make()
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of the casebook: what is decided and its line in the audit trail stand or fall together."""
        with self.desk.casebook.begin() as connection:
            yield connection

    @property
    def signature(self) -> Signature:
        """By whom and when, for what the casebook is to keep."""
        return Signature.now(self.me.user_id)

    def record(self, event: Event) -> None:
        """Write an event into the audit trail, where it is all that is to be written; ids and counts only."""
        with self.writing() as connection:
            audit.record(connection, event, self.signature)

    @contextmanager
    def looking_up(self) -> Iterator[Connection]:
        """A transaction of the casebook that only reads."""
        with self.desk.casebook.reading() as connection:
            yield connection

    def page(self, template: str, *, status: int = 200, **shown: Any) -> Response:
        """A page made of a template; who is signed in, what they may open and the form token come with it."""
        text = self.desk.templates.get_template(template).render(**self._common(), **shown)
        return HTMLResponse(text, status_code=status)

    def go(self, name: str, *, query: str = "", **path: Any) -> Response:
        """On to another page after a form, by its route's name."""
        return RedirectResponse(self.path(name, **path) + (f"?{query}" if query else ""), status_code=303)

    def tell(self, message: str) -> None:
        """Show a message, without a personal value, on the next page that this person sees."""
        self.desk.notices.put(self.me.session_id, message, under=NOTICE)

    def path(self, name: str, **path: Any) -> str:
        """The path of a route by its name."""
        return str(self.request.app.url_path_for(name, **path))

    def close(self) -> None:
        """Give back what the visit read through."""
        if self._reader is not None:
            self._reader.close()

    def _open(self) -> Reader:
        snapshot = self.desk.published.newest()
        cases = self.desk.cases.now(snapshot)
        scope = scope_of(self.me, cases)
        if scope.families is not None:
            cases = cases.within(scope.families)
        self._sees_all, self._kept = scope.families is None, snapshot.kept
        self._month = snapshot.month
        self._reader = snapshot.reader(scope)
        self._reader.lay_beside("cases_now", cases.table)
        self._reader.lay_beside("every_case", cases.every)
        return self._reader

    def _common(self) -> Mapping[str, Any]:
        member = self.member
        return {
            "visit": self,
            "member": member,
            "role": ROLE_WORDS[member.role] if member else "",
            "may": self.may,
            "opens": self.opens,
            "Permission": Permission,
            "path": self.path,
            "csrf_token": self.csrf_token,
            "here": self.request.url.path,
            "menu": self._menu(),
            "notice": self.desk.notices.take(member.session_id, NOTICE) if member else None,
        }

    def _menu(self) -> list[dict[str, Any]]:
        here = self.request.url.path
        mine = [way for way in self.desk.ways if way.menu and self.member and self.may(way.permission)]
        below = [way.path != "/" and here.startswith(f"{way.path}/") for way in mine]
        return [
            {"text": way.menu, "href": way.path, "active": way.path == here or is_below}
            for way, is_below in zip(mine, below, strict=True)
        ]


def scope_of(member: Member, cases: CasesNow) -> Scope:
    """Which families a member sees: all of them, their own, or none; denied unless the role says otherwise."""
    if member.role is DeskRole.KEY_WORKER:
        own = cases.of_worker(member.username, dt.datetime.now(dt.UTC).date())
        return Scope(families=own, protected_addresses=member.sees_protected_addresses)
    if Permission.SEE_MONTH not in allowed(member.role):
        return Scope(families=frozenset())
    return Scope(families=None, protected_addresses=member.sees_protected_addresses)
