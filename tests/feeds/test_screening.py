"""Screening: which rows are used, which are set aside and why, and what is mended on the way."""

import json
from collections.abc import Callable

import pandas as pd
import pytest

from feeds.errors import UnusableFileError
from feeds.screening import Screened
from schemas.frames import empty
from schemas.registry import FEED_TABLES

Screen = Callable[..., Screened]
PUPIL = {"pupil_id": "P1", "school_urn": "100001", "surname": "Ay"}


def pupils(screened: Screen, *rows: dict[str, str], **options: bool) -> Screened:
    return screened("school", "pupils", [PUPIL | row for row in rows], **options)


def rejections(result: Screened) -> list[tuple[int, str, str]]:
    rejected = result.rejected.fillna("")
    return list(zip(rejected["line"], rejected["rule"], rejected["column_name"], strict=True))


def test_an_accepted_row_is_typed_and_carries_its_evidence(screened: Screen) -> None:
    row = {"date_of_birth": "2015-02-03", "protected_address": "y", "free_school_meals": ""}
    frame = pupils(screened, row).frame
    assert frame.dtypes.equals(empty(FEED_TABLES["school", "pupils"]).dtypes)
    held = frame.iloc[0]
    assert held[["source_id", "received_for", "line"]].tolist() == ["P1", "2026-10", 2]
    assert held["extract_on"] == pd.Timestamp(2026, 10, 31)
    assert held["date_of_birth"] == pd.Timestamp(2015, 2, 3)
    assert bool(held["protected_address"]) is True
    assert held[["free_school_meals", "upn"]].isna().all()


@pytest.mark.parametrize("name", sorted(FEED_TABLES), ids="/".join)
def test_a_file_of_headings_alone_gives_an_empty_held_frame(screened: Screen, name: tuple[str, str]) -> None:
    model = FEED_TABLES[name]
    result = screened(*name, ",".join(empty(model).columns) + "\n")
    assert result.frame.dtypes.equals(empty(model).dtypes)
    assert result.rows == 0


def test_text_is_trimmed_and_empty_text_is_missing_but_the_name_null_is_a_name(screened: Screen) -> None:
    held = pupils(screened, {"surname": "\u00a0 Null ", "forename": "  "}).frame.iloc[0]
    assert held["surname"] == "Null"
    assert held[["forename"]].isna().all()


def test_an_address_is_protected_only_where_the_feed_says_so_and_open_where_it_is_empty(screened: Screen) -> None:
    flags = [{"pupil_id": f"P{n}", "protected_address": flag} for n, flag in enumerate(["Y", "N", "", "n", "y"])]
    assert pupils(screened, *flags).frame["protected_address"].tolist() == [True, False, False, False, True]


def test_a_protection_that_cannot_be_read_sets_the_row_aside_rather_than_open_the_address(screened: Screen) -> None:
    assert rejections(pupils(screened, {"protected_address": "1"})) == [(2, "code", "protected_address")]


def test_an_address_without_the_protection_column_is_not_protected(screened: Screen) -> None:
    assert pupils(screened, {}).frame["protected_address"].tolist() == [False]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ({"pupil_id": " "}, "required", "pupil_id"),
        ({"school_urn": ""}, "required", "school_urn"),
        ({"sex": "X"}, "code", "sex"),
        ({"free_school_meals": "maybe"}, "code", "free_school_meals"),
        ({"enrolment_status": "Q"}, "code", "enrolment_status"),
    ],
)
def test_a_pupil_that_breaks_a_rule_is_set_aside(screened: Screen, row: dict, rule: str, column: str) -> None:
    result = pupils(screened, row, {"pupil_id": "P2"})
    assert rejections(result) == [(2, rule, column)]
    assert result.frame["pupil_id"].tolist() == ["P2"]


@pytest.mark.parametrize(
    ("changes", "rule", "column"),
    [
        ({"started_on": "2026-02-30"}, "date", "started_on"),
        ({"started_on": "01/09/2026"}, "date", "started_on"),
        ({"started_on": "1899-12-31"}, "date", "started_on"),
        ({"started_on": "2101-01-01"}, "date", "started_on"),
        ({"started_on": ""}, "required", "started_on"),
        ({"category": "ODD"}, "code", "category"),
    ],
)
def test_an_event_without_a_usable_date_or_code_is_set_aside(
    screened: Screen, changes: dict, rule: str, column: str
) -> None:
    row = {"exclusion_id": "X1", "pupil_id": "P1", "category": "SUSP", "started_on": "2026-09-01"} | changes
    assert rejections(screened("school", "exclusions", [row])) == [(2, rule, column)]


@pytest.mark.parametrize("written", ["2026-09-01", "2026-09-01 00:00:00", "2026-09-01T00:00:00", " 2026-09-01 "])
def test_a_date_may_carry_midnight(screened: Screen, written: str) -> None:
    row = {"exclusion_id": "X1", "pupil_id": "P1", "category": "susp", "started_on": written}
    result = screened("school", "exclusions", [row])
    assert result.frame["started_on"].tolist() == [pd.Timestamp(2026, 9, 1)]
    assert result.repaired == {}


def test_a_time_of_day_is_left_off_and_counted(screened: Screen) -> None:
    row = {"exclusion_id": "X1", "pupil_id": "P1", "category": "SUSP", "started_on": "2026-09-01 14:30:00"}
    result = screened("school", "exclusions", [row])
    assert result.frame["started_on"].tolist() == [pd.Timestamp(2026, 9, 1)]
    assert result.repaired == {("date", "started_on"): 1}


def test_an_older_word_and_a_misspelt_code_are_repaired_and_counted(screened: Screen) -> None:
    row = {"exclusion_id": "X1", "pupil_id": "P1", "category": "FIXD", "started_on": "2026-09-01"}
    result = screened("school", "exclusions", [row])
    assert result.frame["category"].tolist() == ["SUSP"]
    assert result.repaired == {("code", "category"): 1}
    ethnic = pupils(screened, {"ethnicity": "CNHE"}, {"pupil_id": "P2", "ethnicity": "ABCD"})
    assert ethnic.frame["ethnicity"].fillna("none").tolist() == ["CHNE", "none"]
    assert ethnic.repaired == {("code", "ethnicity"): 2}


@pytest.mark.parametrize(
    ("column", "wrong", "rule"),
    [
        ("date_of_birth", "31/12/2014", "date"),
        ("date_of_birth", "1899-12-31", "date"),
        ("date_of_birth", "2026-11-01", "date"),
        ("upn", "A801200005001", "upn"),
        ("postcode", "S60 1C1", "postcode"),
        ("uprn", "-1", "uprn"),
        ("entry_on", "soon", "date"),
    ],
)
def test_an_optional_value_that_is_invalid_becomes_missing_and_is_counted(
    screened: Screen, column: str, wrong: str, rule: str
) -> None:
    result = pupils(screened, {column: wrong})
    assert result.frame[column].isna().all()
    assert len(result.rejected) == 0
    assert result.repaired == {(rule, column): 1}


def test_a_date_of_birth_on_the_day_of_the_extract_stands(screened: Screen) -> None:
    assert pupils(screened, {"date_of_birth": "2026-10-31"}).frame["date_of_birth"].notna().all()


def test_identifiers_take_one_form_and_the_change_is_counted(screened: Screen) -> None:
    row = {"upn": "b801200005001", "postcode": "s601ae", "uprn": "100012345.0", "former_upn": "V35120000401A"}
    result = pupils(screened, row)
    expected = ["B801200005001", "S60 1AE", "100012345", "V35120000401A"]
    assert result.frame[["upn", "postcode", "uprn", "former_upn"]].iloc[0].tolist() == expected
    assert result.repaired == {("upn", "upn"): 1, ("postcode", "postcode"): 1, ("uprn", "uprn"): 1}


def test_identifiers_that_cannot_be_real_pass_only_where_the_settings_say_so(screened: Screen) -> None:
    row = {"claimant_id": "C1", "nino": "QQ123456A"}
    assert screened("jobcentre", "claimants", [row]).frame["nino"].isna().all()
    assert screened("jobcentre", "claimants", [row], allow_test=True).frame["nino"].tolist() == ["QQ123456A"]


def test_of_rows_with_one_key_the_last_stands(screened: Screen) -> None:
    result = pupils(screened, {"surname": "One"}, {"pupil_id": "P2"}, {"surname": "Two"}, {"surname": "Three"})
    assert result.frame["line"].tolist() == [3, 5]
    assert rejections(result) == [(2, "duplicate_key", "pupil_id"), (4, "duplicate_key", "pupil_id")]


def test_a_usable_row_is_not_given_up_for_a_later_one_that_cannot_be_used(screened: Screen) -> None:
    result = pupils(screened, {"surname": "One"}, {"surname": "Two", "sex": "?"})
    assert result.frame["surname"].tolist() == ["One"]
    assert rejections(result) == [(3, "code", "sex")]


def test_a_row_that_breaks_several_rules_is_one_rejection_under_its_key_first(screened: Screen) -> None:
    assert rejections(pupils(screened, {"pupil_id": "", "sex": "?", "school_urn": ""})) == [(2, "required", "pupil_id")]


def test_a_key_of_several_parts_is_joined_in_the_contracts_order(screened: Screen) -> None:
    row = {"started_on": "2026-01-05 00:00:00", "benefit_code": "uc", "claimant_id": "C1"}
    assert screened("jobcentre", "claims", [row]).frame["source_id"].tolist() == ["C1|UC|2026-01-05"]


def test_an_occurrence_known_only_by_its_address_has_a_key_that_ends_empty(screened: Screen) -> None:
    row = {"occurrence_id": "O1", "role": "suspect", "occurred_on": "2026-09-01", "kind": "asb"}
    rows = [row | {"nominal_id": ""}, row | {"nominal_id": "N1"}]
    assert screened("police", "occurrences", rows).frame["source_id"].tolist() == ["O1|", "O1|N1"]


def test_a_rejected_row_is_kept_whole_and_as_it_was_delivered(screened: Screen) -> None:
    text = 'Pupil_ID , school_urn,Note\n P1 ,,"a ""b""\nc"\n'
    record = json.loads(screened("school", "pupils", text).rejected["record"].iloc[0])
    assert record == {"Pupil_ID": " P1 ", "school_urn": "", "Note": 'a "b"\nc'}


def test_a_ragged_row_is_set_aside_with_its_text_and_counts_as_a_row(screened: Screen) -> None:
    result = screened("school", "pupils", "pupil_id,school_urn\nP1,1\nP2,1,extra\n")
    assert rejections(result) == [(3, "column_count", "")]
    assert json.loads(result.rejected["record"].iloc[0]) == {"text": "P2,1,extra"}
    assert (result.rows, result.rejected_share) == (2, 0.5)


def test_a_person_born_is_no_longer_expected(screened: Screen) -> None:
    rows = [
        {"mash_id": "M1", "date_of_birth": "2026-01-01", "expected_date_of_birth": "2026-01-05"},
        {"mash_id": "M2", "date_of_birth": "", "expected_date_of_birth": "2027-01-05"},
    ]
    result = screened("mash", "people", rows)
    assert result.frame["expected_date_of_birth"].notna().tolist() == [False, True]
    assert result.frame["date_of_birth"].notna().tolist() == [True, False]
    assert result.doubtful == {("born_and_expected", "expected_date_of_birth"): 1}


def test_several_codes_in_one_cell_are_set_apart_evenly(screened: Screen) -> None:
    row = {"referral_id": "R1", "mash_id": "M1", "received_on": "2026-09-01", "concerns": " 3A ;;4B; "}
    assert screened("mash", "referrals", [row]).frame["concerns"].tolist() == ["3A;4B"]


def test_conditionality_is_read_in_any_case(screened: Screen) -> None:
    row = {
        "claimant_id": "C1",
        "benefit_code": "UC",
        "started_on": "2026-01-01",
        "conditionality": "Searching For Work",
    }
    assert screened("jobcentre", "claims", [row]).frame["conditionality"].tolist() == ["searching for work"]


def test_an_indicator_that_no_profile_knows_is_kept(screened: Screen) -> None:
    row = {"nomination_id": "N1", "agency": "health", "nominated_on": "2026-09-01", "indicator": "anything"}
    assert screened("nominations", "nominations", [row]).frame["indicator"].tolist() == ["anything"]


def test_a_missing_required_column_refuses_the_table_with_the_headings_found(screened: Screen) -> None:
    with pytest.raises(UnusableFileError, match="required column school_urn is missing; found are Pupil_Id, Surname"):
        screened("school", "pupils", "Pupil_Id,Surname\nP1,A\n")


def test_a_file_without_a_header_is_refused_without_quoting_its_first_row(screened: Screen) -> None:
    with pytest.raises(UnusableFileError, match="none of the 3 headings") as caught:
        screened("school", "pupils", "P1,Zzyzx,100001\n")
    assert "Zzyzx" not in str(caught.value)


def test_extra_columns_are_named_and_headings_are_known_in_any_case(screened: Screen) -> None:
    result = screened("school", "pupils", " PUPIL_ID,House,School_URN \nP1,Red,1\n")
    assert result.extra == ("House",)
    assert result.frame["school_urn"].tolist() == ["1"]
