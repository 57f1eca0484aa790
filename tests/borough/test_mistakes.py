import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough import mistakes
from borough.days import Month, ages, day, from_parts, months_to, parts
from borough.habits import NOMINALS
from borough.identifiers import nhs_numbers, ninos, temporary_upns, upns, wrong_upns
from borough.luck import Luck

LUCK = st.floats(min_value=0, max_value=1, exclude_max=True)
NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12).map(str.capitalize)


@given(NAMES, LUCK)
def test_a_slip_keeps_the_first_letter_and_changes_one_place(name: str, luck: float) -> None:
    slipped = mistakes.slip(name, luck)
    assert slipped[0] == name[0]
    assert abs(len(slipped) - len(name)) <= 1


@given(NAMES, LUCK)
def test_the_same_luck_makes_the_same_mistake(name: str, luck: float) -> None:
    assert mistakes.by_ear(name, luck) == mistakes.by_ear(name, luck)


@given(LUCK)
def test_punctuation_is_lost_in_one_of_the_usual_ways(luck: float) -> None:
    assert mistakes.punctuated_otherwise("O'Brien", luck) in {"OBrien", "O Brien", "O\u2019Brien"}
    assert mistakes.punctuated_otherwise("Smith-Jones", luck) in {"Smith Jones", "Smith", "Jones", "SmithJones"}


@pytest.mark.parametrize(
    ("name", "forms"), [("Elizabeth", {"Liz", "Beth", "Lizzie", "Betty", "Libby", "Lisa"}), ("Zygmunt", {"Zygmunt"})]
)
def test_short_forms_come_from_the_list(name: str, forms: set[str]) -> None:
    assert {mistakes.short_form(name, luck / 50) for luck in range(50)} == forms


def test_accents_are_dropped_where_a_system_knows_only_english_letters() -> None:
    assert mistakes.plain("Łukasz Wiśniewski") == "Lukasz Wisniewski"


def test_other_spellings_are_of_the_same_name() -> None:
    forms = {mistakes.other_spelling("Muhammad", luck / 40) for luck in range(40)}
    assert "Mohammed" in forms
    assert "Muhammad" not in forms


def test_the_dial_turns_every_rate_and_no_manner() -> None:
    louder = NOMINALS.times(3)
    assert louder.slip == pytest.approx(3 * NOMINALS.slip)
    assert louder.uprn_missing == 1.0
    assert louder.upper is NOMINALS.upper
    assert NOMINALS.times(0).slip == 0


@given(st.integers(min_value=-30_000, max_value=30_000))
def test_days_and_their_parts_are_the_same_thing(number: int) -> None:
    assert from_parts(*parts(np.array([number])))[0] == number


def test_a_birthday_counts_on_the_day() -> None:
    born = np.array([day(2008, 10, 31), day(2008, 11, 1), day(2008, 2, 29)])
    assert ages(born, day(2026, 10, 31)).tolist() == [18, 17, 18]


def test_months_run_up_to_the_last() -> None:
    assert [month.name for month in months_to("2026-02", 4)] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert Month.of("2024-02").last - Month.of("2024-02").first == 28


def test_numbers_differ_for_different_people() -> None:
    numbers = np.arange(5_000)
    assert len(set(upns(numbers, np.full(5_000, 2020)))) == 5_000
    assert len(set(temporary_upns(numbers, np.full(5_000, 2020)))) == 5_000
    assert len(set(ninos(numbers))) == 5_000
    assert len(set(nhs_numbers(numbers))) == 5_000


def test_a_wrong_pupil_number_differs_in_its_letter_alone() -> None:
    right = upns(np.arange(50), np.full(50, 2020))
    wrong = wrong_upns(right)
    assert all(a != b and a[1:] == b[1:] for a, b in zip(right, wrong, strict=True))


def test_luck_belongs_to_the_record_and_not_to_its_place_in_the_file() -> None:
    keys = np.arange(100)
    luck = Luck.about(7, "test", keys)
    shuffled = np.random.default_rng(1).permutation(100)
    assert (Luck.about(7, "test", keys[shuffled]).of("slip") == luck.of("slip")[shuffled]).all()
    assert not (luck.of("slip") == luck.of("by_ear")).any()
    assert abs(Luck.about(7, "test", np.arange(20_000)).of("slip").mean() - 0.5) < 0.01
