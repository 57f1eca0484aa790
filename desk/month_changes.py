"""What changed since the month before, counted by what became of it and by cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.visit import Visit
from schemas.vocabulary import Cause, Change, ChangeKind

_COUNTED = "select kind, change, cause, count(*) as number from changes group by all"
_WORDS: Mapping[tuple[str, str], str] = {
    (ChangeKind.LISTING, Change.CAME): "Families that came onto the list",
    (ChangeKind.LISTING, Change.WENT): "Families that went off the list",
    (ChangeKind.FAMILY, Change.CAME): "Families seen for the first time",
    (ChangeKind.FAMILY, Change.WENT): "Families no longer seen",
    (ChangeKind.FAMILY, Change.SPLIT): "Families that split from another",
    (ChangeKind.FAMILY, Change.JOINED): "Families that joined another",
    (ChangeKind.FAMILY, Change.MEMBERS): "Families whom somebody joined or left",
    (ChangeKind.FAMILY, Change.MOVED): "Families at another address",
    (ChangeKind.NEED, Change.TURNED): "Needs judged otherwise than before",
    (ChangeKind.FEED, Change.CAME): "Feeds that came again",
    (ChangeKind.FEED, Change.WENT): "Feeds that stayed away",
}
CAUSE_WORDS: Mapping[str, str] = {
    Cause.DATA: "New data",
    Cause.MODEL: "The matching model",
    Cause.RULE: "The programme's rules",
    Cause.HUMAN: "A person's decision",
}


@dataclass(frozen=True)
class Changed:
    """One kind of change: how often, and how often for each cause."""

    words: str
    by_cause: Mapping[str, int]

    @property
    def total(self) -> int:
        """Of all causes together."""
        return sum(self.by_cause.values())


def changed(visit: Visit) -> list[Changed]:
    """Each kind of change that there was, families first."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in visit.rows(_COUNTED):
        of_kind = counts.setdefault((row["kind"], row["change"]), dict.fromkeys(Cause, 0))
        of_kind[row["cause"]] += row["number"]
    return [Changed(words, counts[key]) for key, words in _WORDS.items() if key in counts]


def moved(visit: Visit, *, most: int) -> list[dict[str, Any]]:
    """Families that came onto the list or went off it, and why: what a person did first, data last."""
    return visit.rows(
        """
        select family_id, change, cause, because from changes
        where kind = 'listing'
        order by list_position(['human', 'rule', 'model', 'data'], cause), change, family_id
        limit ?
        """,
        [most],
    )
