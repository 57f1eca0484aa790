"""Follow-ups, drift, families that come back, caseloads and consent."""

import pandas as pd

from programme import casework, fees, profile

LINCOLNSHIRE = profile.load("lincolnshire-phase-1")
HARROW = profile.load("harrow-phase-1")
AS_OF = pd.Timestamp("2014-12-31")


def _attachments(*rows):
    columns = ["family_id", "attached_on", "key_worker", "consent", "closed_on"]
    frame = pd.DataFrame(rows, columns=columns)
    text = dict.fromkeys(["family_id", "key_worker", "consent"], "string[pyarrow]")
    return frame.astype({**text, "attached_on": "datetime64[ns]", "closed_on": "datetime64[ns]"})


def test_follow_ups_fall_due_and_sustainment_begins():
    closed = _attachments(
        ("F1", "2014-01-01", "W1", "given", "2014-08-31"),
        ("F2", "2014-01-01", "W1", "given", "2014-09-30"),
        ("F3", "2014-01-01", "W1", "given", None),
    )
    found = casework.follow_ups(LINCOLNSHIRE, closed, as_of=AS_OF).set_index("family_id")
    assert list(found.index) == ["F1", "F2"]
    assert found["is_due"].tolist() == [True, False]


def test_a_profile_without_a_rule_has_no_dates():
    closed = _attachments(("F1", "2014-01-01", "W1", "given", "2014-08-31"))
    assert casework.follow_ups(HARROW, closed, as_of=AS_OF)[["follow_up_on", "sustained_from"]].isna().all(axis=None)


def test_a_family_in_whom_nothing_is_done_drifts():
    open_ = _attachments(
        ("F1", "2014-01-01", "W1", "given", None),
        ("F2", "2014-12-01", "W1", "given", None),
        ("F3", "2014-01-01", "W1", "given", "2014-06-30"),
        ("F4", "2014-01-01", "W2", "given", None),
    )
    activity = pd.DataFrame({"family_id": ["F4"], "done_on": [pd.Timestamp("2014-12-20")]})
    found = casework.drifting(HARROW, open_, activity, as_of=AS_OF)
    assert list(found["family_id"]) == ["F1"]
    assert list(found["days"]) == [364]


def test_caseloads_are_held_against_the_norm():
    rows = [(f"F{n}", "2014-01-01", "W1" if n < 18 else "W2", "given", None) for n in range(21)]
    found = casework.caseloads(HARROW, _attachments(*rows), as_of=AS_OF)
    assert found.to_dict("records") == [
        {"key_worker": "W1", "families": 18, "norm": "over"},
        {"key_worker": "W2", "families": 3, "norm": "under"},
    ]


def test_a_family_taken_on_again_is_tied_to_its_earlier_work_and_told_with_each_denominator():
    rows = _attachments(
        ("F1", "2013-01-01", "W1", "given", "2013-07-01"),
        ("F1", "2014-01-01", "W1", "given", None),
        ("F2", "2013-01-01", "W1", "given", "2013-07-01"),
    )
    again = casework.returned(rows)
    assert again[["family_id", "months_between"]].to_numpy().tolist() == [["F1", 6.0]]
    found = casework.return_rates(rows, turned_around=1)
    assert found[["denominator", "of", "percent"]].to_numpy().tolist() == [
        ["worked with", 2, 50.0],
        ["closed", 2, 50.0],
        ["turned around", 1, 100.0],
    ]


def test_consent_is_counted_with_those_not_asked():
    rows = _attachments(
        ("F1", "2013-01-01", "W1", "given", None),
        ("F2", "2013-01-01", "W1", "declined", None),
        ("F3", "2013-01-01", "W1", None, None),
        ("F4", "2013-01-01", "W1", "given", None),
    )
    found = casework.consent(rows).set_index("consent")
    assert found["families"].to_dict() == {"given": 2, "declined": 1, "not asked": 1}
    assert found.loc["given", "percent"] == 50.0


def test_the_forecast_counts_each_family_in_its_first_year_and_takes_off_what_is_earned():
    rows = _attachments(
        ("F1", "2012-06-01", "W1", "given", None),
        ("F2", "2012-06-01", "W1", "given", None),
        ("F1", "2013-06-01", "W1", "given", None),
        ("F3", "2013-06-01", "W1", "given", None),
    )
    attached = fees.attached_by_year(LINCOLNSHIRE, rows)
    assert attached == {"2012-13": 2, "2013-14": 1}
    made = pd.DataFrame(
        {"cohort_year": ["2012-13", "2012-13"], "status": ["paid", "withdrawn"], "amount_gbp": [700, 800]}
    )
    found = fees.forecast(LINCOLNSHIRE, attached, made).set_index("cohort_year")
    assert found.loc["2012-13"].to_dict() == {
        "attached": 2,
        "funded": 2,
        "attachment_gbp": 6400,
        "results_most_gbp": 1600,
        "results_earned_gbp": 700,
        "still_to_earn_gbp": 900,
    }
