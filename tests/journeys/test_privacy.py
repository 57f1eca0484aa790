"""No personal value leaves its column: every name, address and identifier is a canary, and a whole run is searched."""

import pytest

pytestmark = pytest.mark.journey

# Every value in the deliveries that is about a person; short words that could stand anywhere are left out.
CANARIES = [
    *("Orlando", "Quibbleton", "Perpetua", "Wilhelmina", "Fothergill", "Barnaby", "Isolde", "Marchbanks", "Leopold"),
    *("2014-03-02", "1986-07-19", "2013-11-30", "1980-01-23", "2015-05-05", "1979-09-09"),
    *("1 Test Row", "2 Test Row", "30 Mock Lane", "HB1 1AA", "HB1 2BB", "HB11AA", "900000000001", "QQ123456A"),
]


def found_in(text: bytes):
    return [canary for canary in CANARIES if canary.lower().encode() in text.lower()]


def dagster_storage(council):
    files = [file for file in (council.store / "dagster").rglob("*") if file.is_file()]
    return b"".join(file.read_bytes() for file in files)


def test_a_run_leaves_no_personal_value_in_output_or_in_dagster(settled_council):
    result = settled_council.run()
    stored = dagster_storage(settled_council)
    assert b"person_records" in stored  # the search does look where the events are
    assert found_in(stored) == []
    assert found_in((result.stdout + result.stderr).encode()) == []


def test_broken_files_and_refusals_leave_none_either(council):
    council.deliver()
    school, police = (council.landing / "2026-10" / feed for feed in ("school", "police"))
    pupils = school / "pupils.csv"
    pupils.write_text(pupils.read_text().replace("2014-03-02", "Quibbleton").replace(",M,", ",Fothergill,"))
    (police / "nominals.csv").write_text("Quibbleton;Orlando\nPerpetua;1\n")
    (council.landing / "2026-10" / "mash" / "delivery.toml").write_text('[tables.people]\nrows = "Quibbleton"\n')
    result = council.run()
    assert found_in((result.stdout + result.stderr).encode()) == []
    assert found_in(dagster_storage(council)) == []


def test_an_error_in_a_step_leaves_none(council, monkeypatch):
    council.deliver()

    def describe(*_, **__):
        message = "could not parse Quibbleton, born 2014-03-02"
        raise ValueError(message)

    monkeypatch.setattr("assets.people.describe", describe)
    result = council.run()
    assert result.exit_code == 1
    assert found_in((result.stdout + result.stderr).encode()) == []
    assert found_in(dagster_storage(council)) == []


def test_names_stand_where_they_belong(settled_council):
    persons = settled_council.published("persons")
    assert "Quibbleton" in set(persons["surname"])
