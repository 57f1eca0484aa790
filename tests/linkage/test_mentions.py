import pandas as pd
import pytest

from linkage.engine import link
from linkage.mentions import SPEC, mentions, never_pairs, relations
from schemas.frames import empty
from schemas.registry import FEED_TABLES

Bundle = dict[tuple[str, str], pd.DataFrame]
DAY = pd.Timestamp("2026-10-31")


def rows(key: tuple[str, str], *said: dict[str, object]) -> pd.DataFrame:
    frame = empty(FEED_TABLES[key])
    held = [{"received_for": "2026-10", "extract_on": DAY, "file_sha256": "0" * 64, "line": 2, **row} for row in said]
    return pd.DataFrame(held, columns=list(frame.columns)).astype(frame.dtypes.to_dict())


@pytest.fixture
def bundle() -> Bundle:
    tables = {key: empty(model) for key, model in FEED_TABLES.items()}
    tables["school", "pupils"] = rows(
        ("school", "pupils"),
        {
            "source_id": "P1", "pupil_id": "P1", "forename": "Ava", "surname": "Lane", "school_urn": "1", "uprn": "77",
            "address_line_1": "1 Mill Road", "postcode": "ZZ1 1AA", "date_of_birth": pd.Timestamp("2012-01-01"),
            "enrolment_status": "C",
        },
        {
            "source_id": "P2", "pupil_id": "P2", "forename": "Mia", "surname": "Lane", "school_urn": "1",
            "date_of_birth": pd.Timestamp("2012-01-01"), "enrolment_status": "C",
        },
    )  # fmt: skip
    tables["school", "contacts"] = rows(
        ("school", "contacts"),
        {
            "source_id": "C1|P1", "contact_id": "C1", "pupil_id": "P1", "relationship": "mother", "forename": "Ada",
            "surname": "Lane", "lives_with_pupil": True,
        },
        {"source_id": "C2|P1", "contact_id": "C2", "pupil_id": "P1", "relationship": "father", "surname": "Lane"},
    )  # fmt: skip
    tables["mash", "people"] = rows(
        ("mash", "people"),
        {"source_id": "M1", "mash_id": "M1", "forename": "Ava", "surname": "Lane"},
        {"source_id": "M2", "mash_id": "M2", "forename": "Ada", "surname": "Lane"},
    )
    tables["mash", "relationships"] = rows(
        ("mash", "relationships"),
        {"source_id": "M1|M2", "mash_id": "M1", "related_mash_id": "M2", "relationship": "parent"},
    )
    tables["mash", "never_link"] = rows(
        ("mash", "never_link"),
        {
            "source_id": "M1|school|C2",
            "mash_id": "M1",
            "other_feed": "school",
            "other_table": "contacts",
            "other_id": "C2",
        },
    )
    return tables


def test_every_record_of_a_person_is_a_mention(bundle: Bundle) -> None:
    assert set(mentions(bundle)["mention_id"]) == {
        "school|pupils|P1", "school|pupils|P2", "school|contacts|C1|P1", "school|contacts|C2|P1", "mash|people|M1",
        "mash|people|M2",
    }  # fmt: skip


def test_a_contact_who_lives_with_the_pupil_has_the_pupils_address(bundle: Bundle) -> None:
    found = mentions(bundle).set_index("source_id")
    assert found.loc["C1|P1", "uprn"] == "77"
    assert pd.isna(found.loc["C2|P1", "uprn"])


def test_what_a_relationship_says_of_sex_and_age_is_used(bundle: Bundle) -> None:
    found = mentions(bundle).set_index("source_id")
    assert found.loc["C1|P1", ["sex", "age_group"]].tolist() == ["F", "adult"]
    assert found.loc["M2", "age_group"] == "adult"
    assert found.loc["P1", "age_group"] == "child"


@pytest.mark.parametrize("relationship", ["other", "sibling"])
def test_whom_a_school_rings_is_grown(bundle: Bundle, relationship: str) -> None:
    contacts = bundle["school", "contacts"]
    bundle["school", "contacts"] = contacts.assign(
        relationship=contacts["relationship"].mask(contacts["source_id"].eq("C2|P1"), relationship)
    )
    assert mentions(bundle).set_index("source_id").loc["C2|P1", "age_group"] == "adult"


def test_feeds_say_who_is_certainly_two_people(bundle: Bundle) -> None:
    pairs = {frozenset(pair) for pair in never_pairs(bundle).itertuples(index=False, name=None)}
    assert frozenset({"school|pupils|P1", "school|contacts|C1|P1"}) in pairs
    assert frozenset({"school|contacts|C1|P1", "school|contacts|C2|P1"}) in pairs
    assert frozenset({"mash|people|M1", "mash|people|M2"}) in pairs
    assert frozenset({"mash|people|M1", "school|contacts|C2|P1"}) in pairs
    assert frozenset({"school|pupils|P1", "school|pupils|P2"}) in pairs


def test_feeds_say_who_is_kin(bundle: Bundle) -> None:
    ways = {(row.id, row.kin_id): row.way for row in relations(bundle).itertuples()}
    assert ways["school|contacts|C1|P1", "school|pupils|P1"] == "child"
    assert ways["school|pupils|P1", "school|contacts|C1|P1"] == "parent"
    assert ways["mash|people|M1", "mash|people|M2"] == "parent"
    assert ways["mash|people|M2", "mash|people|M1"] == "child"


def test_a_childs_parent_is_kin_of_its_brothers_and_sisters(bundle: Bundle) -> None:
    related = bundle["mash", "relationships"]
    sibling = {"source_id": "M3|M1", "mash_id": "M3", "related_mash_id": "M1", "relationship": "sibling"}
    bundle["mash", "relationships"] = pd.concat([related, rows(("mash", "relationships"), sibling)])
    ways = {(row.id, row.kin_id): row.way for row in relations(bundle).itertuples()}
    assert ways["mash|people|M2", "mash|people|M3"] == "child"
    assert ways["mash|people|M3", "mash|people|M2"] == "parent"
    assert ways["mash|people|M3", "mash|people|M1"] == "sibling"


def test_mentions_can_be_linked_as_they_are(bundle: Bundle) -> None:
    found = mentions(bundle)
    linked = link(found, SPEC, never=never_pairs(bundle), relations=relations(bundle))
    assert linked.clusters["id"].tolist() == sorted(found["mention_id"])


def test_no_tables_filled_is_no_mention() -> None:
    tables = {key: empty(model) for key, model in FEED_TABLES.items()}
    assert mentions(tables).empty
    assert link(mentions(tables), SPEC, never=never_pairs(tables), relations=relations(tables)).clusters.empty
