"""One claim: what speaks for it and against it, its evidence pack, and the next step."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import audit, claims, people
from casebook.errors import CasebookError
from casebook.events import EvidenceOpened, ExportForm, Page, PageViewed
from casebook.ledgers import Saying
from desk import forms
from desk.access import Permission
from desk.claims_now import STATUS_WORDS, ClaimNow, checked_by_me, claims_now, needed, next_step
from desk.visit import Visit
from schemas.vocabulary import ClaimStatus

_KINDS = {ExportForm.PDF: "application/pdf", ExportForm.JSON: "application/json"}


def show(visit: Visit) -> Response:
    """The claim."""
    claim = _claim(visit)
    with visit.writing() as connection:
        audit.record(connection, PageViewed(Page.CLAIMS, visit.month, 1), visit.signature)
    return _page(visit, claim, {})


def move(visit: Visit) -> Response:
    """Take the claim to its next step, or withdraw it."""
    wanted = forms.text(visit, "to")
    if wanted not in {ClaimStatus.CHECKED, ClaimStatus.SUBMITTED, ClaimStatus.PAID, ClaimStatus.WITHDRAWN}:
        raise HTTPException(404)
    return _taken(visit, ClaimStatus(wanted))


def approve(visit: Visit) -> Response:
    """Approve a claim that another person checked."""
    return _taken(visit, ClaimStatus.APPROVED)


def evidence(visit: Visit) -> Response:
    """The claim's evidence pack, as PDF or JSON."""
    claim, form = _claim(visit), visit.request.path_params["form"]
    if form not in _KINDS or visit.desk.papers is None:
        raise HTTPException(404)
    kind = ExportForm(form)
    try:
        content = visit.desk.papers.pack(claim.claim_id, visit.month, kind)
    except KeyError:
        raise HTTPException(404) from None
    with visit.writing() as connection:
        audit.record(connection, EvidenceOpened(claim.claim_id, kind, visit.month), visit.signature)
    headers = {"content-disposition": f'attachment; filename="claim-{claim.claim_id}.{kind.value}"'}
    return Response(content, media_type=_KINDS[kind], headers=headers)


def _claim(visit: Visit) -> ClaimNow:
    wanted = visit.request.path_params["claim_id"]
    found = next((claim for claim in claims_now(visit) if claim.claim_id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


def _taken(visit: Visit, to: ClaimStatus) -> Response:
    claim, reason = _claim(visit), forms.text(visit, "reason")
    if not visit.may(needed(to)):
        raise HTTPException(403)
    if to is ClaimStatus.WITHDRAWN and not reason:
        return _page(visit, claim, {"reason": "Say why the claim is withdrawn."})
    try:
        with visit.writing() as connection:
            claims.take(connection, claim.published(visit.month), to, Saying(visit.signature, reason or None))
    except CasebookError as error:
        return _page(visit, claim, {"step": str(error)})
    visit.tell(f"Claim {claim.claim_id} is now {STATUS_WORDS[to].lower()}.")
    return visit.go("claim", claim_id=claim.claim_id)


def _page(visit: Visit, claim: ClaimNow, errors: dict[str, str]) -> Response:
    with visit.looking_up() as connection:
        taken = claims.steps(connection, claim.claim_id)
        names = {user.user_id: user.display_name for user in people.everyone(connection)}
        mine = checked_by_me(connection, visit, claim)
    following = next_step(visit, claim)
    return visit.page(
        "claim.html",
        status=422 if errors else 200,
        month=visit.month,
        claim=claim,
        steps=[(step, names.get(step.decided_by, "not known"), STATUS_WORDS[step.status]) for step in taken],
        following=following,
        is_mine=mine and claim.status is ClaimStatus.CHECKED,
        can_withdraw=claim.status is not ClaimStatus.WITHDRAWN and visit.may(Permission.CHECK_CLAIMS),
        has_pack=visit.desk.papers is not None,
        errors=errors,
        reason=forms.text(visit, "reason"),
        words=STATUS_WORDS,
        order=[(status, STATUS_WORDS[status]) for status in ClaimStatus if status is not ClaimStatus.WITHDRAWN],
    )
