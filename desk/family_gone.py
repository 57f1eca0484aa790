"""A family that is no longer seen: since when, and what this month says of why.

Whoever follows an old link, or works with the family, is told so, rather than that there is no such page.
"""

from collections.abc import Mapping
from typing import Any

from desk.access import Permission
from desk.month_changes import CAUSE_WORDS
from desk.visit import Visit

_GONE = """
    select month, cause from family_events
    where id = $family and event = 'gone' and not exists (select 1 from families where family_id = $family)
    order by month desc limit 1
"""
_WENT = "select because from changes where kind = 'family' and change = 'went' and family_id = ?"
_CASE = "select * from cases_now where family_id = ?"


def gone(visit: Visit, family_id: str) -> Mapping[str, Any] | None:
    """`since` (the month), `cause` and `because` in words, `case`; None where no such family of this visitor's is gone.

    Which records a cause names is for whoever may see evidence.
    """
    found = visit.one(_GONE, {"family": family_id})
    if found is None:
        return None
    went = visit.one(_WENT, [family_id]) if visit.may(Permission.SEE_EVIDENCE) else None
    return {
        "since": found["month"],
        "cause": CAUSE_WORDS.get(found["cause"], found["cause"]),
        "because": went["because"] if went else "",
        "case": visit.one(_CASE, [family_id]),
    }
