"""A family taken on, a result claimed, and later months that would undo it: through the real job, month by month."""

import csv

import pytest

pytestmark = pytest.mark.journey

PROFILE = ("--profile", "rbwm-phase-2")


def _rows(council, month, feed, table, change):
    """Rewrite a delivered file: `change` gets its rows and gives them back."""
    file = council.landing / month / feed / f"{table}.csv"
    with file.open(newline="", encoding="utf-8") as delivered:
        reader = csv.DictReader(delivered)
        rows, names = list(reader), list(reader.fieldnames or [])
    rows = change(rows)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys([*names, *(name for row in rows for name in row)])), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _quiet(council, month):
    """The first family in lasting work: nothing else of it is claimed here."""
    work = {"claimant_id": "J1", "started_on": "2026-03-01"}
    _rows(council, month, "jobcentre", "employment", lambda _: [work])
    _rows(council, month, "jobcentre", "claims", lambda rows: [{**row, "ended_on": "2026-03-01"} for row in rows])


def _casebook(council, name, *rows):
    folder = council.store / "casebook"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def claimed(tmp_path_factory, council_type):
    """October: the mother has worked for 26 weeks and more; the result is claimed and submitted."""
    council = council_type(tmp_path_factory.mktemp("claimed"))
    for month in ("2026-09", "2026-10", "2026-11"):
        council.deliver(month)
        _quiet(council, month)
    run = council.run("2026-09", *PROFILE)
    assert run.exit_code == 0, run.stderr
    family = council.published("cohort", "2026-09").query("is_identified")["family_id"].iloc[0]
    blank = dict.fromkeys(("agency", "closed_on", "close_reason"), "")
    taken = {"family_id": family, "attached_on": "2026-02-10", "key_worker": "W1", "consent": "given", **blank}
    _casebook(council, "attachments.csv", taken)
    run = council.run("2026-10", *PROFILE)
    assert run.exit_code == 0, run.stderr
    claims = council.published("claims", "2026-10")
    assert claims[["route", "amount_gbp"]].to_numpy().tolist() == [["employment", 800]]
    steps = [("checked", "a"), ("approved", "b"), ("submitted", "a")]
    _casebook(
        council,
        "claims.csv",
        *(
            {"claim_id": claims["claim_id"].iloc[0], "status": status, "decided_by": who, "decided_on": "2026-11-04"}
            for status, who in steps
        ),
    )
    return council


def _warning(council):
    result = council.run("2026-11", *PROFILE)
    assert result.exit_code == 0, result.stderr
    claims = council.published("claims", "2026-11")
    assert claims["status"].tolist() == ["submitted"]
    return claims["warning"].iloc[0]


def test_a_claim_whose_benefit_turns_out_to_run_on_is_warned_with_the_row(claimed):
    again = {"claimant_id": "J1", "benefit_code": "UC", "started_on": "2026-10-20"}
    later = {**again, "conditionality": "searching for work"}
    _rows(claimed, "2026-11", "jobcentre", "claims", lambda rows: [*rows, later])
    told = _warning(claimed)
    _rows(claimed, "2026-11", "jobcentre", "claims", lambda rows: rows[:-1])
    assert told.startswith("P2.EMP (Continuous employment by an adult) is no longer met")


def test_what_stood_at_attachment_is_recorded_once_and_kept(claimed):
    before, after = (claimed.published("baselines", month) for month in ("2026-10", "2026-11"))
    assert len(before) > 20
    assert before.equals(after)
    assert set(before["taken_from"]) == {"2026-09"}


@pytest.fixture(scope="module")
def joined(tmp_path_factory, council_type):
    """Two families, both taken on; in October the parents of either live together with both children."""
    council = council_type(tmp_path_factory.mktemp("joined"))
    for month in ("2026-09", "2026-10"):
        council.deliver(month)
    result = council.run("2026-09", *PROFILE)
    assert result.exit_code == 0, result.stderr
    records, members = (council.published(table, "2026-09") for table in ("person_records", "family_members"))
    family_of = records.merge(members, on="person_id").set_index("source_id")["family_id"]
    blank = dict.fromkeys(("agency", "closed_on", "close_reason"), "")
    taken = {"key_worker": "W1", "consent": "given", **blank}
    ids = {"boy": str(family_of["A1"]), "girl": str(family_of["B1"])}
    first = {"family_id": ids["girl"], "attached_on": "2026-02-10", **taken}
    then = {"family_id": ids["boy"], "attached_on": "2026-09-20", **taken}
    _casebook(council, "attachments.csv", first, then)
    result = council.run("2026-09", *PROFILE)
    assert result.exit_code == 0, result.stderr
    apart = council.published("baselines", "2026-09")
    home = {"address_line_1": "1 Test Row", "postcode": "HB1 1AA", "uprn": "900000000001"}
    _rows(council, "2026-10", "school", "pupils", lambda rows: [_at(row, home, "B1") for row in rows])
    _rows(council, "2026-10", "school", "contacts", lambda rows: _of_both([_at(row, home, "K2") for row in rows]))
    result = council.run("2026-10", *PROFILE)
    assert result.exit_code == 0, result.stderr
    return council, ids, apart


def _at(row, home, key):
    return {**row, **home} if key in {row.get("contact_id", row["pupil_id"])} else row


def _of_both(contacts):
    """The mother and the father, each a contact of the other's child too."""
    of = {row["contact_id"]: row for row in contacts}
    step = [
        {**of["K1"], "contact_id": "K11", "pupil_id": "B1", "relationship": "step_parent"},
        {**of["K2"], "contact_id": "K12", "pupil_id": "A1", "relationship": "step_parent"},
    ]
    return [*contacts, *step]


def test_where_two_families_that_were_taken_on_became_one_each_case_keeps_its_baseline(joined):
    council, ids, apart = joined
    attachments, now = (council.published(table, "2026-10") for table in ("attachments", "baselines"))
    assert attachments["family_id"].nunique() == 1
    days = {ids["girl"]: "2026-02-10", ids["boy"]: "2026-09-20"}
    for family, day in days.items():
        was, kept = apart[apart["family_id"] == family], now[now["attached_on"] == day]
        columns = [name for name in was.columns if name != "family_id"]
        assert len(was) > 20
        assert was[columns].reset_index(drop=True).equals(kept[columns].reset_index(drop=True))
