"""The rules in force as rows."""

import pytest

from programme.profile import load, shipped
from programme.rulebook import in_force
from schemas.frames import conform
from schemas.published import RuleInForce


@pytest.mark.parametrize("name", shipped())
def test_every_rule_of_a_shipped_profile_has_one_row(name):
    profile = load(name)
    rules = conform(in_force(profile), RuleInForce)
    of_kind = rules.groupby("kind")["rule_id"].apply(list)
    assert of_kind["criterion"] == list(profile.criteria)
    assert of_kind["headline"] == list(profile.headlines)
    assert of_kind.get("outcome", []) == list(profile.outcomes)
    assert not rules.duplicated(["kind", "rule_id"]).any()


def test_a_criterion_says_its_conditions_its_source_and_how_sure_that_is():
    rules = in_force(load("supporting-families-2022")).set_index("rule_id")
    row = rules.loc["SF1.1"]
    assert "attendance" in row["words"]
    assert "90" in row["words"]
    assert row["source"].startswith("W36")
    assert row["confidence"] == "M-M"


def test_a_councils_norms_are_figures():
    rules = in_force(load("lincolnshire-phase-1"))
    figures = rules[rules["kind"].eq("casework")].set_index("rule_id")["figure"]
    assert figures["follow_up_months"] == load("lincolnshire-phase-1").casework.follow_up_months
