"""Any feed's records of people as mentions: one row each, in columns that can be compared across feeds."""

import pandas as pd

from linkage.enrolment import has_left
from linkage.generations import born_about
from linkage.mention_ids import mention_ids
from linkage.person_rows import TEXT, Tables
from linkage.ranks import places_of
from linkage.spec import Column, Kind, LinkSpec

# A temporary pupil number ends in a letter; it lingers where it should have gone, and may be given to another child.
TEMPORARY_UPN = "[A-Z]$"
SPEC = LinkSpec(
    id="mention_id",
    columns=(
        Column("forename", Kind.FORENAME),
        Column("alias_forename", Kind.FORENAME),
        Column("middle_names", Kind.MIDDLE_NAMES),
        Column("surname", Kind.SURNAME),
        Column("former_surname", Kind.SURNAME),
        Column("preferred_surname", Kind.SURNAME),
        Column("alias_surname", Kind.SURNAME),
        Column("date_of_birth", Kind.DATE_OF_BIRTH),
        Column("born_about", Kind.BORN_ABOUT),
        Column("age_group", Kind.AGE_GROUP),
        Column("sex", Kind.SEX),
        Column("address_line_1", Kind.ADDRESS),
        Column("address_line_2", Kind.ADDRESS),
        Column("postcode", Kind.POSTCODE),
        Column("uprn", Kind.UPRN),
        Column("phone", Kind.PHONE),
        Column("email", Kind.EMAIL),
        Column("upn", Kind.IDENTIFIER, exclusive=True, former="former_upn", temporary=TEMPORARY_UPN),
        Column("nino", Kind.IDENTIFIER, exclusive=True),
        Column("nhs_number", Kind.IDENTIFIER, exclusive=True),
        Column("contact_id", Kind.IDENTIFIER, near=False),
    ),
)
"""How the pipeline's mentions are described to the engine."""

PLACES = {
    ("school", "pupils"): (),
    ("school", "contacts"): (),
    ("police", "nominals"): (),
    ("mash", "people"): (),
    ("jobcentre", "claimants"): (),
    ("nominations", "nominations"): (),
}
ADULT_CONTACTS = {"mother", "father", "parent", "step_parent", "grandparent", "carer"}
SEX_OF_CONTACT = {"mother": "F", "father": "M"}
CHILDS_EPISODES = {"child_in_need", "child_protection", "looked_after", "s47"}
_ADDRESS = ["address_line_1", "address_line_2", "postcode", "uprn"]


def mentions(tables: Tables) -> pd.DataFrame:
    """One row for each record that describes a person: mention_id, feed, table_name, source_id, SPEC's columns.

    An address, sex or age group that the feed says by other means (a contact who lives with the pupil, a mother, a
    parent's relationship) is filled in, and when a parent without a date of birth was most likely born; nothing given
    is changed.
    """
    parts = [_mentions_of(tables, feed, table) for feed, table in PLACES]
    made = pd.concat(parts, ignore_index=True)
    about = born_about(tables)
    likely = about["born_about"].array.take(places_of(made["mention_id"], about["id"]), allow_fill=True)
    return made.assign(born_about=pd.Series(likely).where(made["date_of_birth"].isna()))


def _mentions_of(tables: Tables, feed: str, table: str) -> pd.DataFrame:
    rows = tables[feed, table].reset_index(drop=True)
    if (feed, table) in _FILLERS:
        rows = _FILLERS[feed, table](rows, tables)
    said = {
        "mention_id": mention_ids(feed, table, rows["source_id"]),
        "feed": pd.Series(feed, index=rows.index, dtype=TEXT),
        "table_name": pd.Series(table, index=rows.index, dtype=TEXT),
        "source_id": rows["source_id"].astype(TEXT),
    }
    wanted = [column.name for column in SPEC.columns if column.kind is not Kind.BORN_ABOUT] + ["former_upn"]
    for name in wanted:
        said[name] = rows[name] if name in rows else pd.Series(pd.NA, index=rows.index, dtype=TEXT)
    said["date_of_birth"] = said["date_of_birth"].astype("datetime64[us]")
    said["age_group"] = _age_group(rows, said["age_group"])
    return pd.DataFrame(said)


def _age_group(rows: pd.DataFrame, known: pd.Series) -> pd.Series:
    """Child or adult by the date of birth, else by what the feed implies; from 16 to 19 neither, for rosters age."""
    age = (rows["extract_on"] - rows["date_of_birth"]).dt.days / 365.25
    told = pd.Series(pd.NA, index=rows.index, dtype=TEXT).mask(age.lt(16), "child").mask(age.ge(19), "adult")
    return told.where(rows["date_of_birth"].notna(), known)


def _pupils(rows: pd.DataFrame, _: Tables) -> pd.DataFrame:
    return rows.assign(age_group="child")


def _contacts(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    pupils = tables["school", "pupils"].drop_duplicates("pupil_id").set_index("pupil_id")
    homeless = rows["lives_with_pupil"].fillna(value=False) & rows[["address_line_1", "postcode", "uprn"]].isna().all(
        axis=1
    )
    filled = {name: rows[name].mask(homeless, rows["pupil_id"].map(pupils[name])) for name in _ADDRESS}
    implied = rows["relationship"].map(SEX_OF_CONTACT).astype(TEXT)
    # Whom a school rings must be able to come for the child, be it a brother or a neighbour.
    adult = rows["relationship"].notna()
    age_group = pd.Series(pd.NA, index=rows.index, dtype=TEXT).mask(adult, "adult")
    sex = rows["sex"].where(rows["sex"].isin(["F", "M"]), implied)
    return rows.assign(**filled, sex=sex, age_group=age_group)


def _mash_people(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    relations, episodes = tables["mash", "relationships"], tables["mash", "episodes"]
    elders = relations.loc[relations["relationship"].isin(["parent", "grandparent", "carer"]), "related_mash_id"]
    parents = relations.loc[relations["relationship"].eq("child"), "mash_id"]
    children = episodes.loc[episodes["kind"].isin(CHILDS_EPISODES) & episodes["ended_on"].isna(), "mash_id"]
    adult = rows["mash_id"].isin(pd.concat([elders, parents]))
    child = (rows["mash_id"].isin(children) | rows["expected_date_of_birth"].notna()) & ~adult
    return rows.assign(
        age_group=pd.Series(pd.NA, index=rows.index, dtype=TEXT).mask(child, "child").mask(adult, "adult")
    )


def _claimants(rows: pd.DataFrame, _: Tables) -> pd.DataFrame:
    return rows.assign(age_group="adult")


_FILLERS = {
    ("school", "pupils"): _pupils,
    ("school", "contacts"): _contacts,
    ("mash", "people"): _mash_people,
    ("jobcentre", "claimants"): _claimants,
}


def never_pairs(tables: Tables) -> pd.DataFrame:
    """left_id and right_id of mentions that are certainly two people, by what the feeds themselves say.

    MASH's never_link; a pupil and the pupil's own contact; a pupil's mother and father; two pupils whom one school has
    on its roll with one date of birth; a claimant and the partner; people of MASH who are related to each other.
    """
    parts = [
        never_links(tables),
        _pupil_and_contact(tables["school", "contacts"]),
        _mother_and_father(tables["school", "contacts"]),
        _classmates(tables["school", "pupils"]),
        _partners(tables["jobcentre", "claimants"]),
        _relatives(tables["mash", "relationships"]),
    ]
    pairs = pd.concat(parts, ignore_index=True).astype(TEXT)
    return pairs.dropna().drop_duplicates(ignore_index=True)


def _pairs(left: pd.Series, right: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"left_id": left.astype(TEXT).array, "right_id": right.astype(TEXT).array})


def never_links(tables: Tables) -> pd.DataFrame:
    """left_id and right_id of mentions that the safeguarding hub says must never be joined."""
    never = tables["mash", "never_link"]
    found = [_pairs(pd.Series(dtype=TEXT), pd.Series(dtype=TEXT))]
    for feed, table in PLACES:
        said = never[never["other_feed"].eq(feed) & (never["other_table"].isna() | never["other_table"].eq(table))]
        # A contact's key has two parts; the first alone names the person.
        rows = tables[feed, table][["source_id"]].assign(
            own_id=lambda rows: rows["source_id"].astype(TEXT).str.replace(r"\|.*", "", regex=True)
        )
        for key in ("source_id", "own_id"):
            both = said.merge(rows, left_on="other_id", right_on=key, suffixes=("", "_other"))
            other = both["source_id_other"] if "source_id_other" in both else both["source_id"]
            found.append(_pairs(mention_ids("mash", "people", both["mash_id"]), mention_ids(feed, table, other)))
    return pd.concat(found, ignore_index=True)


def _pupil_and_contact(contacts: pd.DataFrame) -> pd.DataFrame:
    return _pairs(
        mention_ids("school", "pupils", contacts["pupil_id"]), mention_ids("school", "contacts", contacts["source_id"])
    )


def _mother_and_father(contacts: pd.DataFrame) -> pd.DataFrame:
    mothers, fathers = (contacts[contacts["relationship"].eq(word)] for word in ("mother", "father"))
    both = mothers.merge(fathers, on="pupil_id", suffixes=("_mother", "_father"))
    return _pairs(
        mention_ids("school", "contacts", both["source_id_mother"]),
        mention_ids("school", "contacts", both["source_id_father"]),
    )


def _classmates(pupils: pd.DataFrame) -> pd.DataFrame:
    on_roll = pupils[~has_left(pupils) & pupils["date_of_birth"].notna()]
    both = on_roll.merge(on_roll, on=["school_urn", "date_of_birth"], suffixes=("", "_other"))
    both = both[both["pupil_id"] < both["pupil_id_other"]]
    return _pairs(
        mention_ids("school", "pupils", both["source_id"]), mention_ids("school", "pupils", both["source_id_other"])
    )


def _partners(claimants: pd.DataFrame) -> pd.DataFrame:
    couples = claimants.dropna(subset=["partner_claimant_id"])
    couples = couples[couples["claimant_id"].ne(couples["partner_claimant_id"])]
    return _pairs(
        mention_ids("jobcentre", "claimants", couples["claimant_id"]),
        mention_ids("jobcentre", "claimants", couples["partner_claimant_id"]),
    )


def _relatives(relationships: pd.DataFrame) -> pd.DataFrame:
    related = relationships[relationships["mash_id"].ne(relationships["related_mash_id"])]
    return _pairs(
        mention_ids("mash", "people", related["mash_id"]), mention_ids("mash", "people", related["related_mash_id"])
    )


def relations(tables: Tables) -> pd.DataFrame:
    """id, kin_id and way (child, parent, partner or sibling: what the second is to the first) of mentions."""
    contacts, related = tables["school", "contacts"], tables["mash", "relationships"]
    claimants = tables["jobcentre", "claimants"].dropna(subset=["partner_claimant_id"])
    contact = mention_ids("school", "contacts", contacts["source_id"])
    pupil = mention_ids("school", "pupils", contacts["pupil_id"])
    of_pupil = contacts["relationship"].map(_AS_CHILD)
    one, other = (mention_ids("mash", "people", related[side]) for side in ("mash_id", "related_mash_id"))
    claimant = mention_ids("jobcentre", "claimants", claimants["claimant_id"])
    partner = mention_ids("jobcentre", "claimants", claimants["partner_claimant_id"])
    parts = [
        _ways(contact, pupil, of_pupil),
        _ways(pupil, contact, of_pupil.map(_INVERSE)),
        *_of_siblings(related),
        _ways(one, other, related["relationship"].map(_WAYS)),
        _ways(other, one, related["relationship"].map(_WAYS).map(_INVERSE)),
        _ways(claimant, partner, pd.Series("partner", index=claimants.index)),
        _ways(partner, claimant, pd.Series("partner", index=claimants.index)),
    ]
    return pd.concat(parts, ignore_index=True).dropna().drop_duplicates(ignore_index=True)


def _of_siblings(related: pd.DataFrame) -> list[pd.DataFrame]:
    """Parents whom the hub states of one child, as those of its brothers and sisters, whose it often leaves out.

    A parent who is not theirs has another name than theirs has, so that it joins nobody.
    """
    word, one, other = (related[name] for name in ("relationship", "mash_id", "related_mash_id"))
    is_child = word.eq("child").to_numpy(bool)
    parents = pd.DataFrame({"parent": one.where(is_child, other), "child": other.where(is_child, one)})
    parents = parents[is_child | word.eq("parent").to_numpy(bool)]
    siblings = pd.DataFrame({"child": one, "sibling": other})[word.eq("sibling").to_numpy(bool)]
    both = pd.concat([siblings, siblings.set_axis(["sibling", "child"], axis=1)]).merge(parents, on="child")
    parent, child = (mention_ids("mash", "people", both[name]) for name in ("parent", "sibling"))
    as_child, as_parent = (pd.Series(way, index=both.index) for way in ("child", "parent"))
    return [_ways(parent, child, as_child), _ways(child, parent, as_parent)]


_WAYS = {
    "parent": "parent",
    "grandparent": "parent",
    "carer": "parent",
    "child": "child",
    "sibling": "sibling",
    "partner": "partner",
}
_INVERSE = {"parent": "child", "child": "parent", "sibling": "sibling", "partner": "partner"}
_AS_CHILD = dict.fromkeys(ADULT_CONTACTS, "child") | {"sibling": "sibling"}


def _ways(holder: pd.Series, kin: pd.Series, way: pd.Series) -> pd.DataFrame:
    columns = {"id": holder, "kin_id": kin, "way": way}
    return pd.DataFrame({name: values.astype(TEXT).array for name, values in columns.items()})
