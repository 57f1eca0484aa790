"""The audit trail: who did what and when, by ids; and whether it still is what was written."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from casebook import audit, events, people
from casebook.events import AuditRead, Event
from desk.visit import Visit

PAGE_ROWS = 50
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")


def show(visit: Visit) -> Response:
    """Rows of the trail by kind, person, what they are about and day; the newest first."""
    asked, errors = _asked(visit)
    wanted = _wanted(asked)
    with visit.looking_up() as connection:
        found = audit.count(connection, wanted)
        rows = audit.search(connection, wanted, before=_before(visit), limit=PAGE_ROWS + 1)
        users = {user.user_id: user for user in people.everyone(connection)}
    visit.record(AuditRead(found))
    return _page(visit, asked, errors, found=found, rows=rows, users=users)


def verify(visit: Visit) -> Response:
    """Reckon the whole chain anew, and say where it breaks if it does; with a head noted earlier, that it is in it."""
    noted = str(visit.form.get("head", "")).strip().lower()
    if noted and not _HASH.fullmatch(noted):
        sentence = "Paste the 64 letters and digits that were noted, or leave the field empty."
        return _page(visit, _nothing(), {"head": sentence}, status=422)
    with visit.looking_up() as connection:
        breach = audit.verify(connection, heads=frozenset({noted} if noted else ()))
        head = audit.head(connection)
    return visit.page("audit_verified.html", breach=breach, head=head, status=200)


def _page(  # noqa: PLR0913 - what is shown, of what was asked
    visit: Visit,
    asked: dict[str, str],
    errors: dict[str, str],
    *,
    found: int = 0,
    rows: list[audit.Entry] | None = None,
    users: dict[str, people.User] | None = None,
    status: int = 200,
) -> Response:
    shown = (rows or [])[:PAGE_ROWS]
    older = {"before": str(shown[-1].sequence)} if rows and len(rows) > PAGE_ROWS else {}
    return visit.page(
        "audit.html",
        status=status,
        asked=asked,
        errors=errors,
        found=found,
        rows=[_told(entry, users or {}) for entry in shown],
        kinds=_kinds(asked["event"]),
        people=_people(users or {}, asked["user"]),
        older=urlencode({**{name: value for name, value in asked.items() if value}, **older}) if older else "",
    )


def _nothing() -> dict[str, str]:
    return dict.fromkeys(("event", "user", "about", "since", "until"), "")


def _asked(visit: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """What is asked for, without what cannot be asked for; and what is wrong with that."""
    given = {name: visit.request.query_params.get(name, "").strip() for name in _nothing()}
    errors = {
        name: "Give the day as 2026-10-03." for name in ("since", "until") if given[name] and _day(given[name]) is None
    }
    if given["about"] and not _ID.fullmatch(given["about"]):
        errors["about"] = "Give an id: of a family, a person, a claim, a case, a question or a user."
    if given["event"] not in _names() or (given["user"] and not _ID.fullmatch(given["user"])):
        given |= {"event": given["event"] if given["event"] in _names() else "", "user": ""}
    return given | dict.fromkeys(errors, ""), errors


def _wanted(asked: dict[str, str]) -> audit.Wanted:
    until = _day(asked["until"])
    return audit.Wanted(
        event=asked["event"] or None,
        user_id=asked["user"] or None,
        about=asked["about"] or None,
        since=_day(asked["since"]),
        until=until + dt.timedelta(days=1) if until else None,
    )


def _day(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _before(visit: Visit) -> int | None:
    asked = visit.request.query_params.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 16 else None


def _names() -> dict[str, str]:
    kinds = [*Event.__subclasses__(), *events.LedgerEvent.__subclasses__()]
    return {kind.__name__: _in_words(kind.__name__) for kind in kinds if kind is not events.LedgerEvent}


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _kinds(chosen: str) -> list[dict[str, Any]]:
    offered = sorted(_names().items(), key=lambda pair: pair[1])
    return [
        {"value": "", "text": "Anything", "selected": not chosen},
        *({"value": value, "text": words, "selected": value == chosen} for value, words in offered),
    ]


def _people(users: dict[str, people.User], chosen: str) -> list[dict[str, Any]]:
    named = [{"value": key, "text": user.username, "selected": key == chosen} for key, user in users.items()]
    return [{"value": "", "text": "Anybody", "selected": not chosen}, *named]


def _told(entry: audit.Entry, users: dict[str, people.User]) -> dict[str, Any]:
    user = users.get(entry.user_id or "")
    details = {key.replace("_", " "): value for key, value in entry.said.items() if value is not None}
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "who": user.username if user else (entry.user_id or "the command line"),
        "what": _in_words(entry.event),
        "about": entry.about,
        "details": ", ".join(f"{key}: {_short(value)}" for key, value in details.items() if value != entry.about),
    }


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:10]}…" if _HASH.fullmatch(text) else text
