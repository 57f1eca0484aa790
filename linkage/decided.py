"""What coordinators decided of homes and families: it binds every month until somebody decides otherwise."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.person_rows import TEXT
from linkage.ranks import places_of

BASIS_HOME = "a coordinator says that they live together"
BASIS_FAMILY = "confirmed by a coordinator"
WHY_APART = "a coordinator says that they do not live together"


def _no_homes() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype=TEXT) for name in ("left_person_id", "right_person_id", "decision")}
        | {"decided_on": pd.Series(dtype="datetime64[ns]")}
    )


def _no_families() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "family_id": pd.Series(dtype=TEXT),
            "person_id": pd.Series(dtype=TEXT),
            "is_member": pd.Series(dtype="boolean"),
            "decided_on": pd.Series(dtype="datetime64[ns]"),
        }
    )


@dataclass(frozen=True)
class Decided:
    """Binding decisions under today's lasting ids; of two about the same the newer binds.

    `homes`: `left_person_id`, `right_person_id`, `decision` (`together`, `apart`), `decided_on`. `families`:
    `family_id`, `person_id`, `is_member`, `decided_on`.
    """

    homes: pd.DataFrame = field(default_factory=_no_homes)
    families: pd.DataFrame = field(default_factory=_no_families)

    def couples(self, ids: pd.Series) -> pd.DataFrame:
        """The decisions about two known people, once a pair, by their places in `ids`: `left`, `right`, `together`."""
        sides = [places_of(self.homes[name], ids) for name in ("left_person_id", "right_person_id")]
        pairs = pd.DataFrame({"left": np.minimum(*sides), "right": np.maximum(*sides)})
        pairs["together"] = (self.homes["decision"] == "together").to_numpy(bool)
        pairs["on"] = self.homes["decided_on"].to_numpy()
        pairs = pairs[((pairs["left"] >= 0) & (pairs["left"] != pairs["right"])).to_numpy()]
        pairs = pairs.sort_values(["on", "left", "right"], kind="stable")
        return pairs.drop_duplicates(["left", "right"], keep="last").reset_index(drop=True)


def stand_as_decided(parted: pd.DataFrame, couples: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """The pairs that stand apart, without those decided to be together and with those decided to be apart.

    Of the latter yields whose records name the other's best dwelling less surely.
    """
    pairs = pd.MultiIndex.from_arrays([parted[["left", "right"]].min(axis=1), parted[["left", "right"]].max(axis=1)])
    decided = pd.MultiIndex.from_frame(couples[["left", "right"]])
    apart = couples[~couples["together"].to_numpy(bool)]
    best = weighed.drop_duplicates("person").set_index("person")["worth"]
    worth = {side: best.reindex(apart[side]).fillna(0).to_numpy() for side in ("left", "right")}
    apart = apart.assign(yields=np.where(worth["left"] < worth["right"], apart["left"], apart["right"]), why=WHY_APART)
    both = [
        part for part in (parted[~pairs.isin(decided)], apart[["left", "right", "on", "yields", "why"]]) if len(part)
    ]
    return pd.concat(both, ignore_index=True) if both else parted.iloc[:0]


def bring_together(stays: pd.DataFrame, couples: pd.DataFrame, child: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The stays, where people decided to live together share a dwelling.

    A child gains a home and keeps its own; of two grown people the one follows of whom no record names the home, else
    the second.
    """
    pairs = couples[couples["together"].to_numpy(bool)]
    if pairs.empty:
        return stays
    both = pairs.merge(stays[["person", "dwelling"]].rename(columns={"person": "left"}), on="left")
    both = both.merge(stays[["person", "dwelling"]].rename(columns={"person": "right"}), on=["right", "dwelling"])
    settled = pd.MultiIndex.from_frame(both[["left", "right"]])
    pairs = pairs[~pd.MultiIndex.from_frame(pairs[["left", "right"]]).isin(settled)]
    main = stays.drop_duplicates("person").set_index("person")
    here = {side: pairs[side].isin(main.index).to_numpy(bool) for side in ("left", "right")}
    own = {side: main["own"].reindex(pairs[side]).fillna(value=False).to_numpy(bool) for side in ("left", "right")}
    left_moves = ~here["left"] | here["right"] & (
        child[pairs["left"]] & ~child[pairs["right"]] | (child[pairs["left"]] == child[pairs["right"]]) & ~own["left"]
    )
    mover = np.where(left_moves, pairs["left"], pairs["right"])
    host = np.where(left_moves, pairs["right"], pairs["left"])
    housed = np.isin(host, main.index)
    mover, host = mover[housed], host[housed]
    come = main.loc[host].reset_index(drop=True).assign(person=mover, own=False, basis=BASIS_HOME)
    leave = np.isin(stays["person"], mover[~child[mover]])
    joined = pd.concat([stays[~leave], come[stays.columns]], ignore_index=True)
    joined = joined.drop_duplicates(["person", "dwelling"])
    return joined.sort_values(["person", "dwelling"], kind="stable", ignore_index=True)


def as_confirmed(members: pd.DataFrame, confirmed: pd.DataFrame, roles: pd.Series) -> pd.DataFrame:
    """The members of families (`family_id`, `person_id`, `role`, `basis`) as coordinators corrected them.

    `roles` is the role that each person id would have. Decisions about families and people not known are passed over;
    a grown person belongs to one family, that which was confirmed.
    """
    said = confirmed.sort_values("decided_on", kind="stable").drop_duplicates(["family_id", "person_id"], keep="last")
    said = said[(said["family_id"].isin(members["family_id"]) & said["person_id"].isin(roles.index)).to_numpy(bool)]
    yes = said[said["is_member"].to_numpy(bool)]
    role = yes["person_id"].map(roles).astype(TEXT)
    came = yes[["family_id", "person_id"]].assign(
        role=role.array, basis=pd.array([BASIS_FAMILY] * len(yes), dtype=TEXT)
    )
    grown = came.loc[(came["role"] != "child").to_numpy(bool), "person_id"]
    named = pd.MultiIndex.from_frame(said[["family_id", "person_id"]])
    kept = ~pd.MultiIndex.from_frame(members[["family_id", "person_id"]]).isin(named)
    kept &= ~members["person_id"].isin(grown).to_numpy(bool)
    corrected = pd.concat([members[kept], came.astype(members.dtypes.to_dict())], ignore_index=True)
    with_child = corrected.loc[(corrected["role"] == "child").to_numpy(bool), "family_id"]
    return corrected[corrected["family_id"].isin(with_child).to_numpy(bool)].reset_index(drop=True)
