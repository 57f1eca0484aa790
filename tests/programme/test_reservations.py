"""What stands against a claim whatever its results say."""

import pandas as pd
import pytest

from programme import claims, profile, reservations

SF = profile.load("supporting-families-2022")
P1 = profile.load("troubled-families-phase-1")
AS_OF = pd.Timestamp("2024-06-30")


def _met(*criteria, family="F1"):
    return pd.DataFrame({"family_id": family, "criterion_id": list(criteria)}, dtype="string[pyarrow]")


def _baselines(**states):
    rows = [("F1", rule, state) for rule, state in states.items()]
    return pd.DataFrame(rows, columns=["family_id", "rule", "state"], dtype="string[pyarrow]")


def _short(pack, met, **states):
    return reservations.not_shown(pack, pd.Series(["F1"]), met, baselines=_baselines(**states))


def _claims(consent=("given",), short=None, previous=None):
    days = [pd.Timestamp("2023-01-31") + pd.DateOffset(months=n) for n in range(len(consent))]
    taken = pd.DataFrame({"family_id": "F1", "attached_on": days, "consent": list(consent)})
    judged = pd.DataFrame({"family_id": ["F1"], "outcome_id": ["SF.RES"], "state": ["met"]})
    return claims.assess(SF, judged, taken, as_of=AS_OF, short=short, previous=previous)


def test_needs_at_attachment_and_since_count_together_each_once():
    assert _short(SF, _met("SF1.1", "SF1.1", "SF8.1"), **{"SF8.1": "met", "SF10.1": "met"}) == {}
    said = _short(SF, _met("SF1.1"), **{"SF1.1": "met", "SF10.1": "unknown"})
    assert said == {"F1": "not shown to have met the criteria: 1 of 3 needs seen, at attachment or since"}


def test_headlines_count_where_the_profile_counts_headlines_and_the_local_filter_makes_up_for_one():
    assert "2 of 3 headlines" in _short(P1, _met("P1.CR.1", "P1.CR.2", "P1.ED.1"))["F1"]
    assert _short(P1, _met("P1.CR.1", "P1.ED.1", "P1.LF")) == {}
    assert "1 of 3 headlines" in _short(P1, _met("P1.CR.1", "P1.LF"))["F1"]


def test_a_family_of_whom_nothing_was_ever_seen_is_named():
    assert "0 of 3 needs" in _short(SF, _met())["F1"]


def test_a_claim_of_a_family_not_shown_to_qualify_says_so_and_goes_on_saying_so():
    short = {"F1": "not shown to have met the criteria: 1 of 3 needs seen, at attachment or since"}
    first = _claims(short=short)
    assert list(first["warning"]) == list(short.values())
    assert list(_claims(short=short, previous=first)["warning"]) == list(short.values())
    assert list(_claims(previous=first)["warning"].isna()) == [True]


@pytest.mark.parametrize(
    ("consent", "made"), [(("declined",), 0), (("given", "declined"), 0), (("declined", "given"), 1)]
)
def test_a_family_that_declined_makes_no_claim(consent, made):
    assert len(_claims(consent)) == made


def test_a_claim_on_record_stays_when_its_family_declines_and_says_so():
    again = _claims(("given", "declined"), previous=_claims())
    assert list(again["warning"]) == ["the family has declined"]
