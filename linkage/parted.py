"""Victims and those who hurt them: an old address must never put them back under one roof.

After an incident of domestic abuse two people stand apart unless something told since has both of them together: a
household wrongly shown as two is a question for a coordinator, one wrongly shown as whole can get somebody killed.
Where the police found them says nothing of today. `docs/decisions/0010` has what counts, and what it costs.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.kinship import PARENTS
from linkage.person_rows import TRUST, PersonRows, Tables

_ACCUSED = ("suspect", "offender")
_PUPILS = TRUST["school", "pupils"]
# Why two people stand apart, in words; the first that holds is given.
DENIED = "a school says that one of them does not live with a child who lives with the other"
UNLISTED = "a school that has a child of one of them with the other does not name them there"
HIDDEN = "a protected address of one of them"
ELSEWHERE = "a record made since the incident has one of them elsewhere"
PARTNERED = "one of them claims with another partner"
SILENT = "since the incident only one of them has been confirmed there"
UNTOLD = "nothing told since the incident has both of them together"
_NO_TIME = pd.Timedelta(0)
# Who had another address weeks before the incident may have parted already: police write down where they are called.
_LATELY = pd.Timedelta(days=92)
_OTHER = {"left": "right", "right": "left"}


def incident_pairs(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per victim (`left`) and accused (`right`) of one incident of domestic abuse, and its newest day `on`.

    Where two people have accused each other, the newest incident says who is whose victim.
    """
    occurrences = tables["police", "occurrences"]
    abuse = occurrences[
        ((occurrences["kind"] == "domestic_abuse") & (occurrences["occurred_on"] <= as_of)).to_numpy(bool)
    ]
    parts = pd.DataFrame(
        {
            "incident": abuse["occurrence_id"].to_numpy(object),
            "person": people.of("police", "nominals", abuse["nominal_id"]),
            "role": abuse["role"].to_numpy(object),
            "on": abuse["occurred_on"].to_numpy(),
        }
    )
    victims, accused = parts[parts["role"] == "victim"], parts[parts["role"].isin(_ACCUSED)]
    both = victims.merge(accused[["incident", "person"]], on="incident", suffixes=("", "_accused"))
    both = both[(both["person"] >= 0) & (both["person_accused"] >= 0) & (both["person"] != both["person_accused"])]
    pairs = both.rename(columns={"person": "left", "person_accused": "right"})[["left", "right", "on"]]
    pairs = pairs.sort_values(["on", "left", "right"], kind="stable")
    lower, upper = pairs[["left", "right"]].min(axis=1), pairs[["left", "right"]].max(axis=1)
    newest = pairs[~pd.DataFrame({"lower": lower, "upper": upper}).duplicated(keep="last")]
    return newest.sort_values(["left", "right"], kind="stable", ignore_index=True)


def stand_apart(pairs: pd.DataFrame, seen: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """The pairs that must not be shown together: `left`, `right`, `on`, `yields` and `why` in words.

    `yields` is the one of both who is not where the other is; `seen` is as `linkage.residence.sightings` gives it.
    """
    since = _since(pairs, seen, ties)
    present = {side: pairs.index.isin(since.loc[since["side"] == side, "pair"]) for side in _OTHER}
    silent = {side: present[other] & ~present[side] for side, other in _OTHER.items()}
    around = _since(pairs, seen, ties, since_before=_LATELY)
    told = [
        _denied(pairs, ties),
        _hidden(pairs, seen),
        _elsewhere(around, pairs, seen),
        _partnered(pairs, ties),
        _unlisted(pairs, ties),
        silent,
        {"left": np.zeros(len(pairs), bool), "right": ~_together_since(pairs, since, seen, ties)},
    ]
    words = [DENIED, HIDDEN, ELSEWHERE, PARTNERED, UNLISTED, SILENT, UNTOLD]
    why = np.select([part["left"] | part["right"] for part in told], words, "")
    left_yields = np.select(
        [part["left"] | part["right"] for part in told], [part["left"] & ~part["right"] for part in told], default=False
    )
    yields = np.where(left_yields, pairs["left"], pairs["right"])
    apart: pd.DataFrame = pairs.assign(yields=yields, why=why)[why != ""].reset_index(drop=True)
    return apart


def _since(
    pairs: pd.DataFrame, seen: pd.DataFrame, ties: pd.DataFrame, *, since_before: pd.Timedelta = _NO_TIME
) -> pd.DataFrame:
    """Where records made after the incident have each `side` of each `pair`: `dwelling`, and whether it is their `own`.

    Records made up to `since_before` before it count too.
    A school that has someone with a pupil says that they are where the pupil is; a joint claim, where the partner is.
    """
    dated = seen.loc[seen["confirmed"].notna().to_numpy(), ["person", "dwelling", "confirmed"]]
    pupils = seen.loc[(seen["trust"] == _PUPILS).to_numpy(), ["person", "dwelling", "confirmed"]]
    with_pupil = ties.loc[ties["lives"].fillna(value=False).to_numpy(bool), ["left", "right"]]
    stated = with_pupil.merge(pupils, left_on="right", right_on="person")[["left", "dwelling", "confirmed"]]
    told = pd.concat([dated.assign(own=True), stated.rename(columns={"left": "person"}).assign(own=False)])
    sides = [
        pairs[[side, "on"]].reset_index(names="pair").rename(columns={side: "person"}).assign(side=side)
        for side in _OTHER
    ]
    both = pd.concat(sides, ignore_index=True).merge(told, on="person")
    both = both.loc[(both["confirmed"] > both["on"] - since_before).to_numpy(), ["pair", "side", "dwelling", "own"]]
    claiming = pairs.index[among(pairs[["left", "right"]], _claiming_together(ties))]
    beside = both[both["pair"].isin(claiming)].assign(side=lambda rows: rows["side"].map(_OTHER), own=False)
    return pd.concat([both, beside]).drop_duplicates(ignore_index=True)


def _together_since(
    pairs: pd.DataFrame, since: pd.DataFrame, seen: pd.DataFrame, ties: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Of each pair, whether strong evidence made since has them under one roof.

    A claim that they make together; or a school that has both with one child, where a record of each of them made
    since gives that child's address. Two records of one address alone are not enough: both may be out of date.
    """
    with_pupil = ties.loc[ties["lives"].fillna(value=False).to_numpy(bool), ["left", "right"]].drop_duplicates()
    with_pupil = with_pupil.rename(columns={"left": "person", "right": "child"})
    homes = seen.loc[(seen["trust"] == _PUPILS).to_numpy(), ["person", "dwelling"]].rename(columns={"person": "child"})
    own = since.loc[since["own"].to_numpy(bool), ["pair", "side", "dwelling"]].drop_duplicates()
    beside = {}
    for side in _OTHER:
        named = own[(own["side"] == side).to_numpy()]
        named = named.assign(person=pairs[side].reindex(named["pair"]).to_numpy())
        beside[side] = named.merge(with_pupil, on="person").merge(homes, on=["child", "dwelling"])
    both = beside["left"].merge(beside["right"], on=["pair", "child", "dwelling"])
    claiming = among(pairs[["left", "right"]], _claiming_together(ties))
    return np.asarray(claiming | pairs.index.isin(both["pair"]))


def _elsewhere(since: pd.DataFrame, pairs: pd.DataFrame, seen: pd.DataFrame) -> dict[str, np.ndarray]:
    """Of each side, whether a record of its own made since names a dwelling that no record of the other names."""
    named = seen[["person", "dwelling"]]
    found = {}
    for side, other in _OTHER.items():
        mine = since[(since["side"] == side).to_numpy() & since["own"].to_numpy(bool)]
        theirs = mine.assign(person=pairs[other].reindex(mine["pair"]).to_numpy())[["person", "dwelling"]]
        stated = since.loc[since["side"] == other, ["pair", "dwelling"]]
        alone = ~among(theirs, named) & ~among(mine[["pair", "dwelling"]], stated)
        found[side] = np.asarray(pairs.index.isin(mine.loc[alone, "pair"]))
    return found


def _denied(pairs: pd.DataFrame, ties: pd.DataFrame) -> dict[str, np.ndarray]:
    """Of each side, whether a school says that it does not live with a child of whom it says that the other does."""
    said = ties[ties["lives"].notna().to_numpy()]
    lives = said["lives"].to_numpy(bool)
    told = said[~lives].merge(said.loc[lives, ["left", "right"]], on="right", suffixes=("", "_there"))
    found = told[["left", "left_there"]]
    return {
        "left": among(pairs[["left", "right"]], found),
        "right": among(pairs[["right", "left"]], found),
    }


def _unlisted(pairs: pd.DataFrame, ties: pd.DataFrame) -> dict[str, np.ndarray]:
    """Of each side, whether it is a stated parent of a child whom a school has with the other, and not with it.

    Schools leave people out, so that counts only where the school has the child with a carer, or a parent elsewhere.
    """
    parent = ties["tie"].isin(PARENTS).to_numpy(bool)
    lives, away = (ties["lives"].eq(word).fillna(value=False).to_numpy(bool) for word in (True, False))
    cared_for = (ties["tie"] == "carer").to_numpy() & lives
    divided = ties.loc[parent & away | cared_for, "right"]
    parents, there = (ties.loc[rows, ["left", "right"]].drop_duplicates() for rows in (parent, lives))
    both = parents[parents["right"].isin(divided)].merge(there, on="right", suffixes=("", "_there"))
    both = both[(both["left"] != both["left_there"]).to_numpy() & ~among(both[["left", "right"]], there)]
    found = both[["left", "left_there"]]
    return {"left": among(pairs[["left", "right"]], found), "right": among(pairs[["right", "left"]], found)}


def _hidden(pairs: pd.DataFrame, seen: pd.DataFrame) -> dict[str, np.ndarray]:
    """Of each side, whether one of its addresses is protected, and the other is not known there."""
    protected = seen[seen["protected"].to_numpy(bool)][["person", "dwelling"]].drop_duplicates()
    named = seen[["person", "dwelling"]]

    def flees(side: str, other: str) -> np.ndarray:
        theirs = pairs.reset_index(names="pair").merge(protected, left_on=side, right_on="person")
        alone = ~among(theirs[[other, "dwelling"]], named)
        return np.asarray(pairs.index.isin(theirs.loc[alone, "pair"]))

    return {"left": flees("left", "right"), "right": flees("right", "left")}


def _partnered(pairs: pd.DataFrame, ties: pd.DataFrame) -> dict[str, np.ndarray]:
    """Of each side, whether it claims with a partner who is not the other."""
    couples = _claiming_together(ties)
    together = among(pairs[["left", "right"]], couples)
    return {side: pairs[side].isin(couples["left"]).to_numpy(bool) & ~together for side in _OTHER}


def _claiming_together(ties: pd.DataFrame) -> pd.DataFrame:
    """Partners on a claim, both ways round."""
    claims = ties.loc[((ties["tie"] == "partner") & (ties["said_by"] == "jobcentre")).to_numpy(), ["left", "right"]]
    return pd.concat([claims, claims[["right", "left"]].set_axis(["left", "right"], axis=1)])
