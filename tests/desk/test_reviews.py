import json
import re
import shutil

import pandas as pd
import pytest

from casebook import homes, pairs
from casebook.ledgers import Saying
from casebook.pairs import Pair, RecordKey
from casebook.questions import Asked
from casebook.signature import Signature
from desk.pages import decisions
from schemas.casebook import HomeAnswer, PairAnswer
from schemas.vocabulary import DeskRole


def _review(desk, number):
    return desk.months.a_month()["reviews"].iloc[number]


def _answer(desk, client, form_token, review, **said):
    page = f"/reviews/{review['review_id']}"
    form = {"csrf_token": form_token(client, page), "fingerprint": review["fingerprint"], **said}
    return client.post(page, data=form)


def _decide(desk, row, answer=PairAnswer.SAME, **asked):
    sides = [RecordKey(*(row[f"{side}_{part}"] for part in ("feed", "table", "id"))) for side in ("left", "right")]
    saying = Saying(Signature.now(desk.user_id("coordinator")), "told by the school")
    told = {"review_id": row["review_id"], "fingerprint": row["fingerprint"], "month": "2026-10"} | asked
    with desk.casebook.begin() as connection:
        return pairs.decide(connection, Pair.of(*sides), answer, saying, asked=Asked(**told))


def _bound(desk):
    with desk.casebook.reading() as connection:
        return pairs.all_bound(connection)


def test_questions_stand_in_the_order_of_what_they_change(desk):
    page = desk.client().get("/reviews").text
    ranks = [int(rank) for rank in re.findall(r'href="/reviews/[^"/]+">(\d+)\.', page)]
    assert ranks == sorted(ranks) == list(range(1, 9))


def test_the_list_names_nobody(desk):
    page = desk.client().get("/reviews").text
    assert not [name for name in desk.months.SURNAMES if name in page]


def test_filters_narrow_the_list(desk):
    client = desk.client()
    assert "2 questions" in client.get("/reviews?kind=household").text
    assert "1 question<" in client.get("/reviews?effect=claims").text
    assert "0 questions" in client.get("/reviews?state=decided").text


def test_both_records_and_their_differences_are_told_in_words(desk):
    row = _review(desk, 0)
    page = desk.client().get(f"/reviews/{row['review_id']}").text
    assert "≠ Differs" in page
    assert "What each thing adds" in page
    assert desk.events("ReviewViewed")[0]["review_id"] == row["review_id"]


@pytest.mark.parametrize(("level", "said"), [("same door", "written differently"), ("same street", "≠ Differs")])
def test_an_address_that_the_matching_reads_as_one_does_not_differ(changed_month, level, said):
    def spell(tables):
        row = tables["reviews"].iloc[0]
        for side, address in (("left", "1 Mock Road"), ("right", "1 Mock Rd")):
            details, keys = tables["record_details"], ("feed", "table_name", "source_id")
            of_side = [row[f"{side}_{part}"] for part in ("feed", "table", "id")]
            here = (details[list(keys)] == of_side).all(axis=1)
            details.loc[here, ["address", "address_withheld"]] = [address, False]
        links = tables["links"]
        links["levels"] = [json.dumps(json.loads(each) | {"address": [level, 4.0]}) for each in links["levels"]]

    desk = changed_month(spell)
    row = _review(desk, 0)
    number = _decide(desk, row)
    for page in (f"/reviews/{row['review_id']}", f"/reviews/decisions/pair/{number}"):
        shown = desk.client().get(page).text
        (address,) = re.findall(r"1 Mock Rd</td>\s*<td[^>]*>(.*?)</td>", shown)
        assert said in address


def test_decisions_of_records_and_of_homes_that_bear_one_number_are_told_apart(desk):
    row = _review(desk, 3)
    _decide(desk, _review(desk, 0))
    with desk.casebook.begin() as connection:
        said = Saying(Signature.now(desk.user_id("coordinator")), "seen")
        couple = homes.Couple.of(row["left_person_id"], row["right_person_id"])
        homes.decide(connection, couple, HomeAnswer.APART, said, asked=Asked())
    page = desk.client().get("/reviews/decisions").text
    assert sorted(re.findall(r">(\w+ decision \d+):", page)) == ["Home decision 1", "Records decision 1"]


def test_an_answer_needs_a_choice_and_a_reason(desk, form_token):
    answer = _answer(desk, desk.client(), form_token, _review(desk, 0), answer="", reason=" ")
    assert answer.status_code == 422
    assert 'href="#answer"' in answer.text
    assert 'href="#reason"' in answer.text
    assert not _bound(desk)


def test_an_answer_is_kept_and_leads_to_the_next_question(desk, form_token):
    client, row = desk.client(), _review(desk, 0)
    answer = _answer(desk, client, form_token, row, answer="different", reason="another date of birth")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/reviews/{_review(desk, 1)['review_id']}"
    page = client.get(answer.headers["location"]).text
    assert "next monthly run" in page
    assert "7 questions left" in page
    (said,) = _bound(desk).values()
    assert (said.decision, said.fingerprint, said.month) == ("different", row["fingerprint"], "2026-10")
    assert desk.events("PairDecided")[0]["review_id"] == row["review_id"]


def test_what_was_decided_is_not_asked_again(desk):
    row = _review(desk, 0)
    _decide(desk, row)
    client = desk.client()
    assert row["review_id"] not in client.get("/reviews").text
    assert row["review_id"] in client.get("/reviews?state=decided").text
    assert 'name="answer"' not in client.get(f"/reviews/{row['review_id']}").text


def test_cannot_tell_is_not_asked_again_either(desk, form_token):
    client, row = desk.client(), _review(desk, 0)
    _answer(desk, client, form_token, row, answer="cannot_tell", reason="nobody knows them")
    assert row["review_id"] not in client.get("/reviews").text


def test_an_answer_to_what_is_no_longer_shown_is_refused(desk, form_token):
    row = _review(desk, 0).copy()
    row["fingerprint"] = "of another month"
    answer = _answer(desk, desk.client(), form_token, row, answer="same", reason="the same school")
    assert answer.status_code == 422
    assert not _bound(desk)


def test_an_answer_against_what_follows_is_refused(desk, form_token):
    row = _review(desk, 0)
    third = {"left_feed": "mash", "left_table": "people", "left_id": "M1"}
    one = {f"right_{part}": row[f"left_{part}"] for part in ("feed", "table", "id")}
    other = {f"right_{part}": row[f"right_{part}"] for part in ("feed", "table", "id")}
    plain = {"review_id": None, "fingerprint": None}
    _decide(desk, {**third, **one, **plain}, PairAnswer.SAME)
    number = _decide(desk, {**third, **other, **plain}, PairAnswer.DIFFERENT)
    client = desk.client()
    page = client.get(f"/reviews/{row['review_id']}").text
    assert "follows from other decisions" in page
    assert f"/reviews/decisions/pair/{number}" in page
    form = {"csrf_token": form_token(client, "/reviews/decisions/pair/1"), "fingerprint": row["fingerprint"]}
    answer = client.post(f"/reviews/{row['review_id']}", data={**form, "answer": "same", "reason": "alike"})
    assert answer.status_code == 422
    assert "Earlier decisions" in answer.text
    assert len(_bound(desk)) == 2


def test_undoing_asks_again(desk, form_token):
    row = _review(desk, 0)
    number = _decide(desk, row)
    client, page = desk.client(), f"/reviews/decisions/pair/{number}"
    answer = client.post(page, data={"csrf_token": form_token(client, page), "reason": "wrong child"})
    assert answer.headers["location"] == f"/reviews/{row['review_id']}"
    assert not _bound(desk)
    assert 'name="answer"' in client.get(answer.headers["location"]).text
    assert "undone" in client.get(page).text
    assert client.post(page, data={"csrf_token": form_token(client, page), "reason": "once more"}).status_code == 422


@pytest.fixture
def two_months(make_desk, tmp_path):
    """A desk of two months: between them the surname of the first question's first record has changed."""

    def make(*, protect=False):
        folder = tmp_path / "published"
        module = make_desk().months
        before, now = module.a_month(month="2026-09"), module.a_month()
        row = now["reviews"].iloc[0]
        for month, surname in ((before, "Oldname"), (now, "Newname")):
            found = month["record_details"]["source_id"] == row["left_id"]
            month["record_details"].loc[found, "surname"] = surname
            if surname == "Oldname":
                month["record_details"].loc[found, "address"] = "1 Former Street"
            elif protect:
                month["record_details"].loc[found, ["address", "postcode"]] = pd.NA
                month["record_details"].loc[found, "address_withheld"] = True
        module.publish(before, folder)
        module.publish(now, folder)
        desk = make_desk(published=folder)
        _decide(desk, row, PairAnswer.DIFFERENT, fingerprint="as it was", month="2026-09")
        return desk, row, folder

    return make


def test_a_changed_record_has_the_question_asked_again_with_the_difference(two_months):
    desk, row, _ = two_months()
    client = desk.client()
    assert "Asked again" in client.get("/reviews?state=stale").text
    page = client.get(f"/reviews/{row['review_id']}").text
    for shown in ("Oldname", "Newname", "1 Former Street", "different people", 'name="answer"'):
        assert shown in page


def test_the_difference_tells_nothing_of_where_somebody_was_who_is_protected_now(two_months):
    desk, row, _ = two_months(protect=True)
    page = desk.client().get(f"/reviews/{row['review_id']}").text
    assert "Oldname" in page
    assert "Former Street" not in page


def test_without_the_month_that_was_looked_at_the_page_says_so(two_months):
    desk, row, folder = two_months()
    (folder / "2026-09.duckdb").unlink()
    assert "no longer kept" in desk.client().get(f"/reviews/{row['review_id']}").text


@pytest.fixture
def changed_month(make_desk, tmp_path):
    def make(change):
        module = make_desk().months
        tables = module.a_month()
        change(tables)
        folder = tmp_path / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        module.publish(tables, folder)
        return make_desk(published=folder)

    return make


def test_nothing_of_a_protected_persons_whereabouts_is_told_nor_how_they_agree(changed_month):
    def protect(tables):
        row, links = tables["reviews"].iloc[0], tables["links"]
        for part in ("feed", "table", "id"):
            links.loc[0, f"left_{part}"], links.loc[0, f"right_{part}"] = row[f"left_{part}"], row[f"right_{part}"]
        links.loc[0, "levels"] = json.dumps({"surname": ["exact", 8.2], "address": ["same door", 7.77]})
        links.loc[0, "weight"] = 19.19
        found = tables["record_details"]["source_id"] == row["left_id"]
        tables["record_details"].loc[found, "address_withheld"] = True
        tables["record_details"].loc[found, ["address", "postcode"]] = ["99 Canary Row", "QQ9 9QQ"]

    desk = changed_month(protect)
    page = desk.client().get(f"/reviews/{_review(desk, 0)['review_id']}").text
    assert "Withheld to protect this person" in page
    assert "+8.2" in page
    for canary in ("Canary", "QQ9", "same door", "7.8", "19.2", "3.2"):
        assert canary not in page


def test_a_question_about_a_protected_home_is_for_those_with_the_clearance(changed_month, form_token):
    def protect(tables):
        tables["persons"]["protected"] = True

    desk = changed_month(protect)
    row = _review(desk, 3)
    page = f"/reviews/{row['review_id']}"
    shown = desk.client().get(page).text
    assert "address behind this question is protected" in shown
    assert not [name for name in desk.months.SURNAMES + desk.months.FORENAMES if name in shown]
    client = desk.client()
    form = {"csrf_token": form_token(client, "/reviews"), "fingerprint": row["fingerprint"]}
    assert client.post(page, data={**form, "answer": "apart", "reason": "seen"}).status_code == 403
    assert 'name="answer"' in desk.client(username="cleared").get(page).text


def test_two_people_are_said_to_live_apart(desk, form_token):
    row, client = _review(desk, 3), desk.client()
    answer = _answer(desk, client, form_token, row, answer="apart", reason="the visit found one")
    assert answer.status_code == 303
    said = desk.events("HomeDecided")[0]
    assert (said["review_id"], said["decision"]) == (row["review_id"], "apart")
    page = client.get("/reviews/decisions/household/1").text
    assert "They live apart" in page
    assert "Home decision 1: one home?" in page
    persons = desk.months.a_month()["persons"].set_index("person_id")
    for person in (row["left_person_id"], row["right_person_id"]):
        assert " ".join(persons.loc[person, ["forename", "surname"]]) in page
        assert person in {event["person_id"] for event in desk.events("PersonViewed")}


def test_a_decision_about_a_hidden_home_names_nobody_without_the_clearance(changed_month):
    def protect(tables):
        tables["persons"]["protected"] = False
        tables["households"]["protected"] = True

    desk = changed_month(protect)
    row = _review(desk, 3)
    couple = homes.Couple.of(row["left_person_id"], row["right_person_id"])
    with desk.casebook.begin() as connection:
        said = Saying(Signature.now(desk.user_id("coordinator")), "seen")
        homes.decide(connection, couple, HomeAnswer.APART, said, asked=Asked())
    page = desk.client().get("/reviews/decisions/household/1").text
    assert "An address of one of the two is protected" in page
    assert not [name for name in desk.months.SURNAMES + desk.months.FORENAMES if name in page]
    assert "live together" in desk.client(username="cleared").get("/reviews/decisions/household/1").text


def test_a_question_whose_answer_was_undone_says_that_and_not_that_a_record_changed(changed_month):
    def ask_again(tables):
        tables["reviews"].loc[0, "was_decided"] = True

    desk = changed_month(ask_again)
    row = _review(desk, 0)
    page = f"/reviews/{row['review_id']}"
    assert "a record behind it has changed" in desk.client().get(page).text
    number = _decide(desk, row)
    with desk.casebook.begin() as connection:
        pairs.withdraw(connection, number, Saying(Signature.now(desk.user_id("coordinator")), "another person"))
    shown = desk.client().get(page).text
    assert "that answer has been undone" in shown
    assert "a record behind it has changed" not in shown
    assert "no longer kept" not in shown


def test_none_of_these_is_one_decision_for_all_and_is_undone_as_one(changed_month, form_token):
    def tie(tables):
        tables["reviews"].loc[[1, 2], "left_person_id"] = tables["reviews"].loc[0, "left_person_id"]

    desk = changed_month(tie)
    client, first = desk.client(), _review(desk, 0)
    assert "3 questions are about the same people" in client.get(f"/reviews/{first['review_id']}").text
    page = f"/reviews/{first['review_id']}/group"
    ticked = [_review(desk, number)["review_id"] for number in (0, 1)]
    form = {"csrf_token": form_token(client, page), "questions": ticked}
    assert client.post(page, data=form).status_code == 422
    assert client.post(page, data={**form, "reason": "four cousins"}).status_code == 303
    assert {said.decision for said in _bound(desk).values()} == {"different"}
    assert len(_bound(desk)) == 2
    undo = "/reviews/decisions/pair/1"
    client.post(undo, data={"csrf_token": form_token(client, undo), "reason": "wrong", "whole": "yes"})
    assert not _bound(desk)


@pytest.mark.parametrize("role", [DeskRole.KEY_WORKER, DeskRole.AUDITOR, DeskRole.SCRUTINY, DeskRole.ADMINISTRATOR])
def test_who_may_not_review_sees_nothing_of_it(desk, role):
    row = _review(desk, 0)
    client = desk.client(role)
    for page in ("/reviews", f"/reviews/{row['review_id']}", "/reviews/decisions"):
        answer = client.get(page)
        assert answer.status_code == 403
        assert row["left_id"] not in answer.text


def test_an_unknown_question_has_no_page(desk):
    client = desk.client()
    assert client.get("/reviews/r0000000000000000").headers["location"] == "/reviews"
    assert "not asked this month" in client.get("/reviews").text
    assert desk.client().get("/reviews/decisions/pair/99").status_code == 404


def test_looking_at_a_decision_writes_down_whose_records_were_seen(desk):
    number, row = _decide(desk, _review(desk, 0)), _review(desk, 0)
    desk.client().get(f"/reviews/decisions/pair/{number}")
    seen = {event["person_id"] for event in desk.events("PersonViewed")}
    assert seen == {row["left_person_id"], row["right_person_id"]}


def test_who_places_the_two_together_and_who_apart_is_said_in_words(changed_month):
    def part(tables):
        row, details = tables["reviews"].iloc[3], tables["record_details"]
        records = tables["person_records"].set_index("source_id")["person_id"]
        theirs = details["source_id"].map(records)
        police = details["feed"].eq("police")
        details.loc[theirs.isin([row["left_person_id"], row["right_person_id"]]), "address_withheld"] = False
        details.loc[theirs.eq(row["left_person_id"]) & police, "address"] = "7 Elsewhere Street"

    desk = changed_month(part)
    page = desk.client().get(f"/reviews/{_review(desk, 3)['review_id']}").text
    assert re.search(r"Police gives \w+ an address that no record of \w+ gives\.", page)
    assert re.search(r"Jobcentre gives \w+ an address that a record of \w+ gives too\.", page)
    assert "7 Elsewhere Street" in page


def test_none_of_these_does_not_go_against_what_follows(changed_month, form_token):
    def tie(tables):
        tables["reviews"].loc[1, "left_person_id"] = tables["reviews"].loc[0, "left_person_id"]

    desk = changed_month(tie)
    row = _review(desk, 0)
    third = {"left_feed": "mash", "left_table": "people", "left_id": "M1", "review_id": None, "fingerprint": None}
    page = f"/reviews/{row['review_id']}/group"
    client = desk.client()
    token = form_token(client, page)
    _decide(desk, row, PairAnswer.DIFFERENT, fingerprint="as it was")
    for side in ("left", "right"):
        _decide(desk, {**third, **{f"right_{part}": row[f"{side}_{part}"] for part in ("feed", "table", "id")}})
    form = {"csrf_token": token, "questions": [row["review_id"]], "reason": "no"}
    answer = client.post(page, data=form)
    assert answer.status_code == 422
    assert "make one person of a pair" in answer.text
    assert len(_bound(desk)) == 3


@pytest.mark.parametrize("told", [True, None], ids=["told", "published before there was a flag"])
def test_where_one_was_accused_of_abusing_the_other_no_address_is_shown(changed_month, told):
    def accuse(tables):
        tables["reviews"].loc[3, "after_abuse"] = told
        tables["record_details"]["address_withheld"] = False
        tables["record_details"]["address"] = "99 Canary Row"
        tables["persons"]["protected"] = False

    desk = changed_month(accuse)
    page = desk.client().get(f"/reviews/{_review(desk, 3)['review_id']}").text
    assert "no address is shown here" in page
    assert "gives too" in page
    assert "Canary" not in page


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("9 Hardy Place", "HB4 1UT"), ("9 HARDY PL, HEARTHSTEAD", "hb41ut"), True),
        (("9 Hardy Place", "HB4 1UT"), ("11 Hardy Place", "HB4 1UT"), False),
        (("Flat 2, 9 Hardy Place", "HB4 1UT"), ("9 Hardy Place", "HB4 1UT"), False),
        (("50 Ashfield Court, Hearthstead", None), ("50 ASHFIELD COURT, HEARTHSTEAD", "HB4 1BU"), True),
        (("9 Hardy Place", "HB4 1UT"), (None, "HB4 1UT"), False),
    ],
)
def test_one_address_may_be_spelled_in_two_ways(one, other, alike):
    from desk.homes_evidence import _alike  # noqa: PLC0415

    rows = [{"address": address, "postcode": code, "address_withheld": False} for address, code in (one, other)]
    assert _alike(*rows) is alike


def test_a_home_asked_about_again_after_abuse_shows_no_address_neither_of_then_nor_of_now(make_desk, tmp_path):
    module = make_desk().months
    before, now = module.a_month(month="2026-09"), module.a_month()
    now["reviews"].loc[3, "after_abuse"] = True
    for tables, address in ((before, "1 Canary Past"), (now, "2 Canary Now")):
        tables["record_details"]["address_withheld"] = False
        tables["record_details"]["address"] = address
        tables["record_details"]["fingerprint"] = address
        tables["persons"]["protected"] = False
        module.publish(tables, tmp_path / "published")
    desk, row = make_desk(published=tmp_path / "published"), now["reviews"].iloc[3]
    saying = Saying(Signature.now(desk.user_id("coordinator")), "seen")
    people = homes.Couple.of(row["left_person_id"], row["right_person_id"])
    with desk.casebook.begin() as connection:
        homes.decide(connection, people, HomeAnswer.APART, saying, asked=Asked(row["review_id"], "old", "2026-09"))
    page = desk.client().get(f"/reviews/{row['review_id']}").text
    assert "Asked again" in page
    assert "not shown here" in page
    assert "Canary" not in page


def test_decisions_stand_in_pages_the_newest_first(desk, monkeypatch):
    monkeypatch.setattr(decisions, "_PAGE_ROWS", 1)
    for number in (0, 1):
        _decide(desk, _review(desk, number))
    client = desk.client()
    pages = [client.get(f"/reviews/decisions?page={number}").text for number in (1, 2)]
    told = [re.findall(r"Records decision (\d+):", page) for page in pages]
    assert [len(numbers) for numbers in told] == [1, 1]
    assert int(told[0][0]) > int(told[1][0])
    assert "There are 2" in pages[0]
    assert "/reviews/decisions?page=2" in pages[0]
