"""Who is on the list, in what order, since when, and why."""

import pandas as pd
import pytest

from programme import cohort, profile
from schemas import frames, published

SF = profile.load("supporting-families-2022")
LABELS = {key: each.headline for key, each in SF.criteria.items()}


def _needs(**met):
    rows = [
        {
            "family_id": family,
            "criterion_id": key,
            "headline": SF.headlines[each.headline],
            "state": "met" if key in keys else "not_met",
        }
        for family, keys in met.items()
        for key, each in SF.criteria.items()
    ]
    return pd.DataFrame(rows).astype("string[pyarrow]")


def _families(*ids, children=1):
    frame = pd.DataFrame({"family_id": ids, "children": children})
    return frame.astype({"family_id": "string[pyarrow]", "children": "Int64"})


def _identified(profile=SF, previous=None, month="2026-10", **met):
    return cohort.identify(profile, _needs(**met), _families(*met), month=month, previous=previous)


THREE = ("SF1.1", "SF8.1", "SF10.1")


def test_a_family_with_enough_needs_is_in_and_the_reason_names_them():
    row = _identified(F1=THREE).iloc[0]
    assert row["is_identified"]
    assert row["reason"] == "3 needs met: attendance, domestic abuse, adult out of work; 3 needed"


def test_a_family_with_too_few_is_out_and_the_reason_says_so():
    row = _identified(F1=("SF1.1",)).iloc[0]
    assert not row["is_identified"]
    assert pd.isna(row["rank"])
    assert row["reason"] == "1 need met: attendance; 3 needed"


@pytest.mark.parametrize(("distinct", "is_in"), [(False, True), (True, False)])
def test_three_needs_under_one_headline_count_as_the_profile_says(distinct, is_in):
    rule = SF.identification.model_copy(update={"distinct_headlines": distinct})
    judged = _identified(SF.model_copy(update={"identification": rule}), F1=("SF1.1", "SF1.2", "SF1.3"))
    assert bool(judged["is_identified"][0]) is is_in


def test_rank_goes_by_needs_then_headlines_then_children_then_id():
    met = {"F4": THREE, "F3": THREE, "F2": ("SF1.1", "SF1.2", "SF8.1"), "F1": (*THREE, "SF5.1")}
    families = _families(*met)
    families.loc[families["family_id"] == "F4", "children"] = 3
    listed = cohort.identify(SF, _needs(**met), families, month="2026-10")
    assert list(listed["family_id"]) == ["F1", "F4", "F3", "F2"]
    assert list(listed["rank"]) == [1, 2, 3, 4]


def test_what_changed_is_told_against_the_month_before():
    history = None
    seen = []
    for month, met in (("2026-07", THREE), ("2026-08", THREE), ("2026-09", ()), ("2026-10", ()), ("2026-11", THREE)):
        now = _identified(month=month, previous=history, F1=met).assign(month=month)
        seen.append((now["change"][0], now["first_identified"][0]))
        history = now if history is None else pd.concat([history, now])
    assert seen == [(change, "2026-07") for change in ("new", "same", "left", "same", "returned")]


def test_a_family_never_listed_has_no_change():
    listed = _identified(previous=_identified(F1=()).assign(month="2026-09"), F1=())
    assert listed[["change", "first_identified"]].isna().all(axis=None)


def test_a_family_that_is_gone_has_no_row():
    before = _identified(F1=THREE, F2=THREE)
    assert list(_identified(previous=before, F1=THREE)["family_id"]) == ["F1"]


def test_the_cohort_keeps_the_contract():
    listed = _identified(previous=_identified(F1=THREE), F1=THREE, F2=())
    pd.testing.assert_frame_equal(frames.conform(listed, published.CohortMember), listed)


def test_no_family_is_a_list_of_none():
    listed = cohort.identify(SF, _needs(F1=()).head(0), _families("F1").head(0), month="2026-10")
    assert frames.conform(listed, published.CohortMember).empty


def test_a_family_without_children_is_in_only_when_one_is_expected():
    met = {"F1": (*THREE, "SF2.1"), "F2": (*THREE, "SF5.1")}
    listed = cohort.identify(SF, _needs(**met), _families("F1", "F2", children=0), month="2026-10")
    assert dict(zip(listed["family_id"], listed["is_identified"], strict=True)) == {"F1": True, "F2": False}


def test_what_could_not_be_judged_is_said():
    needs = _needs(F1=THREE)
    needs.loc[needs["criterion_id"] == "SF9.1", "state"] = "unknown"
    reason = cohort.identify(SF, needs, _families("F1"), month="2026-10")["reason"][0]
    assert reason.endswith("3 needed; 1 could not be judged")


def test_a_family_of_the_phase_before_is_left_out_and_the_reason_says_so():
    pack = profile.load("wirral-phase-2")
    needs = pd.DataFrame(
        [("F1", "P2.5.a", pack.headlines["5"], "met"), ("F1", "P2.6.a", pack.headlines["6"], "met")],
        columns=["family_id", "criterion_id", "headline", "state"],
    ).astype("string[pyarrow]")
    for day, is_in in (("2015-03-31", False), ("2015-04-01", True)):
        taken = pd.DataFrame({"family_id": ["F1"], "attached_on": [pd.Timestamp(day)]})
        row = cohort.identify(pack, needs, _families("F1"), month="2016-10", attachments=taken).iloc[0]
        assert bool(row["is_identified"]) is is_in
        assert ("left out" in row["reason"]) is not is_in
