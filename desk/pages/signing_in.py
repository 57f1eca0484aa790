"""Signing in and out, and choosing a password."""

import datetime as dt
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from casebook import people, sessions, signing_in
from casebook.errors import PasswordRefusedError, UserError
from casebook.signature import Signature
from desk.errors import UnknownMemberError
from desk.session_cookies import forget_secret, give_secret
from desk.visit import Visit

_WRONG = (
    "The user name or the password is wrong, or the account is locked. "
    "After five failed attempts it is locked for a quarter of an hour."
)


def ask(visit: Visit) -> Response:
    """The form; somebody who has signed in is sent on."""
    if visit.member is not None:
        return visit.go("home")
    return _form(visit, {})


def sign_in(visit: Visit) -> Response:
    """Sign in by name and password."""
    at = dt.datetime.now(dt.UTC)
    username, password = _text(visit, "username").strip(), _text(visit, "password")
    user = signing_in.verify(visit.desk.casebook, username, password, at=at)
    if user is None:
        return _form(visit, {"username": _WRONG})
    return _welcome(visit, user.user_id, _text(visit, "next"))


def sign_out(visit: Visit) -> Response:
    """End the session."""
    with visit.writing() as connection:
        sessions.end(connection, visit.me.session_id, visit.signature)
    response = visit.go("sign_in")
    forget_secret(response, visit.desk.settings)
    return response


def to_council(visit: Visit) -> Response:
    """Off to the council's own sign-in."""
    door = visit.desk.council
    if door is None:
        return visit.go("sign_in")
    try:
        after = _local(visit.request.query_params.get("next", ""))
        address = door.begin(visit.caller.secret, _return_address(visit), after)
    except UnknownMemberError as error:
        return _form(visit, {"council": str(error)})
    return RedirectResponse(address, status_code=303)


def from_council(visit: Visit) -> Response:
    """Back from the council's own sign-in."""
    door = visit.desk.council
    if door is None:
        return visit.go("sign_in")
    state = visit.request.query_params.get("state", "")
    try:
        identity, after = door.finish(
            visit.caller.secret, _return_address(visit), state=state, answer=str(visit.request.url)
        )
    except UnknownMemberError as error:
        return _form(visit, {"council": str(error)})
    with visit.looking_up() as connection:
        user = people.identified(connection, identity)
    if user is None:
        return _form(visit, {"council": "Your council account may not use the desk yet. Ask its administrator."})
    return _welcome(visit, user.user_id, after)


def password(visit: Visit) -> Response:
    """The form for another password."""
    return visit.page("password.html", errors={})


def change_password(visit: Visit) -> Response:
    """Choose another password; all sessions end, and a new one begins here."""
    errors = _change(visit)
    if errors:
        return visit.page("password.html", status=422, errors=errors)
    return _welcome(visit, visit.me.user_id, "")


def _change(visit: Visit) -> dict[str, str]:
    old, new, again = (_text(visit, name) for name in ("old", "new", "again"))
    if new != again:
        return {"again": "The two new passwords differ. Type the same one twice."}
    known = signing_in.verify(visit.desk.casebook, visit.me.username, old, at=dt.datetime.now(dt.UTC))
    if known is None:
        return {"old": "The password in use is wrong."}
    try:
        with visit.writing() as connection:
            people.set_password(connection, visit.me.user_id, new, visit.signature)
    except (PasswordRefusedError, UserError) as error:
        return {"new": str(error)}
    return {}


def _welcome(visit: Visit, user_id: str, wanted: str) -> Response:
    signature = Signature.now(user_id)
    with visit.writing() as connection:
        if visit.member is not None:
            sessions.end(connection, visit.member.session_id, signature)
        token = sessions.begin(connection, user_id, at=signature.at)
    response = RedirectResponse(_local(wanted), status_code=303)
    give_secret(response, token, visit.desk.settings)
    return response


def _form(visit: Visit, errors: dict[str, str]) -> Response:
    wanted = _text(visit, "next") or visit.request.query_params.get("next", "")
    status = 422 if errors else 200
    return visit.page("sign_in.html", status=status, errors=errors, wanted=_local(wanted), council=visit.desk.council)


def _local(wanted: str) -> str:
    """A page of the desk and of no other site; the first page where it is none."""
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return wanted if is_ours and wanted.isprintable() else "/"


def _return_address(visit: Visit) -> str:
    return str(visit.request.url_for("from_council"))


def _text(visit: Visit, name: str) -> str:
    value = visit.form.get(name, "")
    return value if isinstance(value, str) else ""
