"""What of the month a visitor may see, laid under every query: no page needs to remember it.

A page's SQL names a table plainly (`families`, `needs`…). What it reads under that name is decided here: without the
clearance, protected addresses are missing from it; for a key worker, so are all families but their own. The tables as
they are stand in the schema `whole`, which no other module may name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk import family_history
from schemas.registry import PUBLISHED_TABLES


@dataclass(frozen=True)
class Scope:
    """Which families are seen (None: all of them), and whether protected addresses are."""

    families: frozenset[str] | None = frozenset()
    protected_addresses: bool = False


EVERYTHING = Scope(families=None)

# What a protected address could be read from, by table: the columns as seen without the clearance. A rejected row is
# text as it came, and nobody can say whose address is in it.
_MASKS: Mapping[str, Mapping[str, str]] = {
    "households": {
        "uprn": "case when protected then null else uprn end",
        "postcode": "case when protected then null else postcode end",
        "ward": "case when protected then null else ward end",
        "lsoa": "case when protected then null else lsoa end",
    },
    "families": {"ward": "case when protected then null else ward end"},
    "rejected_records": {"record": "cast(null as varchar)"},
}

_IDS = "(select family_id from own_families)"
_OWN = "family_id in (select family_id from own_families)"
_OWN_PERSON = "person_id in (select person_id from memory.main.family_members where " + _OWN + ")"
_OWN_HOUSEHOLD = "household_id in (select household_id from memory.main.families where " + _OWN + ")"

# What a key worker sees of each table; a table that is not named here they see nothing of.
_OWN_ROWS: Mapping[str, str] = {
    "families": _OWN,
    "family_members": _OWN,
    "family_sightings": _OWN,
    "needs": _OWN,
    "cohort": _OWN,
    "attachments": _OWN,
    "outcomes": _OWN,
    "claims": _OWN,
    "family_rows": _OWN,
    "changes": f"({_OWN} and (other_id is null or other_id in (select family_id from own_families))) or kind = 'feed'",
    "family_events": f"id in {_IDS} or other_id in {_IDS}",
    "family_became": _OWN,
    "identity_events": f"kind = 'family' and (id in {_IDS} or other_id in {_IDS})",
    "persons": _OWN_PERSON,
    "person_records": _OWN_PERSON,
    "households": _OWN_HOUSEHOLD,
    "household_members": f"{_OWN_HOUSEHOLD} and {_OWN_PERSON}",
    "deliveries": "true",
    "rules": "true",
    "run": "true",
}


def _masked(name: str) -> str:
    columns = ", ".join(f"{sql} as {column}" for column, sql in _MASKS.get(name, {}).items())
    replaced = f" replace ({columns})" if columns else ""
    return f'create view main."{name}" as select *{replaced} from whole."{name}"'


_LAID = (*PUBLISHED_TABLES, *family_history.NAMES)
EVERYTHING_MASKED = tuple(_masked(name) for name in _LAID)


def statements(scope: Scope) -> Iterator[tuple[str, list[Any] | None]]:
    """What to run on a request's cursor before anything else, so that its queries see this scope."""
    if scope.families is not None:
        yield "create temp table own_families as select unnest(?::varchar[]) as family_id", [sorted(scope.families)]
    for name in (*_LAID, "family_rows"):
        if sql := _seen(name, scope):
            yield f'create temp view "{name}" as {sql}', None


def _seen(name: str, scope: Scope) -> str | None:
    cleared = scope.protected_addresses and name in _MASKS
    if scope.families is None and not cleared:
        return None
    rows = _OWN_ROWS.get(name, "false") if scope.families is not None else "true"
    return f'select * from memory.{"whole" if cleared else "main"}."{name}" where {rows}'
