"""One case as a visitor may see it: theirs to see, and only as much as the family's consent allows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from casebook.case_files import Case, all_cases, case
from casebook.errors import UnknownRowError
from desk.access import Permission
from desk.case_list import family_name
from desk.visit import Visit
from schemas.casebook import Consent

_FAMILY_OF_CASE = "select family_id from every_case where case_id = ?"
_OTHERS = """
    select case_id, attached_on, key_worker from every_case
    where family_id = $family and case_id is distinct from $case and closed_on is null order by attached_on
"""
_FAMILY = "select * from family_rows where family_id = ?"


@dataclass(frozen=True)
class CaseSeen:
    """A case, the family's id of this month, and its name."""

    case: Case
    family_id: str
    family: str
    in_month: bool
    may_read_work: bool

    @property
    def is_declined(self) -> bool:
        """Whether the family said no, so that nobody works with it."""
        return self.case.consent == Consent.DECLINED

    @property
    def may_plan(self) -> bool:
        """Whether there may be a plan: the work goes on and the family agreed."""
        return self.case.is_open and self.case.consent == Consent.GIVEN


def seen(visit: Visit, connection: Connection, case_id: str) -> CaseSeen:
    """The case of an id; whoever may not see its family learns no more than that there is nothing (404)."""
    family_id = _family_of(visit, connection, case_id)
    try:
        found = case(connection, case_id)
    except UnknownRowError:
        family_id = None
    if family_id is None:
        raise HTTPException(404)
    row = visit.one(_FAMILY, [family_id])
    # Who answers for the service, and who checks it, still sees what was done before the family said no.
    may_read = found.consent != Consent.DECLINED or visit.may(Permission.SEE_AUDIT)
    name = family_name(row["surnames"] if row else None, family_id)
    return CaseSeen(found, family_id, name, row is not None, may_read)


def others_open(visit: Visit, family_id: str, case_id: str | None) -> list[dict[str, Any]]:
    """The family's other open cases, where two that were taken on became one: case_id, attached_on, key_worker."""
    return visit.rows(_OTHERS, {"family": family_id, "case": case_id})


def _family_of(visit: Visit, connection: Connection, case_id: str) -> str | None:
    """The family that has the case this month, itself or through the newer case that is tied to it."""
    if row := visit.one(_FAMILY_OF_CASE, [case_id]):
        return str(row["family_id"])
    later = {each.earlier_case_id: each.case_id for each in all_cases(connection) if each.earlier_case_id}
    here = later.get(case_id)
    while here is not None:
        if row := visit.one(_FAMILY_OF_CASE, [here]):
            return str(row["family_id"])
        here = later.get(here)
    return None
