"""Thresholds moved without touching what is published."""

import pytest

from programme import cohort, needs, profile, what_if
from programme.errors import ProfileError

WIRRAL = profile.load("wirral-phase-2")


@pytest.fixture
def two_families(council):
    for family, unauthorised, ward in (("F1", 24, "North"), ("F2", 32, "South")):
        council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
        council.wards[family] = ward
        council.pupil(f"{family}.child_1")
        council.sessions(f"{family}.child_1", term="summer", possible=200, authorised=0, unauthorised=unauthorised)
        claim = {"claimant_id": f"{family}.mother_1", "benefit_code": "JSA", "started_on": "2026-01-01"}
        council.row("jobcentre", "claims", **claim)
    return council


def test_a_lower_threshold_lets_a_family_go_and_says_where(two_families):
    lower = what_if.changed(WIRRAL, ["criteria.WIRRAL2.ED.1.threshold=85"])
    moved = what_if.compare(WIRRAL, lower, two_families.month())
    assert (moved.before, moved.after, moved.entering, moved.leaving) == (2, 1, (), ("F1",))
    attendance = moved.by_headline.set_index("headline").loc["School attendance"]
    assert (attendance["before"], attendance["after"], attendance["change"]) == (2, 1, -1)
    moves = moved.by_headline.set_index("headline")[["entering", "leaving"]]
    assert moves.loc["School attendance"].tolist() == [0, 1]
    back = what_if.compare(lower, WIRRAL, two_families.month()).by_headline.set_index("headline")
    assert back.loc["School attendance", ["entering", "leaving"]].tolist() == [1, 0]
    assert moved.by_ward.to_dict("records") == [{"ward": "North", "entering": 0, "leaving": 1}]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("wirral-phase-2", "criteria.WIRRAL2.ED.1.threshold=85"),
        ("wirral-phase-2", "identification.min_needs=3"),
        ("wirral-phase-1", "identification.min_needs=2"),
        ("wirral-phase-1", "criteria.WIRRAL1.ED.1.threshold=99"),
        ("supporting-families-2022", "criteria.SF1.1.threshold=95"),
    ],
)
def test_what_is_judged_once_for_both_is_what_each_would_be_judged(two_families, name, setting):
    before = profile.load(name)
    after, month = what_if.changed(before, [setting]), two_families.month()
    listed = {
        rules.sha256: cohort.identify(rules, needs.judge(rules, month), month.families, month="2026-10")
        for rules in (before, after)
    }
    was, then = (set(each.loc[each["is_identified"], "family_id"]) for each in listed.values())
    moved = what_if.compare(before, after, month)
    assert (moved.before, moved.after) == (len(was), len(then))
    assert (moved.entering, moved.leaving) == (tuple(sorted(then - was)), tuple(sorted(was - then)))
    met = needs.judge(after, month).query("state == 'met'").groupby("headline")["family_id"].nunique()
    assert moved.by_headline.set_index("headline")["after"].to_dict() == {
        **dict.fromkeys(moved.by_headline["headline"], 0),
        **met.to_dict(),
    }


def test_a_count_can_be_moved_as_well(two_families):
    fewer = what_if.changed(WIRRAL, ["identification.min_needs=3"])
    assert what_if.compare(WIRRAL, fewer, two_families.month()).after == 0


def test_the_profile_itself_stays_as_it_was():
    changed = what_if.changed(WIRRAL, ['criteria.WIRRAL2.ED.1.any_of.0.window="2 terms"'])
    assert str(changed.criteria["WIRRAL2.ED.1"].any_of[0].window) == "last 2 completed terms"
    assert str(WIRRAL.criteria["WIRRAL2.ED.1"].any_of[0].window) == "last 3 completed terms"
    assert changed.sha256 != WIRRAL.sha256


def test_nothing_changed_is_nothing_moved(two_families):
    same = what_if.compare(WIRRAL, what_if.changed(WIRRAL, []), two_families.month())
    assert (same.entering, same.leaving, same.before) == ((), (), 2)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("min_needs", "expected key=value"),
        ("identification.min_needz=2", "there is no 'min_needz'"),
        ("identification.min_needs=0", "identification.min_needs"),
        ("criteria.WIRRAL2.ED.9.threshold=85", "WIRRAL2.ED.1"),
        ('criteria.WIRRAL2.ED.1.window="12 months"', "recorded by term"),
    ],
)
def test_a_setting_that_cannot_be_says_what_is_there(setting, said):
    with pytest.raises(ProfileError, match=said):
        what_if.changed(WIRRAL, [setting])
