"""Who may use the desk, and whether its audit trail is whole: `hearth users`, `hearth audit`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

from assets.casebook import HEAD_OF_TRAIL
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store, open_store
from casebook import audit, ledgers, people
from casebook.opening import Casebook, find_casebook, open_casebook
from casebook.people import Identity, NewUser, User
from casebook.signature import Signature
from pipelines.commands.console import fail, out, spoken_errors
from pipelines.commands.flags import StoreFolder, settings_with
from schemas.vocabulary import DeskRole

users = typer.Typer(no_args_is_help=True, help="Who may use the desk, and what for.")
trail = typer.Typer(no_args_is_help=True, help="The audit trail of the desk.")

Name = Annotated[str, typer.Argument(help="The user name.")]
Role = Annotated[DeskRole, typer.Option(help="What they are there for.")]


@users.command()
def add(
    name: Name,
    role: Role,
    display_name: Annotated[str, typer.Option("--called", help="Their name as the desk shows it.")] = "",
    issuer: Annotated[str, typer.Option(help="The council's sign-in service, of an account there.")] = "",
    subject: Annotated[str, typer.Option(help="The account's subject; then no password is asked for.")] = "",
    store: StoreFolder = None,
    *,
    protected: Annotated[bool, typer.Option(help="Whether they may see protected addresses.")] = False,
) -> None:
    """Let somebody use the desk; their first password is asked for, and they must change it."""
    with spoken_errors():
        if bool(issuer) != bool(subject):
            raise typer.BadParameter("--issuer and --subject go together")
        identity = Identity(issuer, subject) if subject else None
        new = NewUser(name, display_name or name, role, protected, identity)
        password = None if identity else _password()
        with _writing(store, make=True) as connection:
            made = people.add(connection, new, Signature.now(None), password=password)
    out.print(f"{made.username} may use the desk as {made.role}.", highlight=False, markup=False)


@users.command("list")
def list_users(store: StoreFolder = None) -> None:
    """List who may use the desk."""
    with spoken_errors():
        casebook = _found(settings_with(store=store))
        with casebook.reading() as connection:
            known = people.everyone(connection)
        casebook.close()
    for user in known:
        out.print(f"{user.username:24} {user.role:14} {_state(user)}", highlight=False, markup=False, soft_wrap=True)
    if not known:
        out.print("Nobody yet. Add somebody: hearth users add NAME --role administrator")


def _state(user: User) -> str:
    told = {
        "disabled": user.is_disabled,
        "sees protected addresses": user.sees_protected_addresses,
        "must change the password": user.must_change_password,
        "signs in by the council's service": user.identity is not None,
    }
    return ", ".join(words for words, is_so in told.items() if is_so)


@users.command()
def disable(name: Name, store: StoreFolder = None) -> None:
    """Let somebody in no more; what they decided stands."""
    with spoken_errors(), _writing(store) as connection:
        people.disable(connection, _user(connection, name).user_id, Signature.now(None))


@users.command()
def enable(name: Name, store: StoreFolder = None) -> None:
    """Let somebody in again who was disabled or locked out."""
    with spoken_errors(), _writing(store) as connection:
        people.enable(connection, _user(connection, name).user_id, Signature.now(None))


@users.command("role")
def change_role(
    name: Name, role: Annotated[DeskRole, typer.Argument(help="What they are there for.")], store: StoreFolder = None
) -> None:
    """Give somebody another role; they must sign in again."""
    with spoken_errors(), _writing(store) as connection:
        people.change_role(connection, _user(connection, name).user_id, role, Signature.now(None))


@users.command("protected")
def change_clearance(
    name: Name,
    store: StoreFolder = None,
    *,
    allow: Annotated[bool, typer.Option("--allow/--forbid", help="Whether they may see protected addresses.")],
) -> None:
    """Let somebody see protected addresses, or no longer; they must sign in again."""
    with spoken_errors(), _writing(store) as connection:
        user_id = _user(connection, name).user_id
        people.change_clearance(connection, user_id, sees_protected_addresses=allow, signature=Signature.now(None))


@users.command("password")
def set_password(name: Name, store: StoreFolder = None) -> None:
    """Give somebody a new password, asked for or read from standard input; they must change it at once."""
    with spoken_errors():
        password = _password()
        with _writing(store) as connection:
            people.set_password(connection, _user(connection, name).user_id, password, Signature.now(None))


@trail.command()
def verify(
    head: Annotated[list[str] | None, typer.Option(help="A head noted earlier; it must still be in the trail.")] = None,
    store: StoreFolder = None,
) -> None:
    """Check that no row of the trail, nor any decision, was altered, removed or cut off; print the head to keep."""
    with spoken_errors():
        settings = settings_with(store=store)
        casebook = _found(settings)
        heads = frozenset(head or ()) | _published_heads(open_store(settings))
        with casebook.reading() as connection:
            breach = audit.verify(connection, heads=heads) or ledgers.verify(connection)
            rows, newest = audit.count(connection, audit.Wanted()), audit.head(connection)
        casebook.close()
        if breach:
            fail(f"The audit trail is broken at row {breach.sequence}: {breach.what}.")
    out.print(f"The trail is whole: {rows:,} rows, held against {len(heads)} heads noted earlier.", highlight=False)
    out.print(f"Its head, to be kept elsewhere: {newest}", highlight=False, soft_wrap=True)


def _published_heads(store: Store) -> frozenset[str]:
    """The heads that each published month noted when it was made."""
    runs = (read_published(store, month, "run") for month in store.months())
    noted = (json.loads(text).get(HEAD_OF_TRAIL) for run in runs for text in run["settings"])
    return frozenset(str(each) for each in noted if each)


@contextmanager
def _writing(store: StoreFolder, *, make: bool = False) -> Iterator[Connection]:
    settings = settings_with(store=store)
    casebook = open_casebook(open_store(settings).casebook_url) if make else _found(settings)
    try:
        with casebook.begin() as connection:
            yield connection
    finally:
        casebook.close()


def _found(settings: Settings) -> Casebook:
    found = find_casebook(open_store(settings).casebook_url)
    if found is None:
        fail("There is no casebook yet. It is made with its first user: hearth users add NAME --role administrator")
        raise typer.Exit(1)
    return found


def _user(connection: Connection, name: str) -> User:
    found = people.named(connection, name)
    if found is None:
        raise typer.BadParameter("There is no user of this name. List them: hearth users list")
    return found


def _password() -> str:
    """Asked for twice at a terminal; else the first line of standard input. Never an argument: others could see it."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
