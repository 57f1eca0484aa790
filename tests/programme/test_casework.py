"""Follow-ups, drift, families that come back, caseloads and consent."""

import pandas as pd

from programme import casework, engagement, fees, profile, returns

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


def test_what_no_rule_asks_for_is_neither_due_nor_not_due():
    closed = _attachments(("F1", "2014-01-01", "W1", "given", "2014-08-31"))
    flags = ["is_due", "is_missed", "is_sustained_by_now"]
    assert casework.follow_ups(HARROW, closed, as_of=AS_OF)[flags].isna().all(axis=None)


def test_a_family_that_is_worked_with_again_is_not_followed_up_until_it_is_closed_again():
    again = [("F1", "2014-01-01", "W1", "given", "2014-03-31"), ("F1", "2014-10-01", "W1", "given", None)]
    assert casework.follow_ups(LINCOLNSHIRE, _attachments(*again), as_of=AS_OF).empty
    later = [again[0], ("F1", "2014-10-01", "W1", "given", "2015-01-31")]
    assert casework.follow_ups(LINCOLNSHIRE, _attachments(*later), as_of=AS_OF).empty


def test_a_follow_up_a_little_before_its_day_is_done_and_one_not_done_for_a_quarter_is_missed():
    rows = [(family, "2014-01-01", "W1", "given", "2014-05-31") for family in ("F1", "F2", "F3")]
    done = pd.DataFrame(
        [("F1", "2014-09-01", "follow_up"), ("F2", "2014-06-05", "follow_up"), ("F3", "2014-10-02", "visit")],
        columns=["family_id", "done_on", "kind"],
    ).astype({"done_on": "datetime64[ns]"})
    for as_of, is_due in (("2014-12-31", True), ("2015-01-02", False)):
        found = casework.follow_ups(LINCOLNSHIRE, _attachments(*rows), done, as_of=pd.Timestamp(as_of))
        assert found["followed_up_on"].notna().tolist() == [True, False, False]
        assert found["is_due"].tolist() == [False, is_due, is_due]
        assert found["is_missed"].tolist() == [False, not is_due, not is_due]


def test_a_family_in_whom_nothing_is_done_drifts():
    open_ = _attachments(
        ("F1", "2014-01-01", "W1", "given", None),
        ("F2", "2014-12-01", "W1", "given", None),
        ("F3", "2014-01-01", "W1", "given", "2014-06-30"),
        ("F4", "2014-01-01", "W2", "given", None),
        ("F5", "2014-01-01", "W2", "declined", None),
    )
    activity = pd.DataFrame({"family_id": ["F4"], "done_on": [pd.Timestamp("2014-12-20")]})
    found = casework.drifting(HARROW, open_, activity, as_of=AS_OF)
    assert list(found["family_id"]) == ["F1"]
    assert list(found["days"]) == [364]


def test_two_families_that_have_become_one_are_counted_once():
    joined = _attachments(("F1", "2014-01-01", "W1", "given", None), ("F1", "2014-03-01", "W2", "given", None))
    nothing = pd.DataFrame(
        {"family_id": pd.Series(dtype="string[pyarrow]"), "done_on": pd.Series(dtype="datetime64[ns]")}
    )
    found = casework.drifting(HARROW, joined, nothing, as_of=AS_OF)
    assert found[["family_id", "key_worker"]].to_numpy().tolist() == [["F1", "W2"]]
    assert returns.returned(joined, {}).empty


def test_caseloads_are_held_against_the_norm():
    rows = [(f"F{n}", "2014-01-01", "W1" if n < 18 else "W2", "given", None) for n in range(21)]
    found = casework.caseloads(HARROW, _attachments(*rows), as_of=AS_OF)
    assert found.to_dict("records") == [
        {"key_worker": "W1", "families": 18, "norm": "over"},
        {"key_worker": "W2", "families": 3, "norm": "under"},
    ]


def test_where_nobody_records_activity_nobody_can_tell_who_drifts():
    nothing = pd.DataFrame({"family_id": [], "done_on": pd.Series([], dtype="datetime64[ns]")})
    something = pd.DataFrame({"family_id": ["F1"], "done_on": [AS_OF]})
    assert not casework.activity_is_recorded(nothing, as_of=AS_OF)
    assert not casework.activity_is_recorded(something, as_of=AS_OF - pd.Timedelta(days=1))
    assert casework.activity_is_recorded(something, as_of=AS_OF)


TWICE = _attachments(
    ("F1", "2013-01-01", "W1", "given", "2013-07-01"),
    ("F1", "2014-01-01", "W1", "given", None),
    ("F2", "2013-01-01", "W1", "given", "2013-07-01"),
    ("F3", "2014-06-01", "W1", "given", None),
)


def test_a_family_taken_on_again_is_tied_to_its_earlier_work_and_told_with_each_denominator():
    again = returns.returned(TWICE)
    assert again[["family_id", "earlier_family_id", "months_between"]].to_numpy().tolist() == [["F1", "F1", 6.0]]
    found = returns.rates(len(again), TWICE, turned_around=1)
    assert found[["denominator", "of", "percent"]].to_numpy().tolist() == [
        ["worked with", 3, 33.3],
        ["closed", 2, 50.0],
        ["turned around", 1, 100.0],
    ]


def test_a_family_that_came_back_as_part_of_another_is_tied_to_the_one_it_split_from():
    again = returns.returned(TWICE, {"F3": "F2"}).set_index("family_id")
    assert again["earlier_family_id"].to_dict() == {"F1": "F1", "F3": "F2"}
    assert again.loc["F3", "closed_on"] == pd.Timestamp("2013-07-01")


def test_a_referral_after_closure_counts_and_one_on_the_programme_does_not():
    days = {
        "R0": ("F1", "2013-03-01"),
        "R1": ("F1", "2013-09-01"),
        "R2": ("F1", "2013-10-01"),
        "R3": ("F3", "2014-07-01"),
    }
    rows = [(family, key, pd.Timestamp(day)) for key, (family, day) in days.items()]
    rows.append(("F2", "R4", pd.Timestamp("2013-06-30")))
    referrals = pd.DataFrame(rows, columns=["family_id", "referral_id", "received_on"])
    found = returns.referred_again(TWICE, referrals.astype({"family_id": "string[pyarrow]"}))
    assert found[["family_id", "referral_id", "months_between"]].to_numpy().tolist() == [["F1", "R1", 2.0]]


SAID = _attachments(
    ("F1", "2013-01-01", "W1", "given", None),
    ("F2", "2013-01-01", "W1", "declined", None),
    ("F3", "2013-01-01", "W1", None, None),
    ("F4", "2013-01-01", "W1", "given", None),
    ("F5", "2013-01-01", "W1", "not_asked", None),
)


def test_consent_is_told_of_all_and_of_those_asked():
    found = engagement.consent(SAID).set_index("consent")
    assert found["families"].to_dict() == {"given": 2, "declined": 1, "not asked": 2}
    assert found.loc["given", ["percent_of_all", "percent_of_asked"]].tolist() == [40.0, 66.7]
    assert pd.isna(found.loc["not asked", "percent_of_asked"])


def test_a_family_is_reached_by_a_contact_since_it_was_taken_on():
    done = [("F1", "2013-02-01", "visit"), ("F2", "2013-02-01", "call_no_answer"), ("F4", "2012-12-31", "visit")]
    activity = pd.DataFrame(done, columns=["family_id", "done_on", "kind"]).astype(
        {"family_id": "string[pyarrow]", "done_on": "datetime64[ns]"}
    )
    met = engagement.reached(SAID, activity, contacts={"visit"})
    assert met == {"F1"}
    found = engagement.rates(SAID, activity, contacts={"visit"}, identified={"F1", "F8"})
    told = found.set_index(["rate", "denominator"])[["families", "of", "percent"]].T.to_dict("list")
    assert told["taken on", "on the list or taken on"] == [5, 6, 83.3]
    assert told["agreed", "taken on"] == [2, 5, 40.0]
    assert told["agreed", "asked"] == [2, 3, 66.7]
    assert told["reached", "taken on"] == [1, 5, 20.0]
    assert told["reached", "agreed"] == [1, 2, 50.0]


def test_rotherhams_release_needs_85_per_cent_of_a_year_engaged():
    rotherham = profile.load("rotherham-phase-1")
    year = _attachments(*[(f"F{n}", "2012-06-01", "W1", "given", None) for n in range(244)])
    for engaged, passes in ((207, False), (208, True)):
        found = engagement.release_test(rotherham, year, [f"F{n}" for n in range(engaged)])
        assert found.to_numpy().tolist() == [["2012-13", 244, engaged, 208, passes]]
    assert engagement.release_test(HARROW, year, []).empty


def test_the_forecast_counts_each_family_in_its_first_year_and_what_is_received_or_claimed_once():
    rows = _attachments(
        ("F1", "2012-06-01", "W1", "given", None),
        ("F2", "2012-06-01", "W1", "given", None),
        ("F1", "2013-06-01", "W1", "given", None),
        ("F3", "2013-06-01", "W1", "given", None),
    )
    attached = fees.attached_by_year(LINCOLNSHIRE, rows)
    assert attached == {"2012-13": 2, "2013-14": 1}
    made = pd.DataFrame(
        [("F1", "paid", 700), ("F2", "withdrawn", 800), ("F2", "eligible", 700), ("F3", "submitted", 800)],
        columns=["family_id", "status", "amount_gbp"],
    )
    found = fees.forecast(LINCOLNSHIRE, attached, fees.with_years(LINCOLNSHIRE, made, rows)).set_index("cohort_year")
    assert found.T.to_dict() == {
        "2012-13": {
            "attached": 2,
            "capped": 2,
            "attachment_gbp": 6400,
            "results_most_gbp": 1600,
            "received_gbp": 7100,
            "claimed_gbp": 0,
            "claimable_gbp": 700,
            "still_to_earn_gbp": 200,
        },
        "2013-14": {
            "attached": 1,
            "capped": 1,
            "attachment_gbp": 2400,
            "results_most_gbp": 1600,
            "received_gbp": 2400,
            "claimed_gbp": 800,
            "claimable_gbp": 0,
            "still_to_earn_gbp": 800,
        },
    }
