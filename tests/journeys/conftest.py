"""Deliveries written by hand, in the contract's own layout: three small families whose needs can be counted by eye."""

import csv
import hashlib
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

MONTH = "2026-10"

# Family one: a mother, a boy who is hardly at school, police called to abuse of the mother, a claim: over the line.
# Family two: the same street, all well. Family three: two homes apart, one child, nothing known but the school.
ADDRESSES = {
    "one": ("1 Test Row", "HB1 1AA", "900000000001"),
    "two": ("2 Test Row", "HB1 1AA", "900000000002"),
    "three": ("30 Mock Lane", "HB1 2BB", "900000000003"),
}
PEOPLE = {
    "boy": ("Orlando", "Quibbleton", "2014-03-02", "M", "one"),
    "mother": ("Perpetua", "Quibbleton", "1986-07-19", "F", "one"),
    "girl": ("Wilhelmina", "Fothergill", "2013-11-30", "F", "two"),
    "father": ("Barnaby", "Fothergill", "1980-01-23", "M", "two"),
    "child": ("Isolde", "Marchbanks", "2015-05-05", "F", "three"),
    "carer": ("Leopold", "Marchbanks", "1979-09-09", "M", "three"),
}


def described(name):
    forename, surname, born, sex, home = PEOPLE[name]
    line, postcode, uprn = ADDRESSES[home]
    return {
        "forename": forename,
        "surname": surname,
        "date_of_birth": born,
        "sex": sex,
        "address_line_1": line,
        "town": "Hearthbury",
        "postcode": postcode,
        "uprn": uprn,
        "protected_address": "N",
    }


def write_rows(file: Path, rows, *, headings=None):
    file.parent.mkdir(parents=True, exist_ok=True)
    names = headings or list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def pupil(pupil_id, name):
    return {"pupil_id": pupil_id, "school_urn": "100001", "enrolment_status": "C", **described(name)}


def contact(contact_id, pupil_id, name, relationship):
    lives = {"relationship": relationship, "parental_responsibility": "Y", "lives_with_pupil": "Y"}
    return {"contact_id": contact_id, "pupil_id": pupil_id, **lives, **described(name)}


def sessions(pupil_id, present, unauthorised):
    return [
        {"pupil_id": pupil_id, "academic_year": "2025/26", "term": term, "attendance_code": code, "sessions": count}
        for term in ("autumn", "spring", "summer")
        for code, count in (("/", present), ("O", unauthorised))
    ]


def write_school(folder: Path):
    write_rows(folder / "pupils.csv", [pupil("A1", "boy"), pupil("B1", "girl"), pupil("C1", "child")])
    write_rows(
        folder / "contacts.csv",
        [
            contact("K1", "A1", "mother", "mother"),
            contact("K2", "B1", "father", "father"),
            contact("K3", "C1", "carer", "father"),
        ],
    )
    write_rows(folder / "attendance.csv", [*sessions("A1", 50, 50), *sessions("B1", 98, 2), *sessions("C1", 99, 1)])
    exclusion = {"exclusion_id": "X1", "pupil_id": "A1", "category": "PERM", "started_on": "2026-06-01"}
    write_rows(folder / "exclusions.csv", [exclusion])
    result = {"academic_year": "2025/26", "key_stage": "2", "measure": "reading", "value": "98"}
    write_rows(folder / "attainment.csv", [{"pupil_id": "B1", **result}])


def write_police(folder: Path):
    write_rows(folder / "nominals.csv", [{"nominal_id": "N1", **described("mother")}])
    abuse = {"occurrence_id": "O1", "nominal_id": "N1", "role": "victim", "kind": "domestic_abuse"}
    write_rows(folder / "occurrences.csv", [{**abuse, "occurred_on": "2026-08-15"}])
    write_rows(folder / "asb_interventions.csv", [], headings=["intervention_id", "nominal_id", "type", "started_on"])


def write_mash(folder: Path):
    people = [{"mash_id": "M1", **described("boy")}, {"mash_id": "M2", **described("mother")}]
    write_rows(folder / "people.csv", people)
    write_rows(folder / "relationships.csv", [{"mash_id": "M1", "related_mash_id": "M2", "relationship": "parent"}])
    plan = {"episode_id": "E1", "mash_id": "M1", "kind": "child_protection", "started_on": "2026-05-01"}
    write_rows(folder / "episodes.csv", [{**plan, "category": "NEG", "factors": "4B;3B"}])
    referral = {"referral_id": "R1", "mash_id": "M1", "received_on": "2026-04-20", "source_code": "6"}
    write_rows(folder / "referrals.csv", [{**referral, "decision": "assessment"}])
    write_rows(folder / "never_link.csv", [], headings=["mash_id", "other_feed", "other_table", "other_id"])


def write_jobcentre(folder: Path):
    write_rows(folder / "claimants.csv", [{"claimant_id": "J1", "nino": "QQ123456A", **described("mother")}])
    claim = {"claimant_id": "J1", "benefit_code": "UC", "started_on": "2025-02-01"}
    write_rows(folder / "claims.csv", [{**claim, "conditionality": "searching for work"}])
    write_rows(folder / "employment.csv", [], headings=["claimant_id", "started_on"])
    write_rows(folder / "progress.csv", [], headings=["claimant_id", "action_on", "action"])


def write_nominations(folder: Path):
    nomination = {"nomination_id": "V1", "agency": "housing", "nominated_on": "2026-09-01", "indicator": "SF9.2"}
    write_rows(folder / "nominations.csv", [{**nomination, **described("mother")}])


WRITERS = {
    "school": write_school,
    "police": write_police,
    "mash": write_mash,
    "jobcentre": write_jobcentre,
    "nominations": write_nominations,
}


class Council:
    """A landing folder and a store, and the command run on them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.landing = root / "landing"
        self.store = root / "store"

    def deliver(self, month=MONTH, feeds=tuple(WRITERS)):
        for feed in feeds:
            WRITERS[feed](self.landing / month / feed)

    def promise(self, feed, table, *, month=MONTH, rows, sha256=None):
        folder = self.landing / month / feed
        file = folder / f"{table}.csv"
        hashed = sha256 or hashlib.sha256(file.read_bytes()).hexdigest()
        (folder / "delivery.toml").write_text(f'[tables.{table}]\nrows = {rows}\nsha256 = "{hashed}"\n')

    def hearth(self, *words):
        from pipelines.cli import app  # noqa: PLC0415 - importing the command is slow, and only journeys need it

        return CliRunner().invoke(app, [*words], env=self.environment, catch_exceptions=False)

    def run(self, month=MONTH, *words):
        return self.hearth("run", "--month", month, *words)

    @property
    def environment(self):
        return {
            **os.environ,
            "HEARTH_LANDING": str(self.landing),
            "HEARTH_STORE": str(self.store),
            "HEARTH_ALLOW_TEST_IDENTIFIERS": "true",
            "DAGSTER_HOME": str(self.store / "dagster"),
        }

    def published(self, table, month=MONTH):
        from assets.snapshots import read_published  # noqa: PLC0415
        from assets.store import Store  # noqa: PLC0415

        return read_published(Store(self.store), month, table)


@pytest.fixture
def council(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Council(tmp_path)


@pytest.fixture(scope="session")
def council_type():
    """The class itself, for journeys that make a council of their own."""
    return Council


@pytest.fixture(scope="module")
def settled_council(tmp_path_factory):
    """One council whose October is published, for journeys that only read it."""
    settled = Council(tmp_path_factory.mktemp("council"))
    settled.deliver()
    result = settled.run()
    assert result.exit_code == 0, result.stderr
    return settled
