"""From one month to the next: what is asked, what changed and why, and where nobody is to be found."""

import json

import duckdb
import pytest

pytestmark = pytest.mark.journey

# Where the second family is to be found: the hub alone says that this is to be kept.
HIDING = {"address_line_1": "9 Mock Gardens", "town": "Hearthbury", "postcode": "HB1 3CC", "uprn": "900000000009"}


def read(file):
    return file.read_text().splitlines()


def add(file, **values):
    heading, *rows = read(file)
    line = ",".join(values.get(name, "") for name in heading.split(","))
    file.write_text("\n".join([heading, *rows, line]) + "\n")


@pytest.fixture(scope="module")
def two_months(council_type, tmp_path_factory):
    """September; then October, in which a pupil is excluded again, a family comes, and the police send nothing."""
    council = council_type(tmp_path_factory.mktemp("two-months"))
    council.deliver("2026-09")
    council.deliver("2026-10", feeds=("school", "mash", "jobcentre", "nominations"))
    father = {"forename": "Barnaby", "surname": "Fothergill", "date_of_birth": "1980-01-23", "sex": "M"}
    girl = {"forename": "Wilhelmina", "surname": "Fothergill", "date_of_birth": "2013-11-30", "sex": "F"}
    for month in ("2026-09", "2026-10"):
        people = council.landing / month / "mash" / "people.csv"
        add(people, mash_id="M8", **father, **HIDING, protected_address="Y")
        add(people, mash_id="M9", **girl, **HIDING, protected_address="Y")
    school = council.landing / "2026-10" / "school"
    add(school / "exclusions.csv", exclusion_id="X2", pupil_id="A1", category="SUSP", started_on="2026-10-05")
    home = {"address_line_1": "77 Mock Lane", "town": "Hearthbury", "postcode": "HB1 2BB", "uprn": "900000000077"}
    child = {"forename": "Ottoline", "surname": "Pettigrew", "date_of_birth": "2016-01-09", "sex": "F"}
    parent = {"forename": "Cordelia", "surname": "Pettigrew", "date_of_birth": "1990-02-02", "sex": "F"}
    add(school / "pupils.csv", pupil_id="D1", school_urn="100001", enrolment_status="C", **child, **home)
    lives = {"relationship": "mother", "parental_responsibility": "Y", "lives_with_pupil": "Y"}
    add(school / "contacts.csv", contact_id="K4", pupil_id="D1", **lives, **parent, **home)
    for month in ("2026-09", "2026-10"):
        result = council.run(month)
        assert result.exit_code == 0, result.stderr
    return council


def protected_people(council):
    persons = council.published("persons")
    return set(persons.loc[persons["protected"], "person_id"])


def test_no_record_of_a_protected_person_tells_where_they_are(two_months):
    details, records = two_months.published("record_details"), two_months.published("person_records")
    assert len(protected_people(two_months)) == 2
    theirs = details.merge(records, on=["feed", "table_name", "source_id"])
    theirs = theirs[theirs["person_id"].isin(protected_people(two_months))]
    assert set(theirs["feed"]) == {"school", "mash"}
    assert theirs["address_withheld"].all()
    assert theirs[["address", "postcode", "phone", "upn", "school"]].isna().all(axis=None)


def test_no_table_but_the_households_own_columns_bears_a_hidden_address(two_months):
    snapshot = two_months.store / "published" / "2026-10.duckdb"
    hidden = [value.lower() for value in HIDING.values() if value != "Hearthbury"]
    with duckdb.connect(str(snapshot), read_only=True) as published:
        for (table,) in published.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            text = published.execute(f'SELECT * FROM "{table}"').df()
            text = text.drop(columns=["uprn", "postcode"], errors="ignore") if table == "households" else text
            told = text.astype(str).to_csv().lower()
            assert [value for value in hidden if value in told] == [], table


def test_a_protected_familys_school_is_not_told(two_months):
    sightings, families = two_months.published("family_sightings"), two_months.published("families")
    protected = set(families.loc[families["protected"], "family_id"])
    assert len(protected) == 1
    of_them = sightings["family_id"].isin(protected)
    assert sightings.loc[of_them, ["school", "agency"]].isna().all(axis=None)
    pupils = sightings[~of_them & sightings["table_name"].eq("pupils")]
    assert pupils["school"].eq("100001").all()


def test_agencies_that_know_a_family_are_told_with_their_last_contact(two_months):
    sightings = two_months.published("family_sightings", "2026-09")
    police = sightings[sightings["feed"].eq("police")]
    assert police["last_on"].astype(str).tolist() == ["2026-08-15"]
    assert police["contact"].tolist() == ["event"]


def test_the_first_month_has_nothing_to_differ_from(two_months):
    assert two_months.published("changes", "2026-09").empty


def test_a_feed_that_stayed_away_and_a_family_that_came_are_told(two_months):
    changes = two_months.published("changes")
    feed = changes[changes["kind"].eq("feed")]
    assert feed[["change", "feed", "cause"]].to_numpy().tolist() == [["went", "police", "data"]]
    family = changes[changes["kind"].eq("family")]
    assert family["change"].tolist() == ["came"]
    assert family["because"].iloc[0] == (
        "new: school/contacts K4|D1, school/pupils D1; its people before: 2 in no record"
    )


def test_needs_that_can_no_longer_be_judged_name_the_late_feed(two_months):
    changes = two_months.published("changes")
    unknown = changes[changes["kind"].eq("need") & changes["after"].eq("unknown")]
    assert len(unknown)
    assert set(unknown["because"]) == {"no usable delivery from police"}


def test_the_command_finds_what_the_month_published_and_writes_it_for_machines(two_months, tmp_path):
    told = two_months.hearth("diff", "2026-09", "2026-10", "--json", str(tmp_path / "diff.json"))
    assert told.exit_code == 0, told.stderr
    written = json.loads((tmp_path / "diff.json").read_text())
    published = two_months.published("changes")
    assert [row["because"] for row in written] == published["because"].tolist()
    assert "feed" in told.stdout
    assert "nothing usable came for this month" in told.stdout
    assert "Pettigrew" not in told.stdout


def test_a_month_beside_itself_and_one_that_is_not_there(two_months):
    assert "0 differences" in two_months.hearth("diff", "2026-10", "2026-10").stdout
    absent = two_months.hearth("diff", "2026-01", "2026-10")
    assert absent.exit_code == 1
    assert "no published month 2026-01" in absent.stderr


def test_an_id_is_told_to_stand_or_to_be_unknown(two_months):
    family = two_months.published("families")["family_id"].iloc[0]
    assert f"{family} stands in 2026-10" in two_months.hearth("resolve", family).stdout
    unknown = two_months.hearth("resolve", "f-nobody")
    assert unknown.exit_code == 1
    assert "knows the id f-nobody" in unknown.stderr


def test_questions_are_listed_by_rank_in_ids_and_words(two_months):
    asked = two_months.published("reviews")
    listed = two_months.hearth("reviews", "--limit", "1000")
    assert listed.exit_code == 0, listed.stderr
    assert f"{len(asked)} questions" in listed.stdout
    assert all(review in listed.stdout for review in asked["review_id"])
    assert "Quibbleton" not in listed.stdout
    assert two_months.hearth("reviews", "--kind", "household").exit_code == 0
