"""What changed between two months, and what it is put down to."""

import json

import pandas as pd
import pytest

from programme.differences import Decided, Rows, Snapshot, differences
from programme.id_causes import retraced
from programme.tracing import Runs
from schemas.frames import empty
from schemas.registry import PUBLISHED_TABLES

TABLES = (
    "run",
    "deliveries",
    "families",
    "family_members",
    "household_members",
    "persons",
    "cohort",
    "needs",
    "person_records",
)
RUN = {"software_version": "1.0", "model_sha256": "m1", "programme_sha256": "p1"}
WINDOW = {"window_from": pd.Timestamp(2025, 10, 1), "window_to": pd.Timestamp(2026, 9, 30)}


def frame(table, rows):
    blank = empty(PUBLISHED_TABLES[table])
    kinds = {name: kind for name, kind in blank.dtypes.items() if name in set(blank.columns)}
    return pd.DataFrame(rows, columns=blank.columns).astype(kinds)


class Month:
    """A published month put together by hand; one family of a mother and a child stands in it from the start."""

    def __init__(self, month, as_of):
        self.month, self.as_of = month, pd.Timestamp(as_of)
        self.run = dict(RUN)
        self.members = {"f1": ["mother", "child"]}
        self.born = {"mother": pd.Timestamp(1990, 1, 1), "child": pd.Timestamp(2015, 5, 5)}
        self.records = {("mash", "people", "M1"): ("mother", "x1"), ("school", "pupils", "P1"): ("child", "x2")}
        self.at_home = ["mother", "child"]
        self.listed = set()
        self.needs = {}
        self.status = {"school": "used", "police": "used", "mash": "used"}

    def need(self, criterion, state, *, evidence=(), family="f1", **said):
        rows = [dict(zip(("feed", "table", "source_id"), row, strict=True)) for row in evidence]
        self.needs[family, criterion] = {
            "measure": "exclusions",
            "operator": ">=",
            "threshold": 1.0,
            "feed": "school",
            **WINDOW,
            "state": state,
            "evidence": json.dumps(rows),
            **said,
        }

    def snapshot(self):
        families = [{"family_id": family} for family in self.members]
        members = [
            {"family_id": family, "person_id": person} for family, people in self.members.items() for person in people
        ]
        rows = {
            "run": [self.run],
            "deliveries": [{"feed": feed, "status": status} for feed, status in self.status.items()],
            "families": families,
            "family_members": members,
            "household_members": [{"household_id": "h1", "person_id": person} for person in self.at_home],
            "persons": [{"person_id": person, "date_of_birth": born} for person, born in self.born.items()],
            "cohort": [{"family_id": family, "is_identified": family in self.listed} for family in self.members],
            "needs": [
                {"family_id": family, "criterion_id": criterion, **said}
                for (family, criterion), said in self.needs.items()
            ],
            "person_records": [],
        }
        tables = {name: frame(name, some) for name, some in rows.items()}
        tables["person_records"] = pd.DataFrame(
            [(*key, *said) for key, said in self.records.items()],
            columns=["feed", "table_name", "source_id", "person_id", "fingerprint"],
            dtype="string[pyarrow]",
        )
        return Snapshot(self.month, self.as_of, tables)


@pytest.fixture
def months():
    return Month("2026-09", "2026-09-30"), Month("2026-10", "2026-10-31")


def between(months, **more):
    return differences(months[0].snapshot(), months[1].snapshot(), **more)


def only(months, kind=None, change=None, **more):
    found = between(months, **more)
    found = found if kind is None else found[found["kind"].eq(kind)]
    found = found if change is None else found[found["change"].eq(change)]
    assert len(found) == 1, found[["kind", "change", "because"]].to_string()
    return found.iloc[0]


def held(*rows):
    return pd.DataFrame(rows, columns=["feed", "table_name", "source_id", "content"], dtype="string[pyarrow]")


def test_two_months_alike_differ_in_nothing(months):
    assert between(months).empty


def test_a_family_that_came_is_traced_to_its_new_records(months):
    months[1].members["f2"] = ["father", "baby"]
    months[1].records["mash", "people", "M2"] = ("baby", "x3")
    told = only(months, "family")
    assert (told["change"], told["family_id"], told["before"], told["after"]) == ("came", "f2", pd.NA, "2 people")
    assert told["cause"] == "data"
    assert told["because"] == "new: mash/people M2; its people before: 2 in no record"
    assert told["since"] == "2026-09"


def test_a_family_that_grew_from_one_that_stands_has_split_and_joins_it_the_other_way_round(months):
    months[0].members["f1"] = ["mother", "child", "father", "brother"]
    months[1].members["f2"] = ["father", "brother"]
    split = only(months, "family", "split")
    joined = only(months[::-1], "family", "joined")
    assert (split["change"], split["family_id"], split["other_id"]) == ("split", "f2", "f1")
    assert (joined["change"], joined["family_id"], joined["other_id"]) == ("joined", "f2", "f1")


def test_a_family_to_which_others_belong_says_how_many_and_where_they_were_and_are(months):
    months[0].members["f1"] = ["mother", "child", "father"]
    months[1].members["f1"] = ["mother", "child", "baby"]
    months[1].records["mash", "people", "M2"] = ("baby", "x3")
    told = only(months, "family", "members")
    assert (told["family_id"], told["before"], told["after"]) == ("f1", "3 people", "3 people")
    assert told["cause"] == "data"
    assert told["because"] == ("new: mash/people M2; who came, before: 1 in no record; who left, now: 1 in no record")


def test_a_family_at_another_address_says_by_which_records(months):
    months[1].records["school", "pupils", "P1"] = ("child", "x9")
    told = only(months, "family", "moved", moved=["f1", "f-gone"])
    assert (told["family_id"], told["cause"], told["because"]) == ("f1", "data", "changed: school/pupils P1")


def test_a_family_whose_child_came_of_age_went_for_that(months):
    for month in months:
        month.members["f2"] = ["father", "grown"]
        month.born["grown"] = pd.Timestamp(2008, 10, 15)
    del months[1].members["f2"]
    assert only(months, "family")["because"].startswith("a child came of age; ")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({}, "1 in no record, 1 known and at no home here"),
        ({"at_home": ["mother", "child", "father", "baby"]}, "2 at a home here and in no family"),
        ({"members": {"f1": ["mother", "child", "baby"]}}, "1 in no record, 1 in another family"),
        ({"theirs": "mother"}, "1 in no record, 1 whose records are another person's"),
    ],
)
def test_of_a_family_that_went_it_is_said_where_its_people_are(months, now, said):
    before, after = months
    before.members["f2"] = ["father", "baby"]
    before.records["mash", "people", "M2"] = ("baby", "x3")
    after.records["mash", "people", "M2"] = (now.get("theirs", "baby"), "x3")
    after.members, after.at_home = now.get("members", after.members), now.get("at_home", after.at_home)
    told = only(months, "family", "joined" if "members" in now else "went")
    if told["change"] == "went":
        assert told["because"].endswith(f"; its people now: {said}")


@pytest.mark.parametrize(
    ("change", "cause", "said"),
    [
        ({}, "data", "matched anew: mash/people M1"),
        ({"model_sha256": "m2"}, "model", "another matching model; matched anew: mash/people M1"),
    ],
)
def test_records_matched_anew_are_the_models_doing_where_another_model_did_it(months, change, cause, said):
    months[1].members = {"f2": ["someone", "child"]}
    months[1].records["mash", "people", "M1"] = ("someone", "x1")
    months[1].run |= change
    told = between(months).set_index("change")
    assert told.loc["came", "cause"] == cause
    assert told.loc["came", "because"].startswith(f"{said}; its people before: ")


def test_a_decision_on_a_record_is_named_before_anything_else(months):
    months[1].members["f2"] = ["father", "baby"]
    months[1].records["mash", "people", "M2"] = ("baby", "x3")
    decided = Decided(held(("mash", "people", "M2", "")))
    told = only(months, "family", decided=decided)
    assert told["cause"] == "human"
    assert told["because"].startswith("a coordinator decided on mash/people M2; ")


def test_a_decision_with_whom_somebody_lives_is_named_where_they_came_or_left(months):
    months[1].members["f1"].append("father")
    turned(months, {"state": "not_met"}, {"state": "met"})
    told = only(months, "need", decided=Decided(people=frozenset({"father"})))
    assert (told["cause"], told["because"]) == ("human", "a coordinator decided with whom father lives or belongs")


def test_another_version_of_the_software_is_the_last_thing_to_be_blamed(months):
    months[1].members["f2"] = ["father", "baby"]
    months[1].run["software_version"] = "1.1"
    told = only(months, "family")
    assert told["cause"] == "rule"
    assert told["because"].startswith("made by Hearth 1.1, before by 1.0")


@pytest.mark.parametrize(
    ("run", "person", "print_", "cause"),
    [
        ({"model_sha256": "m2"}, "someone", "x1", "model"),
        ({"model_sha256": "m2"}, "someone", "x2", "data"),
        ({"model_sha256": "m2"}, "mother", "x1", "data"),
        ({"software_version": "1.1"}, "someone", "x1", "data"),
        ({"software_version": "1.1"}, "mother", "x1", "rule"),
    ],
    ids=["matched anew", "a record that changed", "the same records", "other software, matched anew", "other software"],
)
def test_a_change_has_one_cause_in_the_ledger_of_ids_and_among_the_months_changes(months, run, person, print_, cause):
    months[1].members = {"f2": sorted({person, "child"})}
    months[1].records["mash", "people", "M1"] = (person, print_)
    months[1].run |= run
    before, after = (month.snapshot() for month in months)
    rows = [
        ("family", "f2", "new", None, "data"),
        ("family", "f1", "gone", None, "data"),
        ("person", person, "split", "child", "data"),
        ("person", "child", "kept", None, "data"),
        ("family", "f3", "gone", None, "human"),
    ]
    events = pd.DataFrame(rows, columns=["kind", "id", "event", "other_id", "cause"]).astype("string[pyarrow]")
    told = retraced(events, before, after, Runs(months[0].run, months[1].run))["cause"].tolist()
    changes = differences(before, after).query("kind == 'family'").set_index("change")["cause"]
    assert told == [changes["came"], changes["went"], cause, "data", "human"]
    assert changes["came"] == cause


def turned(months, before, after, **said):
    months[0].need("E1", **before)
    months[1].need("E1", **{**after, **said})


EVENT = ("school", "exclusions", "X1")


def test_a_need_that_turned_on_a_new_row_names_it(months):
    turned(months, {"state": "not_met"}, {"state": "met", "evidence": [EVENT]})
    told = only(months)
    assert (told["change"], told["before"], told["after"]) == ("turned", "not_met", "met")
    assert told["because"] == "new: school/exclusions X1"


def test_a_row_that_was_held_before_is_not_new(months):
    turned(months, {"state": "not_met"}, {"state": "met", "evidence": [EVENT], "window_to": pd.Timestamp(2026, 10, 31)})
    rows = Rows(held((*EVENT, "a")), held((*EVENT, "a")))
    assert only(months, rows=rows)["because"] == "the window moved on; now in it: school/exclusions X1"


@pytest.mark.parametrize(
    ("after", "said"),
    [([], "gone: school/exclusions X1"), ([(*EVENT, "b")], "changed: school/exclusions X1")],
    ids=["withdrawn", "corrected"],
)
def test_a_row_that_the_sender_withdrew_or_corrected_is_told(months, after, said):
    turned(months, {"state": "met", "evidence": [EVENT]}, {"state": "not_met"})
    assert only(months, rows=Rows(held((*EVENT, "a")), held(*after)))["because"] == said


def test_a_row_that_stands_and_counts_no_longer_has_left_the_window(months):
    turned(
        months, {"state": "met", "evidence": [EVENT]}, {"state": "not_met", "window_from": pd.Timestamp(2025, 11, 1)}
    )
    rows = Rows(held((*EVENT, "a")), held((*EVENT, "a")))
    assert only(months, rows=rows)["because"] == "the window moved on; no longer in it: school/exclusions X1"


def test_a_late_feed_and_its_return_are_told(months):
    months[1].status["school"] = "late"
    turned(months, {"state": "not_met"}, {"state": "unknown"})
    there, back = between(months), between(months[::-1])
    assert there.set_index("kind").loc["need", "because"] == "no usable delivery from school"
    assert back.set_index("kind").loc["need", "because"] == "school delivered again"
    assert there.set_index("kind").loc["feed", ["change", "feed", "cause"]].tolist() == ["went", "school", "data"]
    assert back.set_index("kind").loc["feed", "change"] == "came"


def test_a_rule_that_changed_is_told_with_both_thresholds(months):
    months[1].run["programme_sha256"] = "p2"
    turned(months, {"state": "not_met"}, {"state": "met", "threshold": 0.5})
    told = only(months)
    assert (told["cause"], told["because"]) == ("rule", "the programme's rule changed: threshold 1 became 0.5")


def test_a_criterion_of_one_month_only_is_a_rules_doing(months):
    months[1].need("E1", "met")
    told = only(months)
    assert (told["cause"], told["before"], told["after"]) == ("rule", pd.NA, "met")


def test_a_need_that_turned_with_a_member_says_so(months):
    months[1].members["f1"].append("father")
    months[1].records["police", "nominals", "N1"] = ("father", "x9")
    turned(months, {"state": "not_met"}, {"state": "met", "feed": "police"})
    assert only(months, "need")["because"] == "other members; new: police/nominals N1"


def test_a_place_on_the_list_is_put_down_to_the_needs_that_turned(months):
    months[1].listed.add("f1")
    months[0].need("E2", "met")
    months[1].need("E2", "not_met")
    turned(months, {"state": "not_met"}, {"state": "met", "evidence": [EVENT]})
    told = only(months, "listing")
    assert (told["change"], told["before"], told["after"]) == ("came", "off", "on")
    assert told["because"] == "needs turned: E1 not_met to met"


def test_a_place_lost_without_a_turned_need_is_the_rules_where_they_changed(months):
    months[0].listed.add("f1")
    months[1].run["programme_sha256"] = "p2"
    told = only(months, "listing")
    assert (told["change"], told["cause"]) == ("went", "rule")


def test_a_family_that_came_onto_the_list_with_its_birth_says_so(months):
    months[1].members["f2"] = ["father", "baby"]
    months[1].listed.add("f2")
    assert only(months, "listing")["because"].startswith("the family itself is new")


def off_the_roll(months, *left):
    months[1].members, months[1].at_home = {}, ["mother"]
    return only(months, "family", rows=Rows(held(), held(), frozenset(left)))["because"]


def test_a_family_that_went_with_a_child_who_left_school_names_the_pupils_record(months):
    assert off_the_roll(months, "P1") == (
        "the month moved on; off the roll, and by now on no other: school/pupils P1; "
        "its people now: 1 known and at no home here, 1 at a home here and in no family"
    )


def test_a_child_on_another_roll_is_not_said_to_have_left(months):
    for month in months:
        month.records["school", "pupils", "P2"] = ("child", "x3")
    assert off_the_roll(months, "P1").startswith("the month moved on; what else is known of where they live changed;")
