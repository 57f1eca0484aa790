"""Households: the people of one dwelling who live together, as of a day, and why we say so."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.address_repair import repair
from linkage.adoptions import Told, adopted
from linkage.care import looked_after, where_at_home, with_carers
from linkage.childhood import Ages, Rules, ages
from linkage.company import Traits, keep_company
from linkage.decided import Decided, bring_together, stand_as_decided
from linkage.departures import departed
from linkage.dwellings import Dwellings, locate
from linkage.kinship import as_told_now, sex_by_role, stated_ties
from linkage.living_together import Known, group_stays
from linkage.parted import incident_pairs, stand_apart
from linkage.person_rows import TEXT, PersonRows, Tables, gather
from linkage.ranks import places_of
from linkage.residence import confirmed_on, sightings, weigh
from linkage.stays import current_stays
from linkage.surnames import surnames_used
from linkage.two_roofs import under_two_roofs, without_old_roof


@dataclass(frozen=True)
class Evidence:
    """What households are made from.

    `person_records` and `persons` are as published, `tables` the held feed tables, `as_of` the month's last day,
    `postcodes` a lookup with `pcds`, `ward` and `lsoa`, `decided` what coordinators decided,
    `rules` who makes a family.
    """

    person_records: pd.DataFrame
    persons: pd.DataFrame
    tables: Tables
    as_of: date
    postcodes: pd.DataFrame | None = None
    decided: Decided = field(default_factory=Decided)
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class Homes:
    """Who lives together as of a day.

    `households` and `members` have the published columns with provisional ids; `households` besides `dwelling` (text
    that is the same every month; an address, never to be published) and `shape` (`home`, `shared`, `refuge`).
    For families: `stays`, one row a member, and the stated `ties`, both by place in `ids`, and `ages` by that place.
    `expecting` are the stated parents of the unborn, where they count.
    For doubts: what records are worth (`weighed`), pairs of one `incidents` of abuse, and those `parted` since.
    """

    ids: pd.Series
    households: pd.DataFrame
    members: pd.DataFrame
    stays: pd.DataFrame
    ties: pd.DataFrame
    ages: Ages
    expecting: npt.NDArray[np.bool_]
    weighed: pd.DataFrame
    incidents: pd.DataFrame
    parted: pd.DataFrame


def build(evidence: Evidence) -> Homes:
    """The households of the day that the evidence speaks of."""
    people = gather(evidence.person_records, evidence.tables)
    as_of = pd.Timestamp(evidence.as_of)
    with ThreadPoolExecutor(1) as beside:
        # To read addresses takes as long as all else that records tell by themselves: two cores share it.
        locating = beside.submit(locate, people.rows)
        persons = _in_order(evidence.persons, people.ids)
        known = ages(people, persons["date_of_birth"], evidence.tables, as_of, grown_at=evidence.rules.dependent_until)
        in_care = looked_after(people, evidence.tables, as_of)
        ties = with_carers(stated_ties(people, evidence.tables), in_care)
        confirmed = confirmed_on(people, evidence.tables, as_of)
        gone = departed(people, evidence.tables, confirmed, as_of)
        before_adoption = adopted(people, evidence.tables, Told(ties, persons["date_of_birth"], confirmed), as_of)
        traits = _traits(people, persons, evidence.tables, known)
        incidents = incident_pairs(people, evidence.tables, as_of)
        surnames = surnames_used(people)
        dwellings = locating.result()
    dwellings = replace(dwellings, of_row=repair(dwellings, people.rows["person"], ties))
    expecting = _expecting(ties, known) & evidence.rules.expectant
    absent = gone.people | known.unborn | before_adoption
    left = gone.rows | absent[people.rows["person"]]
    seen = sightings(people, replace(dwellings, of_row=np.where(left, -1, dwellings.of_row)), confirmed, as_of)
    ties = ties[~(absent[ties["left"]] | absent[ties["right"]])]
    couples = evidence.decided.couples(people.ids)
    weighed = weigh(seen)
    parted = stand_as_decided(
        stand_apart(incidents, seen, as_told_now(ties, people, evidence.tables)), couples, weighed
    )
    weighed = without_old_roof(weighed, parted)
    company = keep_company(where_at_home(ties, in_care), weighed, traits, parted)
    stays = bring_together(current_stays(weighed, company, traits), couples, known.child)
    stays = under_two_roofs(stays, parted, weighed)
    together = couples.loc[couples["together"], ["left", "right"]]
    stays = group_stays(stays, Known(ties, traits, surnames, together, in_care), dwellings.known, as_of)
    # Nobody knows which of their addresses somebody hides at, so that every home that holds them is hidden.
    in_hiding = persons["protected"].fillna(value=False).to_numpy(bool)
    hidden = _hidden(people.rows, dwellings)[stays["dwelling"]] | in_hiding[stays["person"]]
    stays = stays.assign(protected=stays["protected"] | hidden)
    households = _households(stays, dwellings.known, evidence.postcodes)
    members = _members(stays, people.ids)
    return Homes(people.ids, households, members, stays, ties, known, expecting, weighed, incidents, parted)


def _expecting(ties: pd.DataFrame, known: Ages) -> npt.NDArray[np.bool_]:
    """Who is a stated parent of somebody unborn."""
    of_unborn = ties[(ties["tie"] == "parent").to_numpy() & known.unborn[ties["right"]]]
    found = np.zeros(len(known.unborn), bool)
    found[of_unborn["left"]] = True
    return found


def _hidden(rows: pd.DataFrame, dwellings: Dwellings) -> npt.NDArray[np.bool_]:
    """Of each dwelling, whether any record protects its address, be it by its reference: it hides all there."""
    protected = rows["protected_address"].fillna(value=False).to_numpy(bool)
    references = rows.loc[protected, "uprn"].dropna().unique()
    hidden = dwellings.known["uprn"].isin(references).to_numpy(bool)
    hidden[dwellings.of_row[protected & (dwellings.of_row >= 0)]] = True
    return hidden


def _in_order(persons: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """What is published of each person, by place in `ids`."""
    told = persons[["date_of_birth", "sex", "surname", "protected"]].reset_index(drop=True)
    return told.reindex(places_of(ids, persons["person_id"])).reset_index(drop=True)


def _traits(people: PersonRows, persons: pd.DataFrame, tables: Tables, known: Ages) -> Traits:
    sex = persons["sex"].fillna(pd.Series(sex_by_role(people, tables), dtype=TEXT))
    surname = persons["surname"].str.upper().to_numpy(object, na_value="")
    return Traits(known, sex.to_numpy(object, na_value=""), surname)


def _households(stays: pd.DataFrame, dwellings: pd.DataFrame, postcodes: pd.DataFrame | None) -> pd.DataFrame:
    grouped = stays.groupby("household", sort=True)
    dwelling = grouped["dwelling"].first()
    known = dwellings.iloc[dwelling.to_numpy()]
    areas = _areas(known["postcode"], postcodes)
    protected = grouped["protected"].max().to_numpy(bool)
    return pd.DataFrame(
        {
            "household_id": dwelling.index.astype(str).astype(TEXT).array,
            "uprn": known["uprn"].array,
            "postcode": known["postcode"].array,
            "ward": areas["ward"].array,
            # A small area is a few streets, which says too much of where somebody hides.
            "lsoa": areas["lsoa"].mask(protected).array,
            "members": grouped["person"].nunique().astype("Int64").array,
            "protected": pd.array(protected, dtype="boolean"),
            "dwelling": known["key"].astype(TEXT).array,
            "shape": grouped["shape"].first().astype(TEXT).array,
        }
    )


def _areas(of: pd.Series, postcodes: pd.DataFrame | None) -> pd.DataFrame:
    """The ward and the small area of each postcode, as far as the lookup knows it."""
    if postcodes is None:
        return pd.DataFrame({name: pd.Series(pd.NA, index=of.index, dtype=TEXT) for name in ("ward", "lsoa")})
    lookup = postcodes.dropna(subset=["pcds"]).drop_duplicates("pcds").set_index("pcds")
    return pd.DataFrame({name: of.map(lookup[name]).astype(TEXT) for name in ("ward", "lsoa")})


def _members(stays: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "household_id": stays["household"].astype(str).astype(TEXT),
            "person_id": ids.array.take(stays["person"]),
            "from_on": stays["from_on"].astype("datetime64[ns]"),
            "to_on": pd.Series(pd.NaT, index=stays.index, dtype="datetime64[ns]"),
            "basis": stays["basis"].astype(TEXT),
            "is_dependent_child": stays["child"].astype("boolean"),
        }
    )
