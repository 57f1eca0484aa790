"""Identifiers, with the numeric cases of the domain's own list (C90 to C101)."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import identifiers
from schemas.identifiers import TEXT, UPN_LETTERS
from schemas.vocabulary import ETHNICITY, ETHNICITY_REPAIRS


def column(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype=TEXT)


def test_c90_a_upn_with_its_check_letter_is_valid() -> None:
    assert identifiers.is_upn(column("B801200005001")).tolist() == [True]


def test_c91_a_upn_with_another_letter_is_not() -> None:
    assert identifiers.is_upn(column("A801200005001")).tolist() == [False]


def test_c92_published_upns_have_the_right_letters() -> None:
    assert identifiers.is_upn(column("A950000178301", "H243278544154", "X845212818005")).all()


def test_c93_the_letters_that_two_wrong_upns_should_have() -> None:
    assert not identifiers.is_upn(column("R247962919251", "X428558133462")).any()
    assert identifiers.upn_check_letter(column("247962919251", "428558133462")).tolist() == ["Q", "W"]


def test_c94_a_temporary_upn_ends_in_a_letter_and_is_valid() -> None:
    upns = column("Y351200004012", "V35120000401A")
    assert identifiers.is_upn(upns).tolist() == [True, True]
    assert identifiers.is_temporary_upn(upns).tolist() == [False, True]


@settings(max_examples=25, deadline=None)
@given(st.text("123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + UPN_LETTERS))
def test_exactly_one_letter_makes_a_upn_of_a_stem(digits: str, last: str) -> None:
    assert identifiers.is_upn(column(*(letter + digits + last for letter in UPN_LETTERS))).sum() == 1


def test_a_upn_of_authority_000_is_valid_only_where_tests_are_allowed() -> None:
    stem = "000123456789"
    upn = column(identifiers.upn_check_letter(column(stem)).iloc[0] + stem)
    assert identifiers.is_upn(upn).tolist() == [False]
    assert identifiers.is_upn(upn, allow_test=True).tolist() == [True]


def test_c95_a_well_formed_nino_is_valid() -> None:
    assert identifiers.is_nino(column("AB123456C")).tolist() == [True]


@pytest.mark.parametrize("case", range(5))
def test_c96_each_kind_of_wrong_nino_is_invalid(case: int) -> None:
    wrong = ("QQ123456A", "DA123456A", "AO123456B", "BG123456A", "AB123456E")
    assert identifiers.is_nino(column(wrong[case])).tolist() == [False]


def test_a_nino_that_begins_with_qq_is_valid_only_where_tests_are_allowed() -> None:
    assert identifiers.is_nino(column("QQ123456A", "DA123456A"), allow_test=True).tolist() == [True, False]


def test_c97_a_nino_is_compared_without_spaces_and_in_capitals() -> None:
    assert identifiers.compact(column(" ab 12 34 56 c ")).tolist() == ["AB123456C"]


def test_c98_an_nhs_number_is_valid_by_its_check_digit() -> None:
    numbers = identifiers.tidy_nhs_number(column("9434765919", "943 476 5919", "943-476-5919", "9434765918"))
    assert identifiers.is_nhs_number(numbers).tolist() == [True, True, True, False]


def test_an_nhs_number_that_begins_with_999_is_valid_only_where_tests_are_allowed() -> None:
    assert identifiers.is_nhs_number(column("9990000018")).tolist() == [False]
    assert identifiers.is_nhs_number(column("9990000018"), allow_test=True).tolist() == [True]


def test_c99_postcodes_take_one_form_and_follow_the_grammar() -> None:
    tidy = identifiers.tidy_postcode(column("s60 1ae", "S601AE", "S60 1C1", " sw1a1aa ", "gir0aa", "bfpo 57"))
    assert tidy.tolist() == ["S60 1AE", "S60 1AE", "S60 1C1", "SW1A 1AA", "GIR 0AA", "BFPO 57"]
    assert identifiers.is_postcode(tidy).tolist() == [True, True, False, True, True, True]


def test_a_postcode_that_stands_for_no_place_is_none() -> None:
    assert identifiers.is_postcode(column("ZZ99 3VZ")).tolist() == [False]


def test_c101_the_misprinted_ethnicity_code_has_a_repair() -> None:
    assert ETHNICITY_REPAIRS["CNHE"] in ETHNICITY


def test_a_uprn_sheds_zeros_and_points_and_fillers_are_none() -> None:
    tidy = identifiers.tidy_uprn(column("000100012345", "100012345.0", "-1", "1", "0", "1.0", "1234567890123"))
    assert tidy.head(2).tolist() == ["100012345", "100012345"]
    assert identifiers.is_uprn(tidy).tolist() == [True, True, False, False, False, False, False]


def test_missing_and_no_values_at_all_are_never_valid() -> None:
    checks = (identifiers.is_upn, identifiers.is_nino, identifiers.is_nhs_number, identifiers.is_postcode)
    for check in (*checks, identifiers.is_uprn):
        assert check(column(None)).tolist() == [False]
        assert check(column()).tolist() == []


@given(st.lists(st.text(max_size=14), max_size=4))
def test_no_text_breaks_a_check(texts: list[str]) -> None:
    values = identifiers.compact(column(*texts))
    for check in (identifiers.is_upn, identifiers.is_nino, identifiers.is_nhs_number, identifiers.is_postcode):
        assert len(check(values)) == len(texts)
