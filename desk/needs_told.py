"""A family's needs by headline, each told in as much detail as the visitor's role may see."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk.access import Permission
from desk.rendering import day
from desk.sources import feed_words as feed
from desk.visit import Visit
from schemas.vocabulary import DeliveryStatus, NeedState

_NEEDS = """
    select n.*, coalesce(c.name, n.criterion_id) as name, c.words, h.rule_id as headline_id
    from needs n
    left join rules c on c.kind = 'criterion' and c.rule_id = n.criterion_id
    left join rules h on h.kind = 'headline' and h.name = n.headline
    where n.family_id = ?
    order by try_cast(headline_id as integer) nulls last, n.headline,
        list_position(['met', 'unknown', 'not_met'], n.state), n.criterion_id
"""
_DELIVERED = "select feed, status, reason from deliveries where status <> ?"
_OPERATORS = {"<": "below", "<=": "at most", ">": "more than", ">=": "at least", "=": "exactly"}


@dataclass(frozen=True)
class Headline:
    """A headline and its needs: met first, then those not known, then those not met."""

    name: str
    needs: tuple[Mapping[str, Any], ...]

    def counted(self, state: str) -> int:
        """How many of its needs are in a state."""
        return sum(need["state"] == state for need in self.needs)

    @property
    def met(self) -> int:
        """How many are met."""
        return self.counted(NeedState.MET)

    @property
    def unknown(self) -> int:
        """How many could not be judged."""
        return self.counted(NeedState.UNKNOWN)


def headlines(visit: Visit, family_id: str, names: Mapping[str, str]) -> list[Headline]:
    """The family's needs; `names` holds those members who may be named."""
    absent = {row["feed"] for row in visit.rows(_DELIVERED, [DeliveryStatus.USED.value])}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in visit.rows(_NEEDS, [family_id]):
        found.setdefault(row["headline"], []).append(_told(visit, row, names, absent))
    return [Headline(name, tuple(needs)) for name, needs in found.items()]


def _told(visit: Visit, row: Mapping[str, Any], names: Mapping[str, str], absent: set[str]) -> dict[str, Any]:
    sources = row["feed"].split("+")
    sees_incidents = visit.may(Permission.SEE_EVIDENCE)
    told = {name: row[name] for name in ("criterion_id", "name", "state", "window_from", "window_to", "extract_on")}
    told |= {
        "source": " and ".join(feed(code) for code in sources),
        "why": _why(row, sources, absent) if row["state"] == NeedState.UNKNOWN else "",
        "rests_on": list(_rests_on(row["evidence"], with_keys=sees_incidents)),
    }
    if sees_incidents:
        told |= {
            "words": (row["words"] or "").splitlines(),
            "measure": row["measure"].split(";")[0].strip(),
            "value": None if row["value"] is None else number(row["value"]),
            "threshold": f"{_OPERATORS.get(row['operator'], row['operator'])} {number(row['threshold'])}",
            "who": names.get(row["person_id"], "a member who is shown apart") if row["person_id"] else "",
        }
    return told


def _why(row: Mapping[str, Any], sources: list[str], absent: set[str]) -> str:
    missing = [feed(code) for code in sources if code in absent]
    newest: dt.date | None = row["extract_on"]
    if missing:
        since = f" What it sent last speaks of {day(newest)}." if newest else " It has never sent any."
        return f"No usable data came from {' and '.join(missing)} this month.{since}"
    listed = " or ".join(feed(code) for code in sources)
    return f"{listed} sent nothing about this family that would tell."


def _rests_on(evidence: str, *, with_keys: bool) -> Iterator[dict[str, Any]]:
    rows = json.loads(evidence)
    counts = Counter((row["feed"], row["table"]) for row in rows)
    for (code, table), many in sorted(counts.items()):
        keys = [row["source_id"] for row in rows if (row["feed"], row["table"]) == (code, table)]
        yield {"feed": feed(code), "table": table.replace("_", " "), "rows": many, "keys": keys if with_keys else []}


def number(value: float) -> str:
    """A figure without needless decimals: 3, 96.6."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
