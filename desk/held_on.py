"""All that is held on one person, for their own request; what tells of somebody else is counted and left out."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from casebook import audit, homes, pairs, people
from casebook.case_files import cases_of, entries
from casebook.errors import UnknownRowError
from desk.visit import Visit

Rows = list[dict[str, Any]]
# Not even with the clearance does a protected address go into a file that is to be disclosed.
_PERSON = "select * from persons where person_id = ?"
_OF_MONTH: Mapping[str, str] = {
    "Person": _PERSON,
    "Records": """
        select d.* exclude (fingerprint), r.basis from person_records r
        left join record_details d using (feed, table_name, source_id) where r.person_id = ?
        order by all
    """,
    "Households": """
        select m.household_id, m.from_on, m.to_on, m.basis, h.protected,
            case when h.protected then null else h.postcode end as postcode,
            case when h.protected then null else h.ward end as ward
        from household_members m left join households h using (household_id) where m.person_id = ? order by m.from_on
    """,
    "Families": "select family_id, role, basis from family_members where person_id = ? order by family_id",
    "Needs they decide": """
        select n.family_id, n.criterion_id, r.name, n.state, n.measure, n.value, n.operator, n.threshold,
            n.window_from, n.window_to, n.feed, n.extract_on, n.evidence
        from needs n left join rules r on r.kind = 'criterion' and r.rule_id = n.criterion_id
        where n.person_id = ? order by all
    """,
    "Agencies": """
        select feed, table_name, agency, school, records, last_on, contact from family_sightings
        where person_id = ? order by all
    """,
}
_KEYS = "select feed, table_name, source_id from person_records where person_id = ?"
_LINKS = """
    with own as (select feed, table_name, source_id from person_records where person_id = ?)
    select l.* from links l
    where (left_feed, left_table, left_id) in (select (feed, table_name, source_id) from own)
        or (right_feed, right_table, right_id) in (select (feed, table_name, source_id) from own)
    order by all
"""
Key = tuple[str, str, str]


def held_on(visit: Visit, person_id: str) -> dict[str, Rows] | None:
    """Tables by their names, `Left out` at last; None where nobody of this id may be seen."""
    if visit.one(_PERSON, [person_id]) is None:
        return None
    held = {name: visit.rows(sql, [person_id]) for name, sql in _OF_MONTH.items()}
    keys = {(row["feed"], row["table_name"], row["source_id"]) for row in visit.rows(_KEYS, [person_id])}
    foreign = sum(_only_own(need, keys) for need in held["Needs they decide"])
    links = visit.rows(_LINKS, [person_id])
    held["Links"] = [row for row in links if set(_sides(row)) <= keys]
    families = [row["family_id"] for row in held["Families"]]
    with visit.looking_up() as connection:
        held["Decisions"] = list(_decisions(connection, person_id, keys))
        held["Work with the family"] = list(_work(connection, families))
        held["Who looked"] = list(_viewed(connection, [person_id, *families]))
    left_out = {
        "Rows of other people on which needs rest": foreign,
        "Comparisons with records of other people": len(links) - len(held["Links"]),
        "Plans, exit plans and reasons in free text, which may tell of others: see the case files": len(families),
        "Protected addresses": sum(bool(row["address_withheld"]) for row in held["Records"]),
    }
    held["Left out"] = [{"what": what, "how_many": many} for what, many in left_out.items()]
    return held


def _sides(row: Mapping[str, Any]) -> tuple[Key, Key]:
    left = (row["left_feed"], row["left_table"], row["left_id"])
    return left, (row["right_feed"], row["right_table"], row["right_id"])


def _only_own(need: dict[str, Any], keys: set[Key]) -> int:
    """Leave only the person's own rows in a need's evidence; gives how many were left out."""
    rows = json.loads(need["evidence"] or "[]")
    ids = {key[2] for key in keys}
    own = [row for row in rows if row["source_id"] in ids or row["source_id"].split("|")[0] in ids]
    need["evidence"] = "; ".join(f"{row['feed']}, {row['table']} {row['source_id']}" for row in own)
    return len(rows) - len(own)


def _decisions(connection: Connection, person_id: str, keys: set[Key]) -> Iterator[dict[str, Any]]:
    about = {"/".join(key): key for key in keys}
    for sides, said in pairs.all_bound(connection).items():
        for own in (key for key in about.values() if key in (sides[:3], sides[3:])):
            record = f"{own[0]}, {own[1]} {own[2]}"
            yield {"about": record, "decided": said.decision, "on": said.decided_at.date()}
    for couple, said in homes.all_bound(connection).items():
        if person_id in couple:
            yield {"about": "with whom they live", "decided": said.decision, "on": said.decided_at.date()}


def _work(connection: Connection, families: list[str]) -> Iterator[dict[str, Any]]:
    for case in cases_of(connection, *families):
        for entry in entries(connection, case.case_id):
            codes = [entry.said.get(name) for name in ("kind", "consent", "close_reason", "agency")]
            yield {
                "family_id": case.family_id,
                "on": entry.on,
                "entry": entry.ledger.value,
                "code": next((code for code in codes if code), None),
                "is_withdrawn": entry.is_withdrawn,
            }


def _viewed(connection: Connection, about: list[str]) -> Iterator[dict[str, Any]]:
    for each in about:
        for entry in audit.search(connection, audit.Wanted(about=each), limit=10_000):
            yield {"at": entry.at, "who": _who(connection, entry.user_id), "what": entry.event, "about": each}


def _who(connection: Connection, user_id: str | None) -> str:
    try:
        return people.find(connection, user_id).display_name if user_id else "nobody signed in"
    except UnknownRowError:
        return "not known"
