"""The steps of a claim: in order, by two people, and never lost."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import claims, reading
from casebook.claims import PublishedClaim
from casebook.errors import OutOfOrderError, ReasonMissingError
from schemas.vocabulary import ClaimStatus

CLAIM = PublishedClaim("C1", "2026-10")
S = ClaimStatus


def take(book, saying, to, claim=CLAIM):
    with book.begin() as connection:
        return claims.take(connection, claim, to, saying)


def test_a_claim_goes_from_eligible_to_paid_by_two_people_step_by_step(book, users, says):
    for to, who in ((S.CHECKED, "ash"), (S.APPROVED, "cedar"), (S.SUBMITTED, "ash"), (S.PAID, "ash")):
        take(book, says(who, f"step to {to}"), to)
    with book.reading() as connection:
        told = claims.steps(connection, "C1")
        read = reading.claim_steps(connection)
        assert claims.newest(connection)["C1"].status is S.PAID
    assert [(step.status, step.decided_by) for step in told] == [
        (S.CHECKED, users["ash"].user_id),
        (S.APPROVED, users["cedar"].user_id),
        (S.SUBMITTED, users["ash"].user_id),
        (S.PAID, users["ash"].user_id),
    ]
    assert (told[0].reason, told[0].month) == ("step to checked", "2026-10")
    assert read[["status", "decided_by"]].to_numpy().tolist()[:2] == [["checked", "ash"], ["approved", "cedar"]]


def test_whoever_checked_does_not_approve(book, says):
    take(book, says("ash"), S.CHECKED)
    with pytest.raises(OutOfOrderError, match="Somebody else must approve"):
        take(book, says("ash"), S.APPROVED)
    take(book, says("birch"), S.APPROVED)


@pytest.mark.parametrize("to", [S.APPROVED, S.SUBMITTED, S.PAID, S.ELIGIBLE])
def test_a_step_out_of_order_is_refused_with_what_may_come(book, says, to):
    with pytest.raises(OutOfOrderError, match=r"Claim C1 is eligible and cannot become .* checked, withdrawn"):
        take(book, says("ash"), to)


@pytest.mark.parametrize("steps", range(5))
def test_a_claim_is_withdrawn_from_any_live_step_with_a_reason_and_stays_so(book, says, steps):
    for to, who in [(S.CHECKED, "ash"), (S.APPROVED, "birch"), (S.SUBMITTED, "ash"), (S.PAID, "ash")][:steps]:
        take(book, says(who), to)
    with pytest.raises(ReasonMissingError):
        take(book, says("cedar", ""), S.WITHDRAWN)
    take(book, says("cedar", "an absence came to light"), S.WITHDRAWN)
    for to in S:
        with pytest.raises(OutOfOrderError, match="what is withdrawn stays so"):
            take(book, says("cedar"), to)
    with book.reading() as connection:
        assert len(claims.steps(connection, "C1")) == steps + 1


def test_a_claim_that_an_older_system_took_further_goes_on_from_there(book, says):
    claim = PublishedClaim("C1", "2026-10", S.SUBMITTED)
    with pytest.raises(OutOfOrderError, match="is submitted"):
        take(book, says("ash"), S.CHECKED, claim)
    take(book, says("ash"), S.PAID, claim)


def test_of_two_who_approve_at_once_one_does(book, says):
    take(book, says("ash"), S.CHECKED)
    gate, came = threading.Barrier(2), []

    def approve(who):
        gate.wait()
        try:
            came.append(take(book, says(who), S.APPROVED))
        except OutOfOrderError:
            came.append(None)

    both = [threading.Thread(target=approve, args=(who,)) for who in ("birch", "cedar")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert [each is None for each in sorted(came, key=lambda number: number or 0)] == [True, False]
    with book.reading() as connection:
        assert [step.status for step in claims.steps(connection, "C1")] == [S.CHECKED, S.APPROVED]


ORDER = ["eligible", "checked", "approved", "submitted", "paid"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(list(S)), st.sampled_from(["ash", "birch"])), max_size=10))
def test_whatever_is_tried_what_stands_is_in_order_and_checked_and_approved_by_two(book, says, tries):
    with book.engine.connect() as connection, connection.begin() as transaction:
        for to, who in tries:
            try:
                claims.take(connection, CLAIM, to, says(who))
            except OutOfOrderError:
                continue
        told = claims.steps(connection, "C1")
        live = [step.status.value for step in told if step.status is not S.WITHDRAWN]
        assert live == ORDER[1 : 1 + len(live)]
        assert all(step.status is not S.WITHDRAWN for step in told[:-1])
        by = {step.status: step.decided_by for step in told}
        assert S.APPROVED not in by or by[S.APPROVED] != by[S.CHECKED]
        transaction.rollback()
