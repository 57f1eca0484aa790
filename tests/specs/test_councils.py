"""What the five councils' documents state, held against what `hearth profile show` says of it."""

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from programme import describe, profile

SPEC = tomllib.loads(Path(__file__).with_name("councils.toml").read_text(encoding="utf-8"))
LINES = [(key, *line) for key, council in SPEC.items() if isinstance(council, dict) for line in council["lines"]]
COUNCILS = [name for name in profile.shipped() if profile.load(name).extends]


@cache
def _shown(name):
    return describe.show(profile.load(name))


@pytest.mark.parametrize(
    ("stated", "name", "line"),
    [(stated, name, line) for _, _, stated, name, line in LINES],
    ids=[f"{council}: {what} {number}" for number, (council, what, *_) in enumerate(LINES)],
)
def test_what_a_councils_document_states_is_shown(stated, name, line):
    shown = _shown(name)
    assert line in shown
    if "Hearth" in stated:
        after = shown[shown.index(line) :].splitlines()
        assert after[1].strip() == "not in Hearth"


@pytest.mark.parametrize("name", COUNCILS)
def test_no_figure_of_a_profile_is_missing_from_the_table(name):
    told = "\n".join(line for *_, shown_by, line in LINES if shown_by == name)
    figures = [each for each in profile.load(name).targets.values() if each.origin == name]
    assert [each.name for each in figures if f"{each.name}: " not in told] == []
    asked = profile.load(name).requirements.values()
    every = "\n".join(line for *_, line in LINES)
    assert [each.name for each in asked if each.name[:40] not in every] == []


@pytest.mark.parametrize("name", profile.shipped())
def test_whatever_letters_a_profile_names_are_given_a_title(name):
    shown = _shown(name)
    rules, _, titles = shown.partition("\nSources\n")
    named = set(re.findall(r"\b(?:W\d\d|S-[A-Z]+)\b", rules))
    assert named == {line.split()[0] for line in titles.splitlines() if line.strip()}


@pytest.mark.parametrize("name", COUNCILS)
def test_each_rule_is_either_the_councils_own_by_its_document_or_marked_as_national(name):
    pack = profile.load(name)
    (own,) = set(re.findall(r"S-[A-Z]+", pack.source))
    for group in profile.Profile.keyed_rules():
        for key, rule in getattr(pack, group).items():
            assert (own in rule.source) == (rule.origin == name) or group in {"fees", "targets"}, key
            words = f"[{rule.confidence}] {rule.source}"
            marked = f"{words}; national rule, {name} is silent"
            assert (marked if rule.origin != name else words) in _shown(name)


REWORKED = [
    ("rbwm-phase-2", "all_worked_with", ["rbwm-phase-1.worked_with", "rbwm-phase-2.worked_with"]),
    ("rbwm-phase-2", "all_directly", ["rbwm-phase-1.directly", "rbwm-phase-2.directly"]),
    ("rbwm-phase-2", "all_turned_around", ["rbwm-phase-1.turned_around", "rbwm-phase-2.turned_around"]),
    ("rbwm-phase-2", "turned_around", ["rbwm-phase-2.turned_around_2016", "rbwm-phase-2.turned_around_before"]),
    ("harrow-phase-1", "approached", ["harrow-phase-1.declined", "harrow-phase-1.not_declined"]),
    ("rotherham-phase-1", "both_years", ["rotherham-phase-1.year_1", "rotherham-phase-1.year_2"]),
    ("rotherham-phase-1", "attachment_both", ["rotherham-phase-1.attachment_1", "rotherham-phase-1.attachment_2"]),
    (
        "rotherham-phase-1",
        "coordinators",
        [f"rotherham-phase-1.coordinators_{whose}" for whose in ("council", "mind", "hired")],
    ),
    ("wirral-phase-1", "claimed", ["wirral-phase-1.route_a", "wirral-phase-1.route_c"]),
]


@pytest.mark.parametrize(("name", "whole", "parts"), REWORKED, ids=[f"{name} {whole}" for name, whole, _ in REWORKED])
def test_the_parts_of_a_reported_figure_add_up_to_it(name, whole, parts):
    places = [part.split(".") for part in parts]
    added = sum((profile.load(where).targets[key].figure for where, key in places), Decimal(0))
    assert profile.load(name).targets[whole].figure == added


def test_a_share_of_a_figure_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "council.toml"
    path.write_text(
        'extends = "wirral-phase-1"\n[targets.more]\nname = "More"\nfigure = 1\nunit = "families"\nof = ["nowhere"]\n'
        'source = "here"\nconfidence = "A"\n',
        encoding="utf-8",
    )
    with pytest.raises(profile.ProfileError, match=r"targets\.more\.of: nowhere is not there"):
        profile.load(path)
