"""Lists as somebody likes to see them, under a name: filters only, never what was searched for."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, delete, insert, select

from casebook import audit, events
from casebook.errors import RefusedWordError, UnknownRowError
from casebook.signature import Signature
from casebook.tables import saved_views as table
from casebook.tokens import new_id

_LONGEST_NAME = 60


@dataclass(frozen=True)
class View:
    """A saved view: the page, its name, and the filters as a query string."""

    view_id: str
    page: str
    name: str
    query: str


@dataclass(frozen=True)
class NewView:
    """A view to be saved; saved under a name that is there, it takes its place."""

    page: events.Page
    name: str
    query: str


def save(connection: Connection, new: NewView, signature: Signature, *, filters: Collection[str]) -> View:
    """Save a view of one's own. `filters` are the page's filters that hold nothing personal; others are refused."""
    name, said = new.name.strip(), parse_qsl(new.query.removeprefix("?"), keep_blank_values=False)
    if not 0 < len(name) <= _LONGEST_NAME:
        message = f"A view has a name of at most {_LONGEST_NAME} characters."
        raise RefusedWordError(message)
    if any(key not in filters for key, _ in said):
        message = f"A view keeps these filters only: {', '.join(sorted(filters))}. What was searched for is not kept."
        raise RefusedWordError(message)
    page = events.Page(new.page).value
    mine = (table.c.user_id == signature.user_id) & (table.c.page == page) & (table.c.name == name)
    connection.execute(delete(table).where(mine))
    view = View(new_id("V"), page, name, urlencode(said))
    connection.execute(
        insert(table).values(
            view_id=view.view_id,
            user_id=signature.user_id,
            page=page,
            name=name,
            query=view.query,
            saved_at=signature.at,
        )
    )
    audit.record(connection, events.ViewSaved(view.view_id), signature)
    return view


def of_user(connection: Connection, user_id: str, page: events.Page) -> list[View]:
    """A user's own views of a page, by name."""
    mine = (table.c.user_id == user_id) & (table.c.page == events.Page(page).value)
    rows = connection.execute(select(table).where(mine).order_by(table.c.name))
    return [View(row.view_id, row.page, row.name, row.query) for row in rows]


def drop(connection: Connection, view_id: str, signature: Signature) -> None:
    """Drop a view of one's own; raises UnknownRowError where it is not."""
    mine = (table.c.view_id == view_id) & (table.c.user_id == signature.user_id)
    if not connection.execute(delete(table).where(mine)).rowcount:
        raise UnknownRowError("You have no saved view of this id.")
    audit.record(connection, events.ViewDropped(view_id), signature)
