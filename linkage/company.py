"""Who lives with whom, as records state it: whose address tells of whose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.childhood import Ages
from linkage.kinship import PARENTS
from linkage.runs import Runs, falling, in_order
from linkage.second_homes import raising, second_homes

Codes = npt.NDArray[np.int64]
# How far the other's address counts as one's own.
_LIVES_WITH, _THROUGH_CHILD, _STATED = 0.8, 0.5, 0.3
_PARTNER, _PAIRED = 0.8, 0.6


@dataclass(frozen=True)
class Traits:
    """Per person: `ages`, `surname` in capitals, `sex` as published or as a parent's role tells it; empty: unknown."""

    ages: Ages
    sex: npt.NDArray[np.object_]
    surname: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Company:
    """`together`: `person`, `other`, `share` (how far the other's address counts) and `said` in words, both ways round.

    Where `firm`, the other's address counts even if no record of the person names it. `apart`: `person` does not live
    with `other`. `second`: the child `person` has a second home with `other`. `one_roof`: two who have one home, a
    child with a parent or a couple on one claim. `ties` are those stated; `parted` who must stand apart from somebody.
    """

    ties: pd.DataFrame
    parted: Codes
    together: pd.DataFrame
    apart: pd.DataFrame
    second: pd.DataFrame
    one_roof: pd.DataFrame


def keep_company(ties: pd.DataFrame, weighed: pd.DataFrame, people: Traits, parted: pd.DataFrame) -> Company:
    """Who lives with whom by the stated `ties`; `parted` (`left`, `right`, `yields`) never do, whatever is stated."""
    ages = people.ages
    ties = _beside_another(ties, weighed)
    said = ties["lives"]
    lives, denies = said.fillna(value=False).to_numpy(bool), (~said.fillna(value=True)).to_numpy(bool)
    with_pupil = ties[lives]
    phones = ties[(ties["tie"] == "phone").to_numpy()]
    second = second_homes(raising(ties, ages.child), weighed, people.sex, phones)
    settled = _except(with_pupil, second.rename(columns={"other": "left", "person": "right"}))
    stated = ties[ages.child[ties["right"]] & said.isna().to_numpy() & ties["tie"].isin(PARENTS).to_numpy()]
    placed = np.zeros(len(ages.years), bool)
    placed[weighed["person"]] = True
    unplaced = stated[(stated["said_by"] == "school").to_numpy() & ~placed[stated["left"]]]
    siblings = ties.loc[
        (ties["tie"] == "sibling").to_numpy() & ages.child[ties["left"]] & ages.child[ties["right"]], ["left", "right"]
    ]
    lost_sibling = siblings[placed[siblings["left"]] != placed[siblings["right"]]]
    partners = ties[(ties["tie"] == "partner").to_numpy()]
    firm = [
        _pairs(settled, _LIVES_WITH, "school says they live together"),
        _through(settled, "right", _THROUGH_CHILD, "lives with the same child"),
        _through(settled, "left", _PAIRED, "lives with the same parent"),
        _pairs(partners, _PARTNER, "partner lives there"),
        _pairs(unplaced, _STATED, "school names them a parent, and not where they live"),
        _pairs(lost_sibling, _STATED, "a brother or sister lives there"),
    ]
    loose = _pairs(stated, _STATED, "a parent or child lives there")
    pairs = pd.concat([*(part.assign(firm=True) for part in firm), loose.assign(firm=False)])
    apart = pd.concat([_apart(ties[denies], with_pupil), _yielding(parted)], ignore_index=True)
    parted = parted[["left", "right"]]
    of_pair = np.unique(parted.to_numpy(np.int64))
    together = _both_ways(_except(pairs.reset_index(drop=True), pd.concat([parted, apart])))
    # A child without an address of its own is with its parent; of a parent without one, nothing is known.
    lost = ages.child & ~placed
    together["firm"] |= lost[together["person"]] & ~ages.child[together["other"]]
    one_roof = settled.loc[ages.child[settled["right"]], ["right", "left"]].drop_duplicates()
    one_roof = pd.concat([one_roof.set_axis(["person", "other"], axis=1), _claiming(partners)], ignore_index=True)
    apart = apart.set_axis(["person", "other"], axis=1)
    return Company(ties, of_pair, together, apart, second, _except_pairs(one_roof, parted))


def _beside_another(ties: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """The ties, where a parent of whom a school does not say so lives with the pupil if another of one address does."""
    home = weighed.drop_duplicates("person").set_index("person")["dwelling"]
    said = (ties["tie"].isin(PARENTS) & (ties["said_by"] == "school")).to_numpy(bool) & ties["left"].isin(home.index)
    told = ties.loc[said, ["left", "right", "lives"]].reset_index(names="row")
    told = told.assign(dwelling=home.reindex(told["left"]).to_numpy(np.int64))
    of_home = told[["right", "dwelling"]]
    another = among(of_home, of_home[told["lives"].fillna(value=False).to_numpy(bool)])
    beside = told["lives"].isna().to_numpy() & another
    return ties.assign(lives=ties["lives"].mask(ties.index.isin(told.loc[beside, "row"]), other=True))


def _claiming(partners: pd.DataFrame) -> pd.DataFrame:
    """Couples that claim together, whom the benefit's rules make one household."""
    claims = partners.loc[(partners["said_by"] == "jobcentre").to_numpy(), ["left", "right"]]
    return claims.drop_duplicates().set_axis(["person", "other"], axis=1)


def _pairs(ties: pd.DataFrame, share: float, said: str) -> pd.DataFrame:
    return ties[["left", "right"]].drop_duplicates().assign(share=share, said=said)


def _through(ties: pd.DataFrame, by: str, share: float, said: str) -> pd.DataFrame:
    """Two people who both live with a third one."""
    other = "left" if by == "right" else "right"
    one = ties[[by, other]].drop_duplicates()
    both = one.merge(one, on=by, suffixes=("", "_too"))
    both = both[both[other] < both[f"{other}_too"]]
    return pd.DataFrame({"left": both[other], "right": both[f"{other}_too"], "share": share, "said": said})


def _except(pairs: pd.DataFrame, unwanted: pd.DataFrame) -> pd.DataFrame:
    """Pairs that are not among the unwanted ones, whichever way round."""
    named = pairs[["left", "right"]]
    return pairs[~(among(named, unwanted[["left", "right"]]) | among(named, unwanted[["right", "left"]]))]


def _except_pairs(pairs: pd.DataFrame, unwanted: pd.DataFrame) -> pd.DataFrame:
    named = pairs.rename(columns={"person": "left", "other": "right"})
    return _except(named, unwanted).rename(columns={"left": "person", "right": "other"})


def _both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    there = pairs.rename(columns={"left": "person", "right": "other"})
    back = pairs.rename(columns={"right": "person", "left": "other"})
    both = pd.concat([there, back], ignore_index=True)[["person", "other", "share", "said", "firm"]]
    person, other, share, firm = (both[name].to_numpy() for name in ("person", "other", "share", "firm"))
    said = pd.factorize(both["said"], sort=True)[0]
    order = in_order(person, other, falling(share), falling(firm), said)
    first = Runs.of(person[order], other[order]).firsts
    return both.iloc[order[first]].reset_index(drop=True)


def _yielding(parted: pd.DataFrame) -> pd.DataFrame:
    """Those who yield to the other of a pair that stands apart."""
    other = np.where(parted["yields"] == parted["left"], parted["right"], parted["left"])
    return pd.DataFrame({"left": parted["yields"], "right": other})


def _apart(denied: pd.DataFrame, affirmed: pd.DataFrame) -> pd.DataFrame:
    """Contacts of whom a school says that they do not live with the pupil, and no school that they do."""
    return _except(denied[["left", "right"]].drop_duplicates(), affirmed).reset_index(drop=True)
