"""People who use the desk of a demonstration: one of each role, under one password that was made up for this folder."""

import datetime as dt
import secrets
from pathlib import Path

from sqlalchemy import Connection

from assets.store import Store
from casebook import cases, people
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.signature import Signature
from schemas.casebook import Consent
from schemas.vocabulary import DeskRole

_NAMES = {
    DeskRole.COORDINATOR: "Demo Coordinator",
    DeskRole.KEY_WORKER: "Demo Key Worker",
    DeskRole.MANAGER: "Demo Manager",
    DeskRole.DATA_ANALYST: "Demo Analyst",
    DeskRole.AUDITOR: "Demo Auditor",
    DeskRole.SCRUTINY: "Demo Scrutiny",
    DeskRole.ADMINISTRATOR: "Demo Administrator",
}
_WORDS = "heron lantern maple orchard pebble quarry ribbon saffron thimble willow cobalt juniper harbour meadow".split()
TAKEN_ON = 8


def demo_accounts(store: Store, folder: Path, families: list[str], *, on: dt.date) -> Path:
    """Add the demonstration's accounts where its casebook has none yet; gives the file that holds their password.

    The first `families` are taken on for its key worker, who would otherwise see none. What an earlier demonstration
    left is kept.
    """
    file = folder / "desk-accounts.txt"
    casebook = open_casebook(store.casebook_url)
    try:
        with casebook.begin() as connection:
            if not people.everyone(connection):
                password = " ".join(secrets.choice(_WORDS) for _ in range(5))
                _add(connection, password)
                _take_on(connection, families[:TAKEN_ON], on)
                _write(file, password)
    finally:
        casebook.close()
    return file


def username(role: DeskRole) -> str:
    """The user name of the demonstration's account of a role."""
    return f"demo.{role.value.replace('_', '.')}"


def _add(connection: Connection, password: str) -> None:
    signature = Signature.now(None)
    for role, name in _NAMES.items():
        new = people.NewUser(username(role), name, role)
        people.add(connection, new, signature, password=password, must_change=False)


def _take_on(connection: Connection, families: list[str], on: dt.date) -> None:
    coordinator = people.named(connection, username(DeskRole.COORDINATOR))
    if coordinator is None:
        return
    saying = Saying(Signature.now(coordinator.user_id), "Taken on for the demonstration.")
    worker = cases.Worker(username(DeskRole.KEY_WORKER), "council")
    for family in families:
        cases.attach(connection, cases.Attaching(family, on, Consent.GIVEN, worker), saying)


def _write(file: Path, password: str) -> None:
    file.touch(mode=0o600)
    lines = [f"{username(role)}  {name}" for role, name in _NAMES.items()]
    text = "Accounts of a demonstration: for made-up families only, never for a real store.\n\n"
    file.write_text(f"{text}Password of all: {password}\n\n" + "\n".join(lines) + "\n", "utf-8")
