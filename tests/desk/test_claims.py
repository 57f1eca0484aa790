"""Claims: two people, in order, with a reason where one withdraws, and the papers that go with them."""

import pandas as pd
import pytest

from casebook import claims
from casebook.events import ExportForm
from desk.app import make_app
from desk.claim_papers import ClaimPapers
from schemas.vocabulary import DeskRole

C, M, A, D = DeskRole.COORDINATOR, DeskRole.MANAGER, DeskRole.AUDITOR, DeskRole.DATA_ANALYST


@pytest.fixture
def claim(desk):
    rows = desk.months.a_month()["claims"]
    return rows[rows["status"].eq("eligible")]["claim_id"].iloc[0]


def _send(client, form_token, claim, to, **more):
    page = f"/claims/{claim}"
    where = "approval" if to == "approved" else "steps"
    carried = form_token(client, page)
    return client.post(f"{page}/{where}", data={"csrf_token": carried, "to": to, **more})


def _steps(desk, claim):
    with desk.casebook.reading() as connection:
        return [step.status.value for step in claims.steps(connection, claim)]


def test_the_list_is_filtered_by_what_the_url_says(desk):
    rows = desk.months.a_month()["claims"]
    text = desk.client(C).get("/claims?status=checked").text
    for row in rows.itertuples():
        assert (row.claim_id in text) == (row.status == "checked")
    warned = desk.client(C).get("/claims?warned=yes").text
    for row in rows.itertuples():
        assert (row.claim_id in warned) == (not pd.isna(row.warning))


def test_a_claim_goes_its_way_through_two_people(desk, claim, form_token):
    coordinator, manager = desk.client(C), desk.client(M)
    assert _send(coordinator, form_token, claim, "checked").status_code == 303
    assert _send(manager, form_token, claim, "approved").status_code == 303
    assert _send(coordinator, form_token, claim, "submitted").status_code == 303
    assert _send(coordinator, form_token, claim, "paid").status_code == 303
    assert _steps(desk, claim) == ["checked", "approved", "submitted", "paid"]
    assert "Nothing more is due." in coordinator.get(f"/claims/{claim}").text
    assert len(desk.events("ClaimMoved")) == 4


def test_whoever_checked_a_claim_cannot_approve_it(desk, claim, form_token):
    manager = desk.client(M)
    _send(manager, form_token, claim, "checked")
    assert "You checked this claim. Somebody else must approve it." in manager.get(f"/claims/{claim}").text
    answer = _send(manager, form_token, claim, "approved")
    assert answer.status_code == 422
    assert "Somebody else must approve it" in answer.text
    assert _steps(desk, claim) == ["checked"]


def test_a_coordinator_approves_nothing_not_even_through_the_other_door(desk, claim, form_token):
    coordinator = desk.client(C)
    _send(coordinator, form_token, claim, "checked")
    assert _send(coordinator, form_token, claim, "approved").status_code == 403
    carried = form_token(coordinator, f"/claims/{claim}")
    answer = coordinator.post(f"/claims/{claim}/steps", data={"csrf_token": carried, "to": "approved"})
    assert answer.status_code == 404
    assert _steps(desk, claim) == ["checked"]


def test_a_step_out_of_order_is_refused(desk, claim, form_token):
    answer = _send(desk.client(C), form_token, claim, "paid")
    assert answer.status_code == 422
    assert "cannot become paid" in answer.text
    assert _steps(desk, claim) == []


def test_withdrawing_needs_a_reason_and_is_final(desk, claim, form_token):
    coordinator = desk.client(C)
    refused = _send(coordinator, form_token, claim, "withdrawn", reason="  ")
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert _send(coordinator, form_token, claim, "withdrawn", reason="claimed twice").status_code == 303
    text = coordinator.get(f"/claims/{claim}").text
    assert "claimed twice" in text
    assert "Withdraw the claim" not in text


def test_an_auditor_reads_and_takes_no_step(desk, claim):
    text = desk.client(A).get(f"/claims/{claim}").text
    assert "Your role cannot take the next step." in text
    assert 'name="to"' not in text


def _papers(desk):
    packed = []

    def pack(claim_id, month, form):
        packed.append((claim_id, month, form))
        return b"the pack"

    def sample(frame, percent, seed):
        return frame.sort_values("claim_id").head(int(percent * seed))

    app = make_app(desk.settings, papers=ClaimPapers(pack, sample))
    return app, packed


def test_opening_an_evidence_pack_is_recorded(desk, claim):
    assert desk.client(A).get(f"/claims/{claim}/evidence/pdf").status_code == 404
    desk.app, packed = _papers(desk)
    answer = desk.client(A).get(f"/claims/{claim}/evidence/json")
    assert (answer.content, answer.headers["content-type"]) == (b"the pack", "application/json")
    assert packed == [(claim, "2026-10", ExportForm.JSON)]
    assert desk.events("EvidenceOpened") == [{"claim_id": claim, "form": "json", "month": "2026-10"}]
    assert desk.client(A).get(f"/claims/{claim}/evidence/csv").status_code == 404


def test_a_sample_is_drawn_by_size_and_seed(desk):
    desk.app, _ = _papers(desk)
    every = sorted(desk.months.a_month()["claims"]["claim_id"])
    text = desk.client(D).get("/claims/sample?size=1&seed=2").text
    assert [claim for claim in every if claim in text] == every[:2]
    refused = desk.client(D).get("/claims/sample?size=0&seed=x")
    assert refused.status_code == 422
    assert "Enter the share as a whole number" in refused.text
