"""Ties between persons that some record states: parents, partners, kin, people of one telephone."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.enrolment import has_left
from linkage.person_rows import PersonRows, Tables

_CONTACT_TIES = {
    "mother": "parent",
    "father": "parent",
    "parent": "parent",
    "step_parent": "step_parent",
    "grandparent": "grandparent",
    "carer": "carer",
    "sibling": "sibling",
    "other": "other",
}
_MOST_ON_ONE_PHONE = 6
PARENTS = ("parent", "step_parent", "carer")
KIN = ("parent", "step_parent", "grandparent", "carer", "sibling", "partner")


def stated_ties(people: PersonRows, tables: Tables) -> pd.DataFrame:
    """One row per stated tie between two different persons, by their places in `people.ids`.

    `left` is the elder by role (the parent, grandparent or carer of `right`); `tie` is one of `KIN`, `other` or
    `phone`; `lives` says whether a school states that they live together (missing where it does not say); `said_by` is
    the feed.
    """
    ties = pd.concat(
        [_contacts(people, tables), _relationships(people, tables), _partners(people, tables), _phones(people)],
        ignore_index=True,
    )
    ties = ties[((ties["left"] >= 0) & (ties["right"] >= 0)).to_numpy(bool)]
    ties = pd.concat([ties, _through_siblings(ties)], ignore_index=True)
    return (
        ties[(ties["left"] != ties["right"]).to_numpy(bool)]
        .drop_duplicates()
        .sort_values(list(ties.columns), kind="stable")
        .reset_index(drop=True)
    )


def _contacts(people: PersonRows, tables: Tables) -> pd.DataFrame:
    contacts = tables["school", "contacts"]
    return pd.DataFrame(
        {
            "left": people.of("school", "contacts", contacts["source_id"]),
            "right": people.of("school", "pupils", contacts["pupil_id"]),
            "tie": contacts["relationship"].map(_CONTACT_TIES).fillna("other").to_numpy(object),
            "lives": contacts["lives_with_pupil"].astype("boolean").array,
            "said_by": "school",
        }
    )


def as_told_now(ties: pd.DataFrame, people: PersonRows, tables: Tables) -> pd.DataFrame:
    """The ties, where a school that a child has left for another no longer says with whom the child lives.

    It does not hear who has moved out since.
    """
    pupils, contacts = tables["school", "pupils"], tables["school", "contacts"]
    now = pupils.loc[~has_left(pupils), "source_id"]
    child = people.of("school", "pupils", contacts["pupil_id"])
    person = people.of("school", "contacts", contacts["source_id"])
    told = pd.DataFrame({"left": person, "right": child})[contacts["pupil_id"].isin(now).to_numpy(bool)]
    on_roll = ties["right"].isin(people.of("school", "pupils", now))
    old = (ties["said_by"] == "school").to_numpy() & on_roll.to_numpy() & ~among(ties[["left", "right"]], told)
    return ties.assign(lives=ties["lives"].mask(old))


def sex_by_role(people: PersonRows, tables: Tables) -> npt.NDArray[np.object_]:
    """F of a mother, M of a father, missing of anybody else, by place in `people.ids`."""
    contacts = tables["school", "contacts"]
    person = people.of("school", "contacts", contacts["source_id"])
    sex = contacts["relationship"].map({"mother": "F", "father": "M"}).fillna("").to_numpy(object)
    told = np.full(len(people.ids), None, dtype=object)
    known = (person >= 0) & (sex != "")
    told[person[known][::-1]] = sex[known][::-1]
    return told


def _relationships(people: PersonRows, tables: Tables) -> pd.DataFrame:
    stated = tables["mash", "relationships"]
    first = people.of("mash", "people", stated["mash_id"])
    second = people.of("mash", "people", stated["related_mash_id"])
    relationship = stated["relationship"].astype(object)
    # The contract's word is what the second is to the first, so only "child" makes the first one the elder.
    is_child = (relationship == "child").to_numpy(bool)
    return pd.DataFrame(
        {
            "left": np.where(is_child, first, second),
            "right": np.where(is_child, second, first),
            "tie": relationship.replace("child", "parent").to_numpy(object),
            "lives": pd.array([pd.NA] * len(stated), dtype="boolean"),
            "said_by": "mash",
        }
    )


def _through_siblings(ties: pd.DataFrame) -> pd.DataFrame:
    """Parents, as the safeguarding hub states them, of a child's brother or sister, where no feed states the child's.

    The hub writes down a family around the child that was referred, and of its brothers and sisters often no more than
    that they are.
    """
    parents = ties[((ties["tie"] == "parent") & (ties["said_by"] == "mash")).to_numpy(bool)]
    siblings = ties.loc[(ties["tie"] == "sibling").to_numpy(bool), ["left", "right"]]
    both = pd.concat([siblings, siblings.set_axis(["right", "left"], axis=1)]).drop_duplicates()
    has_parent = ties.loc[(ties["tie"] == "parent").to_numpy(bool), "right"]
    without = both[~both["right"].isin(has_parent)].rename(columns={"left": "sibling", "right": "child"})
    found = without.merge(parents, left_on="sibling", right_on="right")
    return found.assign(right=found["child"])[list(ties.columns)]


def _partners(people: PersonRows, tables: Tables) -> pd.DataFrame:
    claimants = tables["jobcentre", "claimants"]
    claimants = claimants[claimants["partner_claimant_id"].notna().to_numpy()]
    return pd.DataFrame(
        {
            "left": people.of("jobcentre", "claimants", claimants["source_id"]),
            "right": people.of("jobcentre", "claimants", claimants["partner_claimant_id"]),
            "tie": "partner",
            "lives": pd.array([pd.NA] * len(claimants), dtype="boolean"),
            "said_by": "jobcentre",
        }
    )


def _phones(people: PersonRows) -> pd.DataFrame:
    """People who gave one telephone number; a number of many people is an office's."""
    digits = people.rows["phone"].str.replace(r"\D+", "", regex=True).str[-10:]
    given = pd.DataFrame({"person": people.rows["person"], "phone": digits})[
        (digits.str.len() >= 9).fillna(value=False).to_numpy(bool)
    ]
    given = given.drop_duplicates()
    given = given[given.groupby("phone")["person"].transform("size").between(2, _MOST_ON_ONE_PHONE).to_numpy(bool)]
    both = given.merge(given, on="phone")
    both = both[both["person_x"] < both["person_y"]]
    return pd.DataFrame(
        {
            "left": both["person_x"].to_numpy(),
            "right": both["person_y"].to_numpy(),
            "tie": "phone",
            "lives": pd.array([pd.NA] * len(both), dtype="boolean"),
            "said_by": "school",
        }
    )
