"""Key workers and what each of them has: families, follow-ups, silence, and how that stands to the norm."""

from dataclasses import dataclass

from sqlalchemy import Connection

from casebook import people
from casebook.case_files import Handover, handovers
from casebook.tokens import keyed_hash
from desk.case_dates import Figures
from desk.case_list import CaseRow, case_rows, named, worker_names
from desk.visit import Visit
from schemas.vocabulary import DeskRole


@dataclass(frozen=True)
class Caseload:
    """A key worker: an id that tells no name, who they are, and their families."""

    worker_id: str
    key_worker: str
    name: str
    rows: tuple[CaseRow, ...]
    norm: str

    @property
    def open(self) -> list[CaseRow]:
        """The families that they work with."""
        return [row for row in self.rows if row.is_open]

    @property
    def agencies(self) -> str:
        """The agencies for which they work."""
        return ", ".join(sorted({str(row.row["agency"]) for row in self.open if row.row["agency"]})) or "Not known"

    @property
    def follow_ups(self) -> int:
        """Families to be followed up after the work with them ended."""
        return sum(row.days.is_follow_up_due for row in self.rows)

    @property
    def silent(self) -> int:
        """Families of whom nothing was recorded for too long."""
        return sum(row.days.silent_days is not None for row in self.rows)


@dataclass(frozen=True)
class Passed:
    """A handover in words; `case_id` where the visitor may open the case."""

    handover: Handover
    before: str
    after: str


def worker_id(connection: Connection, key_worker: str) -> str:
    """An id for a key worker's name, which without the casebook's key nobody can tell from it."""
    return f"w{keyed_hash(connection, key_worker.casefold())[:16]}"


def caseloads(visit: Visit, connection: Connection) -> list[Caseload]:
    """Every key worker, those of the desk who have no family too, by name."""
    figures, names = Figures.of(visit), worker_names(connection)
    held: dict[str, list[CaseRow]] = {username: [] for username in key_workers(connection)}
    for row in case_rows(visit, connection):
        if row.row["key_worker"]:
            held.setdefault(str(row.row["key_worker"]).casefold(), []).append(row)
    found = [_caseload(connection, worker, rows, figures, named(worker, names)) for worker, rows in held.items()]
    return sorted(found, key=lambda each: (each.name.casefold(), each.worker_id))


def key_workers(connection: Connection) -> list[str]:
    """The user names of the key workers who use the desk."""
    everyone = people.everyone(connection)
    return [user.username for user in everyone if user.role is DeskRole.KEY_WORKER and not user.is_disabled]


def _caseload(connection: Connection, worker: str, rows: list[CaseRow], figures: Figures, name: str) -> Caseload:
    # The name as it was written, where it is no user's.
    written = str(rows[0].row["key_worker"]) if rows else worker
    shown = written if name == worker else name
    families = sum(row.is_open for row in rows)
    return Caseload(worker_id(connection, worker), written, shown, tuple(rows), figures.norm(families))


def passed_on(connection: Connection, *, most: int, worker: str | None = None) -> list[Passed]:
    """The newest handovers, of one key worker or of all, without the first naming of a case."""
    names = worker_names(connection)
    moved = [each for each in handovers(connection) if each.before is not None]
    mine = [each for each in moved if worker is None or worker.casefold() in _both(each)]
    return [Passed(each, named(each.before, names), named(each.after, names)) for each in reversed(mine[-most:])]


def _both(handover: Handover) -> set[str]:
    return {(handover.before or "").casefold(), handover.after.casefold()}
