"""What else a family's page tells: agencies, results, claims, questions, changes, and what an old id has become."""

from collections.abc import Mapping
from typing import Any

from casebook import claims
from desk.access import Permission
from desk.month_changes import CAUSE_WORDS
from desk.needs_told import number
from desk.sources import feed_words as feed
from desk.visit import Visit
from schemas.vocabulary import ChangeKind

_SIGHTINGS = """
    select person_id, feed, table_name, agency, school, last_on, contact from family_sightings
    where family_id = ? order by feed, agency, school, last_on desc nulls last, person_id
"""
_OUTCOMES = """
    select o.*, coalesce(r.name, o.outcome_id) as name from outcomes o
    left join rules r on r.rule_id = o.outcome_id and r.kind in ('outcome', 'criterion')
    where family_id = ? order by r.kind = 'criterion', list_position(['met', 'not_met', 'unknown', 'neutral'], o.state),
        o.outcome_id
"""
_CLAIMS = """
    select c.*, coalesce(r.name, c.route) as route_name from claims c
    left join rules r on r.kind = 'route' and r.rule_id = c.route
    where family_id = ? order by claim_id
"""
_REVIEWS = """
    select review_id, question, effect from reviews
    where list_contains(from_json(family_ids, '["VARCHAR"]'), ?) order by rank
"""
_CHANGES = """
    select c.kind, c.change, c.family_id, c.other_id, c.before, c.after, c.cause, c.because, c.since,
        coalesce(r.name, c.criterion_id) as need
    from changes c left join rules r on r.kind = 'criterion' and r.rule_id = c.criterion_id
    where c.family_id = $family or c.other_id = $family
    order by list_position(['family', 'listing', 'need'], c.kind), c.criterion_id
"""
_ALIKE = ("kind", "before", "after", "cause", "because", "since")
_BECAME = "select family_id from family_became where id = ?"
_WORDS = {
    ("family", "came"): "The family is seen for the first time",
    ("family", "went"): "The family is no longer seen",
    ("family", "members"): "Who belongs to it",
    ("family", "moved"): "The family is at another address",
    ("listing", "came"): "Came onto the list",
    ("listing", "went"): "Went off the list",
}


def agencies(visit: Visit, family_id: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each agency that knows a member who may be named, and when it last had to do with them."""
    rows = visit.rows(_SIGHTINGS, [family_id])
    return [
        {
            "agency": _agency(row),
            "who": names[row["person_id"]],
            "last_on": row["last_on"],
            "is_event": row["contact"] == "event",
        }
        for row in rows
        if row["person_id"] in names
    ]


def _agency(row: Mapping[str, Any]) -> str:
    return str(row["agency"] or row["school"] or f"{feed(row['feed'])}, {row['table_name'].replace('_', ' ')}")


def outcomes(visit: Visit, family_id: str) -> list[dict[str, Any]]:
    """Each result judged since the family was taken on; figures only for whoever may see incidents."""
    told = visit.rows(_OUTCOMES, [family_id])
    for row in told:
        for name in ("baseline", "latest"):
            known = row[name] is not None and visit.may(Permission.SEE_EVIDENCE)
            row[name] = number(row[name]) if known else None
    return told


def claims_of(visit: Visit, family_id: str) -> list[dict[str, Any]]:
    """The family's claims as they now stand, for whoever may see claims."""
    if not visit.may(Permission.SEE_CLAIMS):
        return []
    rows = visit.rows(_CLAIMS, [family_id])
    with visit.looking_up() as connection:
        for row in rows:
            if taken := claims.steps(connection, row["claim_id"]):
                row["status"] = taken[-1].status.value
    return rows


def questions(visit: Visit, family_id: str) -> list[dict[str, Any]]:
    """The doubtful pairs and homes whose answer touches the family, for whoever may see them."""
    return visit.rows(_REVIEWS, [family_id]) if visit.may(Permission.SEE_REVIEWS) else []


def changes(visit: Visit, family_id: str) -> list[dict[str, Any]]:
    """What changed about the family since the month before, and why; records only for whoever may see them.

    Needs that turned alike for one reason, as when a feed was late, are told in one: `which` are their names.
    """
    told: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for place, row in enumerate(visit.rows(_CHANGES, {"family": family_id})):
        alike = tuple(row[name] for name in _ALIKE) if row["kind"] == ChangeKind.NEED else (place,)
        told.setdefault(alike, []).append(row)
    return [
        {
            **_what(rows[0], family_id),
            **({"what": f"{len(rows)} needs", "which": [row["need"] for row in rows]} if len(rows) > 1 else {}),
            "cause": CAUSE_WORDS.get(rows[0]["cause"], rows[0]["cause"]),
            "because": rows[0]["because"] if visit.may(Permission.SEE_EVIDENCE) else "",
            "since": rows[0]["since"],
        }
        for rows in told.values()
    ]


def _what(row: Mapping[str, Any], family_id: str) -> dict[str, str | None]:
    """What changed, what stood before and stands now, and the other family whose page there is."""
    sides: dict[str, str | None] = {"before": _state(row["before"]), "after": _state(row["after"]), "other": None}
    if row["change"] == "joined":
        return {"what": f"Family {row['family_id']} became part of this one"}
    if row["change"] == "split" and row["family_id"] == family_id:
        return {"what": "Split from another family", "other": row["other_id"]}
    if row["change"] == "split":
        return {"what": "Another family split from this one", "other": row["family_id"]}
    return {"what": _WORDS.get((row["kind"], row["change"])) or row["need"] or "Changed", **sides}


def _state(said: str | None) -> str:
    words = {"on": "on the list", "off": "off the list", "unknown": "not known"}
    return words.get(said or "", (said or "").replace("_", " "))


def became(visit: Visit, family_id: str) -> str | None:
    """The family that an old id lives on as, in whichever month it was joined; None where it is no part of another."""
    row = visit.one(_BECAME, [family_id])
    return row["family_id"] if row else None
