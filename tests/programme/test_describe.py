"""Profiles in words, and what one changed of another."""

import pytest

from programme import describe, pack_changes, profile


@pytest.mark.parametrize("name", profile.shipped())
def test_every_rule_is_shown_with_its_source_and_how_sure_it_is(name):
    pack = profile.load(name)
    shown = describe.show(pack)
    for rules in (pack.criteria, pack.outcomes, pack.routes, pack.fees, pack.targets):
        for key, rule in rules.items():
            assert f"  {key}  " in shown
            assert f"[{rule.confidence}] {rule.source}" in shown


def test_what_a_councils_document_does_not_say_is_marked_as_national():
    shown = describe.show(profile.load("wirral-phase-1"))
    own = shown[shown.index("WIRRAL1.ED.1") :]
    assert "silent" not in own[: own.index("\n\n")]
    assert "national rule, wirral-phase-1 is silent" in shown[: shown.index("WIRRAL1.ED.1")]


def test_what_wirral_changed_between_the_phases_is_told_in_words():
    told = pack_changes.changes(profile.load("wirral-phase-1"), profile.load("wirral-phase-2"))
    assert "changed WIRRAL1.ED.1, now WIRRAL2.ED.1" in told
    assert "was: attendance, % of possible sessions < 85, any child, last 3 completed terms" in told
    assert "now: attendance, % of possible sessions < 90, any child, last 3 completed terms" in told
    assert "families attached from 2012-04-01 to 2015-03-31 are not counted again" in told
    assert "P1.ED.2" not in told


def test_what_wirral_itself_changed_is_told_before_what_the_national_rules_did():
    told = pack_changes.changes(profile.load("wirral-phase-1"), profile.load("wirral-phase-2"))
    own, beneath = told.split("In the rules that they extend\n")
    assert "WIRRAL2.ED.1" in own
    assert "A parent or child with a mental health problem" in own
    assert "added P2.1.f" not in own
    assert "  added P2.1.f" in beneath
    assert "Early starters" in beneath
    assert "WIRRAL" not in beneath


def test_packs_that_extend_nothing_are_told_in_one_piece():
    told = pack_changes.changes(profile.load("troubled-families-phase-1"), profile.load("troubled-families-phase-2"))
    assert "In the rules that they extend" not in told
    assert "added P2.1.f" in told


def test_a_pack_against_itself_is_unchanged():
    pack = profile.load("harrow-phase-1")
    assert pack_changes.changes(pack, pack) == "From harrow-phase-1 to harrow-phase-1\n  nothing is changed\n"
