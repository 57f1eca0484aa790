"""What the answer to a question would change: who comes onto the list or goes off it, which needs and claims turn.

The supposed families of all questions are judged at once, by the rules that judged the month, and set beside what
stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from programme import claims as claiming
from programme import cohort, needs, outcomes
from programme.claim_watch import stands
from programme.facts import Month
from programme.hypotheses import Homes, Hypotheses, suppose
from programme.profile import Profile

_TEXT = "string[pyarrow]"
_MOST_NAMED = 6
_IF = {
    "same": "If they are one person",
    "together": "If they live together",
    "apart": "If they live apart",
    "different": "If they are two people",
}
COUNTS = ("families_entering", "families_leaving", "needs_flipping", "claims_falling")


@dataclass(frozen=True)
class Standing:
    """What the month says as it is: published `needs`, `cohort`, `attachments` and `claims`.

    `baselines` and `history`: what was recorded at attachment, and needs met in earlier months, as `outcomes.judge`
    takes them.
    """

    needs: pd.DataFrame = field(repr=False)
    cohort: pd.DataFrame = field(repr=False)
    attachments: pd.DataFrame = field(repr=False)
    claims: pd.DataFrame = field(repr=False)
    baselines: pd.DataFrame | None = field(default=None, repr=False)
    history: pd.DataFrame | None = field(default=None, repr=False)


def effects(  # noqa: PLR0913 - each is a side of what is supposed
    profile: Profile,
    questions: pd.DataFrame,
    month: Month,
    *,
    household_members: pd.DataFrame,
    standing: Standing,
    settings: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The effect of each question's `answer`: review_id, the four counts, `effect` in words, `family_ids` as JSON.

    `questions`: review_id, answer, left_person_id, right_person_id, household_id. A need flips when it becomes met or
    ceases to be; families that become one count as leaving but for one; claims fall that would be warned of and are
    not yet. `settings` are DuckDB's own.
    """
    homes = Homes(month.persons, month.person_records, month.families, month.family_members, household_members)
    supposed = suppose(questions, homes)
    told = _Told()
    if len(supposed.families):
        as_if = _month(supposed, month)
        judged = needs.judge(profile, as_if, settings=settings)
        taken_on = _under(supposed, standing.attachments)
        listed = cohort.identify(profile, judged, supposed.families, month=_name(month), attachments=taken_on)
        _tell_lists(told, supposed, standing.cohort, listed)
        _tell_needs(told, supposed, standing.needs, judged)
        _tell_claims(told, profile, supposed, as_if, standing, settings)
    return told.of(questions, supposed)


def in_order(questions: pd.DataFrame) -> pd.DataFrame:
    """The questions with their `rank`: families first, then claims, then needs, then how likely the pair is."""
    moved = questions["families_entering"] + questions["families_leaving"]
    ordered = questions.assign(moved=moved).sort_values(
        ["moved", "claims_falling", "needs_flipping", "weight", "review_id"],
        ascending=[False, False, False, False, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )
    return ordered.drop(columns="moved").assign(rank=pd.array(range(1, len(ordered) + 1), dtype="Int64"))


def _name(month: Month) -> str:
    return f"{month.as_of:%Y-%m}"


def _month(supposed: Hypotheses, month: Month) -> Month:
    """The month with the supposed people and families in place of the known ones."""
    renamed = {"person_id": "known_id"}
    known = supposed.people.merge(month.persons.rename(columns=renamed), on="known_id")
    # One made of two is described by the one whose id it bears, and by the other where that one says nothing.
    other = known["person_id"].str.partition(":")[2].ne(known["known_id"])
    persons = known.assign(other=other).sort_values(["person_id", "other"]).groupby("person_id", as_index=False).first()
    records = supposed.people.merge(month.person_records.rename(columns=renamed), on="known_id")
    return replace(
        month,
        persons=persons[month.persons.columns],
        person_records=records[month.person_records.columns],
        families=supposed.families,
        family_members=supposed.members,
    )


def _under(supposed: Hypotheses, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of known families under each supposed one that stands in their place."""
    renamed = supposed.stands_for.dropna(subset=["family_id"]).rename(columns={"family_id": "supposed"})
    both = frame.merge(renamed[["known_family", "supposed"]], left_on="family_id", right_on="known_family")
    return both.drop(columns=["family_id", "known_family"]).rename(columns={"supposed": "family_id"})[frame.columns]


def _baselines(supposed: Hypotheses, baselines: pd.DataFrame) -> pd.DataFrame:
    """What stood at attachment, of the supposed families and of their people."""
    under = _under(supposed, baselines)
    known = zip(supposed.people["person_id"], supposed.people["known_id"], strict=True)
    ids = {(str(person).partition(":")[0], str(other)): str(person) for person, other in known}
    meeting = [
        json.dumps(sorted({ids.get((str(family).partition(":")[0], each), each) for each in json.loads(people)}))
        for family, people in zip(under["family_id"], under["meeting"], strict=True)
    ]
    return under.assign(meeting=pd.Series(meeting, index=under.index, dtype=_TEXT))


class _Told:
    """What is to be told of each question."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.words: dict[str, list[str]] = {}

    def add(self, review: str, count: str, number: int, words: str) -> None:
        if number:
            self.counts[review, count] = self.counts.get((review, count), 0) + number
            self.words.setdefault(review, []).append(words)

    def of(self, questions: pd.DataFrame, supposed: Hypotheses) -> pd.DataFrame:
        touched = supposed.stands_for.groupby("review_id")["known_family"].agg(lambda ids: json.dumps(sorted(set(ids))))
        ids = questions["review_id"]
        counts = {
            name: pd.array([self.counts.get((review, name), 0) for review in ids], dtype="Int64") for name in COUNTS
        }
        words = [self._words(row) for row in questions.itertuples(index=False)]
        return pd.DataFrame(
            {
                "review_id": ids.to_numpy(object),
                **counts,
                "effect": words,
                "family_ids": ids.map(touched).fillna("[]").to_numpy(object),
            }
        ).astype({"review_id": _TEXT, "effect": _TEXT, "family_ids": _TEXT})

    def _words(self, row: object) -> str:
        answer, review = str(row.answer), str(row.review_id)  # type: ignore[attr-defined]
        if answer == "different":
            return f"{_IF[answer]}: what parting them would change is not reckoned."
        told = "; ".join(self.words.get(review, [])) or "nothing changes on the list"
        return f"{_IF[answer]}: {told}."


def _tell_lists(told: _Told, supposed: Hypotheses, before: pd.DataFrame, after: pd.DataFrame) -> None:
    was = set(before.loc[before["is_identified"], "family_id"])
    now = set(after.loc[after["is_identified"], "family_id"])
    stands = supposed.stands_for.assign(
        was=supposed.stands_for["known_family"].isin(was), now=supposed.stands_for["family_id"].isin(now)
    )
    # Families that become one are one on the list: the first of them stays, or is the one that comes.
    by_family = stands[stands["now"]].groupby("family_id")
    comes = stands[stands["now"] & ~by_family["was"].transform("max").reindex(stands.index, fill_value=False)]
    stays = stands[stands["now"] & stands["was"]].drop_duplicates("family_id").index
    for count, rows, words in (
        ("families_entering", comes.drop_duplicates("family_id"), "would come onto the list"),
        ("families_leaving", stands[stands["was"] & ~stands.index.isin(stays)], "would go off the list"),
    ):
        for review, some in rows.groupby("review_id", sort=True):
            families = sorted(some["known_family"])
            told.add(str(review), count, len(families), f"{_listed(families)} {words}")


def _tell_needs(told: _Told, supposed: Hypotheses, before: pd.DataFrame, after: pd.DataFrame) -> None:
    known = before.loc[before["state"] == "met", ["family_id", "criterion_id"]]
    was = _under(supposed, known).drop_duplicates()
    now = after.loc[after["state"] == "met", ["family_id", "criterion_id"]]
    both = was.merge(now, how="outer", on=["family_id", "criterion_id"], indicator=True)
    turned = both[both["_merge"] != "both"]
    first = supposed.stands_for.dropna(subset=["family_id"]).drop_duplicates("family_id")
    turned = turned.merge(first, on="family_id").sort_values(["review_id", "known_family", "_merge", "criterion_id"])
    for (review, family), rows in turned.groupby(["review_id", "known_family"], sort=True):
        met, unmet = (list(rows.loc[rows["_merge"] == side, "criterion_id"]) for side in ("right_only", "left_only"))
        parts = [f"would meet {_listed(met)}"] * bool(met) + [f"would no longer meet {_listed(unmet)}"] * bool(unmet)
        told.add(str(review), "needs_flipping", len(rows), f"{family} {' and '.join(parts)}")


def _tell_claims(  # noqa: PLR0913, PLR0917 - each is one side of what claims rest on
    told: _Told,
    profile: Profile,
    supposed: Hypotheses,
    as_if: Month,
    standing: Standing,
    settings: Mapping[str, str] | None,
) -> None:
    touched = standing.claims["family_id"].isin(supposed.stands_for["known_family"])
    claims = standing.claims[touched & (standing.claims["status"] != "withdrawn")]
    if claims.empty:
        return
    taken_on = _under(supposed, standing.attachments)
    history = None if standing.history is None else _under(supposed, standing.history)
    then = None if standing.baselines is None else _baselines(supposed, standing.baselines)
    judged = outcomes.judge(profile, taken_on, as_if, baselines=then, history=history, settings=settings)
    each = supposed.stands_for.merge(claims.rename(columns={"family_id": "known_family"}), on="known_family")
    # Each question has the claim once, under an id of its own; a family that is no more has none to stand for it.
    each = each.assign(claim_id=each["review_id"] + "|" + each["claim_id"], family_id=each["family_id"].fillna("none"))
    again = claiming.assess(
        profile, judged, taken_on, as_of=as_if.as_of, previous=each[standing.claims.columns], feeds=as_if.feeds
    )
    warned = each.merge(again[["claim_id", "warning"]], on="claim_id", suffixes=("_before", ""))
    warned = warned.sort_values(["review_id", "known_family", "claim_id"], ignore_index=True)
    # One family may claim once, so of two that become one the second claim falls.
    second = warned.duplicated(["review_id", "family_id"]) & warned["family_id"].ne("none")
    is_left = ~warned["warning"].map(stands) | warned["family_id"].eq("none")
    falls = (is_left & warned["warning_before"].map(stands)) | second
    for review, rows in warned[falls.to_numpy(bool)].groupby("review_id", sort=True):
        names = sorted(str(claim).partition("|")[2] for claim in rows["claim_id"])
        told.add(str(review), "claims_falling", len(names), f"claim {_listed(names)} would fall")


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
