"""Who may use the desk: added, given another role, let in no more; and who is cleared for protected addresses."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import people
from casebook.errors import PasswordRefusedError, UnknownRowError, UserError
from casebook.events import Page, PageViewed
from desk.access import ROLE_WORDS, Permission, allowed
from desk.forms import text
from desk.visit import Visit
from schemas.vocabulary import DeskRole

_NO_ROLE = "Choose a role."
_OWN = "Nobody changes their own role or access. Ask another person who may."


def show(visit: Visit) -> Response:
    """Everybody who uses the desk, and the form to add somebody."""
    return _list(visit, {})


def add(visit: Visit) -> Response:
    """Add somebody, with a password that is shown once and must be changed at the first sign-in."""
    typed = {name: text(visit, name, most=100) for name in ("username", "display_name", "role")}
    if typed["role"] not in ROLE_WORDS:
        return _list(visit, {"role": _NO_ROLE}, typed)
    password = _first_password()
    new = people.NewUser(typed["username"], typed["display_name"], DeskRole(typed["role"]))
    try:
        with visit.writing() as connection:
            user = people.add(connection, new, visit.signature, password=password)
    except (PasswordRefusedError, UserError) as error:
        return _list(visit, {"username": str(error)}, typed)
    return visit.page("user_password.html", user=user, password=password)


def role(visit: Visit) -> Response:
    """Give somebody another role; their sessions end."""
    wanted = text(visit, "role")
    if wanted not in ROLE_WORDS:
        return _list(visit, {"role": _NO_ROLE})
    return _changed(
        visit,
        lambda connection, user_id: people.change_role(connection, user_id, DeskRole(wanted), visit.signature),
        f"Their role is now: {ROLE_WORDS[DeskRole(wanted)].lower()}.",
    )


def disable(visit: Visit) -> Response:
    """Let somebody in no more; what they decided stands."""
    return _changed(
        visit,
        lambda connection, user_id: people.disable(connection, user_id, visit.signature),
        "They can no longer sign in. What they decided stands.",
    )


def enable(visit: Visit) -> Response:
    """Let somebody in again who was disabled or locked out."""
    return _changed(
        visit,
        lambda connection, user_id: people.enable(connection, user_id, visit.signature),
        "They can sign in again.",
    )


def new_password(visit: Visit) -> Response:
    """Give somebody another password, shown once, to be changed at the next sign-in."""
    password = _first_password()
    user = _another(visit)
    if user is None:
        return _list(visit, {"users": _OWN})
    with visit.writing() as connection:
        people.set_password(connection, user.user_id, password, visit.signature)
    return visit.page("user_password.html", user=user, password=password)


def clearances(visit: Visit) -> Response:
    """Who may see protected addresses."""
    return _clearances(visit, {})


def clear(visit: Visit) -> Response:
    """Let somebody see protected addresses, or no longer; their sessions end."""
    sees = text(visit, "sees") == "yes"
    user = _another(visit)
    if user is None:
        return _clearances(visit, {"users": _OWN})
    with visit.writing() as connection:
        people.change_clearance(connection, user.user_id, sees_protected_addresses=sees, signature=visit.signature)
    visit.tell("They may now see protected addresses." if sees else "They may no longer see protected addresses.")
    return visit.go("clearances")


def _changed(visit: Visit, change: Callable[[Connection, str], None], told: str) -> Response:
    user = _another(visit)
    if user is None:
        return _list(visit, {"users": _OWN})
    with visit.writing() as connection:
        change(connection, user.user_id)
    visit.tell(told)
    return visit.go("users")


def _another(visit: Visit) -> people.User | None:
    """The user whom the path names; None where that is the visitor. Raises HTTPException 404."""
    try:
        with visit.looking_up() as connection:
            user = people.find(connection, visit.request.path_params["user_id"])
    except UnknownRowError:
        raise HTTPException(404) from None
    return None if user.user_id == visit.me.user_id else user


def _list(visit: Visit, errors: dict[str, str], typed: dict[str, str] | None = None) -> Response:
    everyone = _everyone(visit)
    visit.record(PageViewed(Page.USERS, None, len(everyone)))
    return visit.page(
        "users.html",
        status=422 if errors else 200,
        users=everyone,
        errors=errors,
        typed=typed or {},
        roles=_roles((typed or {}).get("role", "")),
        roles_of={user.user_id: _roles(user.role) for user in everyone},
        role_words=ROLE_WORDS,
    )


def _clearances(visit: Visit, errors: dict[str, str]) -> Response:
    readers = [user for user in _everyone(visit) if not user.is_disabled and _may_see_families(user)]
    visit.record(PageViewed(Page.USERS, None, len(readers)))
    return visit.page(
        "clearances.html", status=422 if errors else 200, users=readers, errors=errors, role_words=ROLE_WORDS
    )


def _may_see_families(user: people.User) -> bool:
    return Permission.SEE_FAMILY in allowed(user.role)


def _everyone(visit: Visit) -> list[people.User]:
    with visit.looking_up() as connection:
        return people.everyone(connection)


def _roles(chosen: str) -> list[dict[str, Any]]:
    return [{"value": role, "text": words, "selected": role == chosen} for role, words in ROLE_WORDS.items()]


def _first_password() -> str:
    return secrets.token_urlsafe(15)
