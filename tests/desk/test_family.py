"""A family's page: who sees what of whom, and what is never said."""

import json
import re

import pandas as pd
import pytest

from schemas.frames import conform
from schemas.registry import PUBLISHED_TABLES
from schemas.vocabulary import DeskRole

OPEN, SHELTERED = 0, 5


@pytest.fixture(scope="module")
def tables(module_desk):
    return module_desk.months.a_month()


def _family(desk, number):
    return desk.months.family_id(number)


def _page(desk, number, role=DeskRole.COORDINATOR, **given):
    return desk.client(role, **given).get(f"/families/{_family(desk, number)}")


def _people(tables, family_id):
    ids = tables["family_members"].query("family_id == @family_id")["person_id"]
    return tables["persons"][tables["persons"]["person_id"].isin(ids)]


def _needs(tables, family_id, state):
    return tables["needs"].query("family_id == @family_id and state == @state")


def test_a_family_names_its_members_and_each_need_with_its_source(module_desk, tables):
    answer = _page(module_desk, OPEN)
    family_id = _family(module_desk, OPEN)
    assert answer.status_code == 200
    for forename in _people(tables, family_id)["forename"]:
        assert forename in answer.text
    for criterion in _needs(tables, family_id, "met")["criterion_id"]:
        assert criterion in answer.text
    assert "School and Jobcentre give this address." in answer.text


def test_a_need_that_is_not_known_says_why(make_desk, tmp_path):
    desk = make_desk()
    tables = desk.months.a_month()
    first = tables["families"]["family_id"].iloc[OPEN]
    mine = tables["needs"]["family_id"].eq(first) & tables["needs"]["feed"].eq("police")
    tables["needs"].loc[mine, "state"] = "unknown"
    tables["needs"].loc[mine, "value"] = float("nan")
    desk.months.publish(tables, tmp_path / "published")
    text = make_desk(published=tmp_path / "published").client().get(f"/families/{first}").text
    assert "No usable data came from Police this month. What it sent last speaks of 28 September 2026." in text


def test_record_ids_are_for_those_who_may_see_evidence(make_desk):
    desk = make_desk()
    desk.attach(OPEN)
    met = _needs(desk.months.a_month(), _family(desk, OPEN), "met")
    keys = [row["source_id"] for evidence in met["evidence"] for row in json.loads(evidence)]
    assert keys
    told, counted = _page(desk, OPEN, DeskRole.DATA_ANALYST).text, _page(desk, OPEN, DeskRole.KEY_WORKER).text
    assert all(key in told for key in keys)
    assert not any(key in counted for key in keys)
    assert "1 row of" in counted
    assert "counts when" in told
    assert "counts when" not in counted
    assert "R0000001 changed" not in counted


def test_a_key_worker_opens_no_other_family(make_desk):
    desk = make_desk()
    desk.attach(OPEN)
    assert _page(desk, OPEN, DeskRole.KEY_WORKER).status_code == 200
    assert _page(desk, OPEN + 1, DeskRole.KEY_WORKER).status_code == 404
    assert _page(desk, OPEN, username="second_worker").status_code == 404


def test_of_a_sheltered_family_nobody_is_named_who_is_linked_by_the_address_alone(module_desk, tables):
    family_id = _family(module_desk, SHELTERED)
    answer = _page(module_desk, SHELTERED)
    home = tables["families"].query("family_id == @family_id")
    house = tables["households"][tables["households"]["household_id"].isin(home["household_id"])]
    hidden = [*house["postcode"], *house["ward"], *house["uprn"], *_people(tables, family_id)["person_id"]]
    hidden += [str(person.date_of_birth.year) for person in _people(tables, family_id).itertuples()]
    body = re.sub(r"<footer.*", "", answer.text, flags=re.DOTALL)
    assert not [value for value in hidden if value in body]
    assert _people(tables, family_id)["surname"].iloc[0] not in body
    assert "An address of this family is protected" in body
    assert "linked to the others only through a protected address" in body
    assert module_desk.events("AddressRevealed") == []


def test_with_the_clearance_the_address_is_shown_and_that_is_recorded(make_desk):
    desk = make_desk()
    tables = desk.months.a_month()
    family_id = _family(desk, SHELTERED)
    text = _page(desk, SHELTERED, username="cleared").text
    house = tables["families"].merge(tables["households"][["household_id", "postcode"]], on="household_id")
    assert house.query("family_id == @family_id")["postcode"].iloc[0] in text
    assert _people(tables, family_id)["forename"].iloc[0] in text
    assert desk.events("AddressRevealed")[0]["family_id"] == family_id


def test_a_contact_on_the_schools_record_ties_without_the_address(make_desk, tmp_path):
    desk = make_desk()
    tables = desk.months.a_month()
    family_id = _family(desk, SHELTERED)
    members = tables["family_members"].query("family_id == @family_id")
    parent = members.query("role == 'parent'")["person_id"].iloc[0]
    children = members.query("role == 'child'")["person_id"]
    pupils = tables["person_records"].query("table_name == 'pupils'")
    pupils = pupils[pupils["person_id"].isin(children)]
    pupil = pupils["source_id"].iloc[0]
    contact = {"feed": "school", "table_name": "contacts", "source_id": f"C1|{pupil}", "person_id": parent}
    added = pd.concat([tables["person_records"], pd.DataFrame([contact | {"basis": "model"}])])
    tables["person_records"] = conform(added, PUBLISHED_TABLES["person_records"])
    desk.months.publish(tables, tmp_path / "published")
    text = make_desk(published=tmp_path / "published").client().get(f"/families/{family_id}").text
    assert parent not in text
    assert tables["persons"].query("person_id == @parent")["surname"].iloc[0] in text
    assert "this address." not in text


def test_each_view_is_recorded(make_desk):
    desk = make_desk()
    _page(desk, OPEN)
    assert desk.events("FamilyViewed") == [{"family_id": _family(desk, OPEN), "month": "2026-10"}]
    _page(desk, OPEN, username="second_worker")
    assert len(desk.events("FamilyViewed")) == 1


def test_an_old_id_leads_to_what_the_family_has_become(make_desk, tmp_path):
    desk = make_desk()
    tables = desk.months.a_month()
    now = _family(desk, OPEN)
    event = {"month": "2026-10", "kind": "family", "id": "fgone2", "event": "joined", "other_id": now, "cause": "data"}
    tables["identity_events"] = conform(pd.DataFrame([event]), PUBLISHED_TABLES["identity_events"])
    desk.months.publish(tables, tmp_path / "published")
    client = make_desk(published=tmp_path / "published").client()
    answer = client.get("/families/fgone2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/families/{now}")
    assert "Family fgone2 is now part of this family" in client.get(f"/families/{now}").text
    assert client.get("/families/fnever2").status_code == 404


def test_the_timeline_tells_coded_events_and_no_free_text(make_desk):
    desk = make_desk()
    desk.attach(OPEN)
    text = _page(desk, OPEN).text
    assert "Taken on" in text
    assert "Consent given" in text
    assert "agreed at the panel" not in text
