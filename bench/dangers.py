"""The mistakes that hurt most, counted against the sealed truth of a borough that was made.

Couples of domestic abuse put together or parted, families that strangers of a shared place make, and people who are
easily taken for one another.
"""

import pandas as pd

from assets.held import HeldTables
from assets.partitions import as_of
from assets.snapshots import read_published
from assets.store import Store
from linkage.evaluation import kept_apart
from linkage.lasting import record_keys

SHARED = ("hmo", "hostel", "refuge", "care_home", "boarding", "childrens_home")
# What `alike` reads of the truth besides the records.
ALIKE = ("people", "relationships")


def safety(store: Store, month: str, truth: dict[str, pd.DataFrame], couples: pd.DataFrame) -> dict[str, float]:
    """How many couples of abuse are put together or parted wrongly; families that people of a shared place make.

    `couples` as `couples_of_abuse` gives them.
    """
    person, lived = _persons(store, month, truth), _lived(truth, month)
    truly, shown = couples["truly"], couples["shown"]
    return {
        "separated": float((~truly).sum()), "joined": float((~truly & shown).sum()),
        "couples": float(truly.sum()), "parted": float((truly & ~shown).sum()),
        "shared": _shared_families(read_published(store, month, "family_members"), person, lived),
    }  # fmt: skip


def couples_of_abuse(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Victim and accused of one incident who both live somewhere, `true_left` and `true_right`, once.

    `truly` and `shown` tell whether they have a home in common, in truth and as published.
    """
    person, lived = _persons(store, month, truth), _lived(truth, month)
    couples = _couples(HeldTables(store, month)["police", "occurrences"], month, person)
    members = read_published(store, month, "household_members")
    now = members[members["to_on"].isna()]
    housed = set(lived["true_person_id"])
    couples = couples[couples["true_left"].isin(housed) & couples["true_right"].isin(housed)].reset_index(drop=True)
    return couples.assign(
        truly=_share(couples, "true", lived.rename(columns={"true_person_id": "who", "true_household_id": "home"})),
        shown=_share(couples, "found", now.rename(columns={"person_id": "who", "household_id": "home"})),
    )


def _persons(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The person that each record was `found` to be of, and the `true` one, by record."""
    records = read_published(store, month, "person_records")
    known = truth["person_records"][truth["person_records"]["month"] <= month].sort_values("month", kind="stable")
    known = known.assign(record=record_keys).drop_duplicates("record", keep="last").set_index("record")
    person = pd.DataFrame({"record": record_keys(records).astype(str), "found": records["person_id"].astype(str)})
    return person.assign(true=person["record"].map(known["true_person_id"])).set_index("record")


def alike(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Twins, and parents with children of their name, who are kept apart."""
    person = _persons(store, month, truth).dropna(subset="true")
    kin, people = truth["relationships"], truth["people"].set_index("true_person_id")
    one, other = (people.reindex(kin[side]).reset_index(drop=True) for side in ("true_person_id", "other"))
    born = one["born_on"].eq(other["born_on"])
    twin = kin["kind"].eq("sibling") & (kin["true_person_id"] < kin["other"]) & born.to_numpy(bool)
    named = (one[["sex", "forename", "surname"]] == other[["sex", "forename", "surname"]]).all(axis=1)
    namesake = kin["kind"].eq("parent") & named.to_numpy(bool)
    pairs = kin.rename(columns={"true_person_id": "left", "other": "right"})[["left", "right"]]
    counted = {
        "twins": kept_apart(person["found"], person["true"], pairs[twin]),
        "namesakes": kept_apart(person["found"], person["true"], pairs[namesake]),
    }
    return {name: f"{apart / max(pairs, 1):.3f} of {pairs}" for name, (apart, pairs) in counted.items()}


def _lived(truth: dict[str, pd.DataFrame], month: str) -> pd.DataFrame:
    stays = truth["residence"].merge(truth["dwellings"][["dwelling_id", "kind"]], on="dwelling_id")
    from_on, to_on = (pd.to_datetime(stays[name]) for name in ("from_on", "to_on"))
    return stays[(from_on <= as_of(month)) & ~(to_on <= as_of(month))]


def _couples(occurrences: pd.DataFrame, month: str, person: pd.DataFrame) -> pd.DataFrame:
    """Victim and accused of each incident of domestic abuse, once, as found and as they are."""
    abuse = occurrences[occurrences["kind"].eq("domestic_abuse") & (occurrences["occurred_on"] <= as_of(month))]
    abuse = abuse.assign(record="police|nominals|" + abuse["nominal_id"].astype(str)).merge(person, on="record")
    victims, accused = (abuse[abuse["role"].isin(roles)] for roles in (["victim"], ["suspect", "offender"]))
    both = victims.merge(accused, on="occurrence_id", suffixes=("_left", "_right"))
    both = both[both["found_left"] != both["found_right"]].dropna(subset=["true_left", "true_right"])
    return both.drop_duplicates(["found_left", "found_right"], ignore_index=True)


def _share(couples: pd.DataFrame, by: str, homes: pd.DataFrame) -> pd.Series:
    """Whether the two of each couple have a home in common."""
    of_each = homes.assign(who=homes["who"].astype(str)).groupby("who")["home"].agg(set)
    left, right = (couples[f"{by}_{side}"].map(of_each) for side in ("left", "right"))
    return pd.Series(
        [isinstance(a, set) and isinstance(b, set) and bool(a & b) for a, b in zip(left, right, strict=True)],
        dtype=bool,
    )


def _shared_families(members: pd.DataFrame, person: pd.DataFrame, lived: pd.DataFrame) -> float:
    """Families whose grown people live in one shared place in more than one true household."""
    true = person.dropna(subset="true").drop_duplicates("found").set_index("found")["true"]
    grown = members[members["role"] != "child"].assign(true=lambda rows: rows["person_id"].astype(str).map(true))
    there = grown.merge(lived[lived["kind"].isin(SHARED)], left_on="true", right_on="true_person_id")
    households = there.groupby(["family_id", "dwelling_id"])["true_household_id"].nunique()
    return float(households[households > 1].index.get_level_values("family_id").nunique())
