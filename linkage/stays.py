"""Current stays: where each person lives, what the people say who live with them, and the second home of a child."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.company import Company, Traits
from linkage.connections import connect
from linkage.followers import follow
from linkage.runs import Runs, falling, in_order
from linkage.spelling import similar
from linkage.surnames import NEAR

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_COLUMNS = ["person", "dwelling", "from_on", "confirmed", "protected", "own", "basis"]
# The school says that the contact does not live with the pupil: not there then, whatever an old record says.
_NOT_THERE = 20.0
# Of people who live together so many may have a record elsewhere that is out of date.
_MAY_BE_STALE = 2


def current_stays(weighed: pd.DataFrame, company: Company, people: Traits) -> pd.DataFrame:
    """One row per person and dwelling lived in, with `from_on`, `confirmed`, `protected` and `basis` in words.

    `own` says whether a record of the person's names the dwelling.
    `weighed` is as `linkage.residence.weigh` gives it. A person's records are weighed together with those of the people
    who live with them, so that a family is where most of it is, and its stale records follow.
    """
    scored = _scored(weighed, company, people)
    scored = _without_denied(scored, company.apart, len(people.sex))
    main = _under_one_roof(scored.drop_duplicates("person"), company.one_roof, people.ages.child)
    main = follow(main, weighed, company, people)
    second = _second_homes(main, company, people)
    stays = pd.concat([main, second], ignore_index=True)
    stays = stays.assign(basis=_basis(stays))[_COLUMNS]
    return stays.iloc[in_order(stays["person"].to_numpy(), stays["dwelling"].to_numpy())].reset_index(drop=True)


def _scored(weighed: pd.DataFrame, company: Company, people: Traits) -> pd.DataFrame:
    """Each person's dwellings, their own and those of the people with them, the best first within each person.

    Nobody grown who has an address is put by others' records where one of them is hidden: it may be from them. Only a
    mother is where her child is hidden, if a school has the two together: not every feed has heard that they fled.
    """
    own = weighed.assign(own=True, said="")
    heard = company.together.merge(weighed.rename(columns={"person": "other"}), on="other")
    heard = heard.assign(worth=heard["worth"] * heard["share"], own=False)
    heard["said"] = "no such address of their own: " + heard["said"]
    named = among(heard[["person", "dwelling"]], weighed[["person", "dwelling"]])
    housed = heard["person"].isin(weighed["person"]).to_numpy(bool) & ~people.ages.child[heard["person"]]
    with_child = among(heard[["other", "person"]], company.one_roof) & (people.sex[heard["person"]] == "F")
    hidden = heard["protected"].to_numpy(bool) & housed & ~with_child
    heard = heard[(heard["firm"].to_numpy(bool) & ~hidden) | named]
    columns = ["person", "dwelling", "worth", "trust", "from_on", "confirmed", "protected", "feeds", "own", "said"]
    both = pd.concat([own[columns], heard[columns]], ignore_index=True)
    both["total"] = both.groupby(["person", "dwelling"])["worth"].transform("sum")
    # One row a dwelling: the person's own where there is one, else that of the surest other.
    person, dwelling, own_, worth = (both[name].to_numpy() for name in ("person", "dwelling", "own", "worth"))
    order = in_order(person, dwelling, falling(own_), falling(worth), pd.factorize(both["said"], sort=True)[0])
    both = both.iloc[order[Runs.of(person[order], dwelling[order]).firsts]]
    person, total, own_, trust, dwelling = (
        both[name].to_numpy() for name in ("person", "total", "own", "trust", "dwelling")
    )
    return both.iloc[in_order(person, falling(total), falling(own_), trust, dwelling)].reset_index(drop=True)


def _without_denied(scored: pd.DataFrame, apart: pd.DataFrame, size: int) -> pd.DataFrame:
    """Without the dwellings at which somebody lives with whom the person does not live."""
    home = _first(scored, size)
    denied = apart.assign(dwelling=home[apart["other"]])[["person", "dwelling"]].drop_duplicates()
    there = among(scored[["person", "dwelling"]], denied)
    kept = scored.assign(total=scored["total"] - _NOT_THERE * there)
    kept = kept.iloc[in_order(kept["person"].to_numpy(), falling(kept["total"].to_numpy()))]
    return kept[(kept["total"] > 0).to_numpy()].reset_index(drop=True)


def _under_one_roof(main: pd.DataFrame, one_roof: pd.DataFrame, child: Flags) -> pd.DataFrame:
    """Children and the parents with whom they have their one home, and couples, are all where most records have them.

    Not where the records of three or more of them name another home: they are two families that some mistake ties.
    Nobody grown is moved to where another is hidden.
    """
    place = pd.Series(np.arange(len(main)), main["person"].to_numpy())
    pairs = one_roof[one_roof["person"].isin(place.index) & one_roof["other"].isin(place.index)]
    group = connect(len(main), place[pairs["person"]].to_numpy(), place[pairs["other"]].to_numpy())
    told = main.assign(group=group).groupby(["group", "dwelling"], sort=True)
    homes = told.agg(total=("total", "sum"), hidden=("protected", "max"), own=("own", "sum")).reset_index()
    homes = homes.sort_values(["group", "total", "dwelling"], ascending=[True, False, True], kind="stable")
    others = homes[homes["group"].duplicated().to_numpy()]
    two_families = np.isin(group, others.loc[(others["own"] > _MAY_BE_STALE).to_numpy(), "group"])
    best = homes.drop_duplicates("group").set_index("group").reindex(group)
    to, hidden = best["dwelling"].to_numpy(), best["hidden"].to_numpy(bool)
    moved = (to != main["dwelling"].to_numpy()) & ~two_families & (child[main["person"]] | ~hidden)
    said = "no such address of their own: school or a joint claim says they live together"
    return main.assign(
        dwelling=np.where(moved, to, main["dwelling"]).astype(np.int64),
        own=main["own"] & ~moved,
        said=main["said"].mask(moved, said),
    )


def _second_homes(main: pd.DataFrame, company: Company, people: Traits) -> pd.DataFrame:
    """A child lives a second time where a parent lives who has the child with them, apart from the other parent."""
    start = main.set_index("person")
    homes = company.second.assign(dwelling=start["dwelling"].reindex(company.second["other"]).to_numpy())
    homes = homes.dropna(subset=["dwelling"]).astype({"dwelling": "int64"})
    homes = homes[homes["dwelling"].to_numpy() != start["dwelling"].reindex(homes["person"]).to_numpy()]
    siblings = _with_siblings(homes, main, people)
    apart = company.apart[["person", "other"]]
    denied = among(siblings[["person", "other"]], apart) | among(siblings[["other", "person"]], apart)
    homes = pd.concat([homes, siblings[~denied]], ignore_index=True)
    homes = homes.drop_duplicates(["person", "dwelling"])
    of = start.reindex(homes["other"])
    return pd.DataFrame(homes[["person", "dwelling"]]).assign(
        from_on=of["from_on"].to_numpy(), confirmed=of["confirmed"].to_numpy(),
        protected=of["protected"].to_numpy(bool), own=False, feeds="",
        said="second home: school says lives with this parent too",
    )  # fmt: skip


def _with_siblings(homes: pd.DataFrame, main: pd.DataFrame, people: Traits) -> pd.DataFrame:
    """Brothers and sisters of one name, and one first home, who go to the second together.

    However it is written: Marsh-Reed and Marsh Reed, a brother's Michalski and a sister's Michalska.
    """
    children = main.loc[people.ages.child[main["person"]], ["person", "dwelling"]].rename(columns={"dwelling": "home"})
    surname = pd.Series(people.surname[children["person"]], children.index, dtype=object)
    children = children.assign(surname=surname.str.replace(r"[^\w]+", "", regex=True))
    going = homes.merge(children, on="person").drop(columns="person")
    joined = going.merge(children, on="home", suffixes=("_going", ""))
    near = similar(joined["surname_going"].to_numpy(object), joined["surname"].to_numpy(object)) >= NEAR
    joined = joined[near]
    return joined[(joined["surname"] != "") & (joined["dwelling"] != joined["home"])][["person", "other", "dwelling"]]


def _basis(stays: pd.DataFrame) -> pd.Series:
    return pd.Series(
        np.where(stays["own"], "address given by " + stays["feeds"], stays["said"]),
        index=stays.index,
    )


def _first(scored: pd.DataFrame, size: int) -> Codes:
    home = np.full(size, -1, np.int64)
    first = scored.drop_duplicates("person")
    home[first["person"].to_numpy()] = first["dwelling"].to_numpy()
    return home
