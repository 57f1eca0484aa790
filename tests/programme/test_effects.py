"""What the answer to a question would change, on families small enough to be judged by eye."""

import json

import pandas as pd
import pytest

from programme import cohort, needs, profile
from programme.effects import Standing, effects, in_order
from schemas import frames, published

WIRRAL = profile.load("wirral-phase-2")
LATER, EARLIER = pd.Timestamp(2026, 6, 1), pd.Timestamp(2025, 1, 1)
# A route of an earlier profile: nothing that this one judges can undo it.
CLAIM = {"route": "past", "amount_gbp": 800, "window": "2025-26 Q4", "status": "paid"}
JSA = {"benefit_code": "JSA", "started_on": "2026-01-01"}


class Asking:
    """A council with its families' homes, and questions put of its people."""

    def __init__(self, council):
        self.council = council
        self.household = {}
        self.since = {}
        self.attached = []
        self.lone = []
        self.warning = None

    def month(self):
        month = self.council.month()
        homes = month.families["family_id"].map(lambda family: self.household.get(family, f"h-{family}"))
        object.__setattr__(month, "families", month.families.assign(household_id=homes.astype("string[pyarrow]")))
        lone = pd.DataFrame({"person_id": self.lone, "date_of_birth": pd.NaT}).astype(month.persons.dtypes.to_dict())
        persons = pd.concat([month.persons, lone], ignore_index=True).assign(records=1)
        object.__setattr__(month, "persons", persons.astype({"records": "Int64"}))
        records = [
            (*table, person, person)
            for person in self.lone
            for table in (("police", "nominals"), ("jobcentre", "claimants"))
        ]
        more = pd.DataFrame(records, columns=month.person_records.columns).astype(month.person_records.dtypes.to_dict())
        object.__setattr__(month, "person_records", pd.concat([month.person_records, more], ignore_index=True))
        return month

    def claims(self):
        """A paid claim for each attached family, warned of or not."""
        rows = [
            {"claim_id": f"C-{row['family_id']}", "family_id": row["family_id"], **CLAIM, "warning": self.warning}
            for row in self.attached
        ]
        blank = frames.empty(published.Claim)
        return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())

    def stays(self, month):
        homes = month.families.set_index("family_id")["household_id"]
        rows = month.family_members[["family_id", "person_id"]]
        since = rows["person_id"].map(lambda person: self.since.get(person, EARLIER))
        return pd.DataFrame(
            {
                "household_id": rows["family_id"].map(homes),
                "person_id": rows["person_id"],
                "from_on": since,
                "to_on": pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]"),
            }
        )

    def ask(self, left, right, answer="same", household=None):
        month = self.month()
        questions = pd.DataFrame(
            [
                {
                    "review_id": "r1",
                    "answer": answer,
                    "left_person_id": left,
                    "right_person_id": right,
                    "household_id": household,
                }
            ]
        )
        attached = pd.DataFrame(self.attached, columns=frames.column_names(published.Attachment))
        attached = attached.astype(frames.empty(published.Attachment).dtypes.to_dict())
        judged = needs.judge(WIRRAL, month)
        listed = cohort.identify(WIRRAL, judged, month.families, month="2026-10")
        standing = Standing(judged, listed, attached, self.claims())
        found = effects(WIRRAL, questions, month, household_members=self.stays(month), standing=standing)
        return found.iloc[0]


@pytest.fixture
def asking(council):
    return Asking(council)


def in_need(council, family, person):
    """Two needs of two headlines, one of them of this person: on the list with it, and without it not."""
    council.pupil(f"{family}.child_1")
    council.sessions(f"{family}.child_1", term="summer", possible=200, authorised=0, unauthorised=50)
    council.row("jobcentre", "claims", claimant_id=person, **JSA)


def counts(found):
    names = ("families_entering", "families_leaving", "needs_flipping", "claims_falling")
    return tuple(int(found[name]) for name in names)


def test_a_record_of_nobodys_family_brings_its_need_to_the_family_of_the_other(asking):
    asking.council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    asking.lone.append("X")
    in_need(asking.council, "F1", "X")
    found = asking.ask("F1.mother_1", "X")
    assert counts(found) == (1, 0, 1, 0)
    assert found["effect"].startswith("If they are one person: F1 would come onto the list; F1 would meet ")
    assert json.loads(found["family_ids"]) == ["F1"]


def test_two_people_of_no_family_change_nothing(asking):
    asking.council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    asking.lone += ["X", "Y"]
    found = asking.ask("X", "Y")
    assert counts(found) == (0, 0, 0, 0)
    assert found["effect"] == "If they are one person: nothing changes on the list."
    assert found["family_ids"] == "[]"


def test_one_person_lives_where_they_were_first_seen_of_late_and_the_other_family_loses_them(asking):
    for family in ("F1", "F2"):
        asking.council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
    in_need(asking.council, "F1", "F1.mother_1")
    asking.since["F2.mother_1"] = LATER
    found = asking.ask("F1.mother_1", "F2.mother_1")
    assert counts(found) == (0, 1, 2, 0)
    assert "F1 would go off the list" in found["effect"]
    assert "F2 would meet" in found["effect"]
    assert "F1 would no longer meet" in found["effect"]


def test_families_of_one_household_that_share_the_person_become_one(asking):
    for family in ("F1", "F2"):
        asking.council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
        in_need(asking.council, family, f"{family}.mother_1")
        asking.household[family] = "h1"
    found = asking.ask("F1.mother_1", "F2.mother_1")
    assert counts(found)[:2] == (0, 1)
    assert json.loads(found["family_ids"]) == ["F1", "F2"]


def test_a_family_that_loses_its_only_child_is_a_family_no_more(asking):
    asking.council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    asking.council.family("F2", father_1="1990-01-01", child_1="2013-05-05")
    in_need(asking.council, "F1", "F1.mother_1")
    asking.since["F2.child_1"] = LATER
    found = asking.ask("F1.child_1", "F2.child_1")
    assert counts(found)[:2] == (0, 1)
    assert "F1 would go off the list" in found["effect"]


def test_an_adult_who_lives_apart_takes_their_need_with_them(asking):
    asking.council.family("F1", mother_1="1990-01-01", father_1="1989-01-01", child_1="2013-05-05")
    in_need(asking.council, "F1", "F1.father_1")
    found = asking.ask("F1.mother_1", "F1.father_1", "apart", "h-F1")
    assert counts(found) == (0, 1, 1, 0)
    assert found["effect"].startswith("If they live apart: F1 would go off the list")


def test_apart_in_another_household_changes_nothing(asking):
    asking.council.family("F1", mother_1="1990-01-01", father_1="1989-01-01", child_1="2013-05-05")
    found = asking.ask("F1.mother_1", "F1.father_1", "apart", "elsewhere")
    assert counts(found) == (0, 0, 0, 0)


def test_who_lives_together_brings_their_need_and_leaves_their_own_family(asking):
    asking.council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    asking.council.family("F2", father_1="1990-01-01", child_1="2013-05-05")
    in_need(asking.council, "F1", "F2.father_1")
    found = asking.ask("F1.mother_1", "F2.father_1", "together", "h-F1")
    assert counts(found) == (1, 0, 2, 0)


def test_parting_two_records_is_not_reckoned_and_says_so(asking):
    asking.council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    found = asking.ask("F1.mother_1", "F1.mother_1", "different")
    assert counts(found) == (0, 0, 0, 0)
    assert "is not reckoned" in found["effect"]


def test_questions_are_ranked_by_families_then_claims_then_needs_then_likelihood():
    rows = [
        ("a", 0, 0, 0, 9, 9.0),
        ("b", 0, 0, 1, 0, 0.0),
        ("c", 0, 1, 0, 0, -1.0),
        ("d", 0, 0, 0, 9, None),
        ("e", 1, 1, 0, 0, 0.0),
    ]
    columns = ["review_id", "families_entering", "families_leaving", "claims_falling", "needs_flipping", "weight"]
    ordered = in_order(pd.DataFrame(rows, columns=columns))
    assert ordered["review_id"].tolist() == ["e", "c", "b", "a", "d"]
    assert ordered["rank"].tolist() == [1, 2, 3, 4, 5]


def test_a_claim_of_a_family_that_would_be_no_more_falls(asking):
    for family in ("F1", "F2"):
        asking.council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
    asking.since["F1.child_1"] = LATER
    asking.attached = [{"family_id": "F2", "attached_on": EARLIER}]
    found = asking.ask("F1.child_1", "F2.child_1")
    assert found["claims_falling"] == 1
    assert "claim C-F2 would fall" in found["effect"]


def test_of_two_families_that_become_one_only_one_claim_stands(asking):
    for family in ("F1", "F2"):
        asking.council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
        asking.household[family] = "h1"
    asking.attached = [{"family_id": family, "attached_on": EARLIER} for family in ("F1", "F2")]
    found = asking.ask("F1.mother_1", "F2.mother_1")
    assert found["claims_falling"] == 1


def test_a_claim_that_is_warned_of_already_does_not_fall_again(asking):
    asking.council.family("F1", mother_1="1990-01-01", father_1="1989-01-01", child_1="2013-05-05")
    asking.attached, asking.warning = [{"family_id": "F1", "attached_on": EARLIER}], "its results no longer hold"
    assert asking.ask("F1.mother_1", "F1.father_1", "apart", "h-F1")["claims_falling"] == 0
