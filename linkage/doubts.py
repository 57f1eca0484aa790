"""Households that the evidence does not settle, each as a question whether two people live together.

Asked are only questions whose answer can matter to a child: of homes, not of shared places, with a child among the
people. Nobody is asked whether somebody lives at a protected address.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.after_abuse import OTHERS, after_abuse
from linkage.among import among
from linkage.asked import COLUMNS, asked, hidden_people, lives_by_word, pairs_of
from linkage.households import Homes
from linkage.kinship import KIN
from linkage.person_rows import TEXT
from linkage.residence import by_several_feeds
from linkage.runs import Runs, falling, in_order
from schemas.vocabulary import Answer

QUESTION = "Do these two people live together?"
TWO_HOMES = "their own records name two homes, and neither is much surer than the other"
SECOND_HOME = "a second home of the child, for which there is only the school's word that both parents live with them"
ONE_FEED = "one feed alone says so, not lately, and no record ties them to the others"
ELSEWHERE = "they are counted there with the people around them, while their own records name another home"
# The surer home is at most twice as likely, in log odds.
_CLOSE = float(np.log(2))
_OLD = pd.DateOffset(months=6)
# So many questions of one month can be answered, or one for so many people that the feeds know of.
_MOST, _PEOPLE = 200, 500
# Of them so large a share is not about abuse, however much of it there is: every kind of doubt is put to somebody.
_OF_OTHERS = 1 / 3
# A second home is seldom wrong; it is asked about after whatever hangs evenly.
_SETTLED = 10.0


def doubts(homes: Homes, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row a question: abuse between the two comes first, then whatever hangs most evenly.

    At most 200 are asked, or one for each 500 people, a third of which is kept for doubts that are not about abuse.

    `left_person_id`: whose home it is; `right_person_id`: of whom it is doubtful; `household_id` as in `homes`;
    `question` and `why` in words, without names; `answer`: the one that would change something; `after_abuse`: whether
    one of the two was ever accused of abusing the other, whatever the question is asked for.
    """
    stays = _of_families(homes)
    found = pd.concat(
        [
            *after_abuse(homes, stays, as_of),
            _two_homes(homes, stays),
            _second_homes(homes, stays),
            _by_one_feed(homes, stays, as_of),
            _elsewhere(homes, stays),
        ],
        ignore_index=True,
    )[COLUMNS]
    found = found.sort_values(["urgency", "closeness", "left", "right"], kind="stable")
    found = _as_many_as_can_be_answered(found[~pairs_of(found).duplicated()], max(_MOST, len(homes.ids) // _PEOPLE))
    return pd.DataFrame(
        {
            "left_person_id": homes.ids.array.take(found["left"].to_numpy(np.int64)),
            "right_person_id": homes.ids.array.take(found["right"].to_numpy(np.int64)),
            "household_id": found["household"].astype("int64").astype(str).astype(TEXT).array,
            "question": pd.array([QUESTION] * len(found), dtype=TEXT),
            "why": found["why"].astype(TEXT).array,
            "answer": found["answer"].astype(TEXT).array,
            "after_abuse": pd.array(_of_abuse(found, homes), dtype="boolean"),
        }
    )


def _as_many_as_can_be_answered(found: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first of the questions, a share of them about something else than abuse, where there are so many."""
    urgent = (found["urgency"] < OTHERS).to_numpy()
    others = min(int((~urgent).sum()), int(most * _OF_OTHERS))
    first = found[urgent].head(most - others)
    return pd.concat([first, found[~urgent].head(most - len(first))])


def _of_abuse(found: pd.DataFrame, homes: Homes) -> npt.NDArray[np.bool_]:
    pairs = pd.concat([homes.incidents[["left", "right"]], homes.parted[["left", "right"]]])
    return among(pairs_of(found), pairs_of(pairs))


def _of_families(homes: Homes) -> pd.DataFrame:
    """Stays in homes with a child, where no address is hidden."""
    stays = homes.stays
    child = stays["child"].fillna(value=False).to_numpy(bool)
    by_home = pd.DataFrame({"child": child, "hidden": stays["protected"].to_numpy(bool)}).groupby(
        stays["household"].to_numpy()
    )
    seen = by_home["child"].transform("max").to_numpy(bool) & ~by_home["hidden"].transform("max").to_numpy(bool)
    return pd.DataFrame(stays[seen & (stays["shape"] == "home").to_numpy()])


def _two_homes(homes: Homes, stays: pd.DataFrame) -> pd.DataFrame:
    """People of whom two dwellings are named almost as surely."""
    settled = pd.concat([hidden_people(homes), lives_by_word(homes)])
    weighed = homes.weighed[~homes.weighed["person"].isin(settled)]
    place = weighed.groupby("person").cumcount()
    first, second = weighed[place == 0], weighed[place == 1]
    both = first[["person", "worth"]].merge(second[["person", "worth"]], on="person", suffixes=("", "_second"))
    gap = both.assign(gap=both["worth"] - both["worth_second"])
    close = gap[(gap["gap"].between(0, _CLOSE) & (gap["worth"] > 0)).to_numpy()]
    held = stays.merge(close[["person", "gap"]], on="person")
    return asked(_anchored(homes, stays, held), TWO_HOMES, Answer.APART, urgency=OTHERS, closeness="gap")


def _second_homes(homes: Homes, stays: pd.DataFrame) -> pd.DataFrame:
    said = [basis for basis in stays["basis"].unique() if basis.startswith("second home")]
    second = stays[stays["basis"].isin(said).to_numpy(bool)].assign(gap=_SETTLED)
    return asked(_anchored(homes, stays, second), SECOND_HOME, Answer.APART, urgency=OTHERS, closeness="gap")


def _by_one_feed(homes: Homes, stays: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Grown people without kin there by any record or name, of whom one feed alone tells, and not of late."""
    tied = set(homes.ties["left"]) | set(homes.ties["right"])
    grown = stays[~stays["child"].fillna(value=False).to_numpy(bool) & ~stays["person"].isin(tied).to_numpy()]
    children = set(stays.loc[stays["child"].fillna(value=False).to_numpy(bool), "kin"])
    grown = grown[~grown["kin"].isin(children)]
    told = grown.merge(homes.weighed[["person", "dwelling", "feeds", "seen_on", "worth"]], on=["person", "dwelling"])
    weak = told[~by_several_feeds(told) & (told["seen_on"] < as_of - _OLD).to_numpy()]
    weak = weak.assign(gap=0.0)
    return asked(_anchored(homes, stays, weak), ONE_FEED, Answer.APART, urgency=OTHERS, closeness="gap")


def _elsewhere(homes: Homes, stays: pd.DataFrame) -> pd.DataFrame:
    """Grown people whose own records name another home, and not the one they are counted in."""
    best = homes.weighed.drop_duplicates("person")[["person", "worth"]]
    grown = stays[~stays["child"].fillna(value=False).to_numpy(bool)]
    moved = grown[~among(grown[["person", "dwelling"]], homes.weighed[["person", "dwelling"]])]
    moved = moved.merge(best, on="person")
    settled = pd.concat([hidden_people(homes), lives_by_word(homes)])
    moved = moved[~moved["person"].isin(settled)].assign(gap=lambda rows: 1 / (1 + rows["worth"]))
    return asked(_anchored(homes, stays, moved), ELSEWHERE, Answer.APART, urgency=OTHERS, closeness="gap")


def _anchored(homes: Homes, stays: pd.DataFrame, doubtful: pd.DataFrame) -> pd.DataFrame:
    """Each doubtful stay with the other person of its home whom to ask about: kin first, then grown people."""
    others = stays[["person", "household", "child"]].rename(columns={"person": "left", "child": "left_child"})
    both = doubtful.rename(columns={"person": "right"}).merge(others, on="household")
    both = both[both["left"] != both["right"]]
    kin = homes.ties.loc[homes.ties["tie"].isin(KIN).to_numpy(), ["left", "right"]]
    tied = among(pairs_of(both), pairs_of(kin))
    both = both.assign(tied=tied, left_child=both["left_child"].fillna(value=False).astype(bool))
    right, household, left, left_child = (
        both[name].to_numpy() for name in ("right", "household", "left", "left_child")
    )
    order = in_order(right, household, falling(tied), left_child, left)
    return both.iloc[order[Runs.of(right[order], household[order]).firsts]]
