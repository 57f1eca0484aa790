"""Claims: the list by how far each has come, and a spot-check sample that can be drawn again."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from starlette.responses import Response

from casebook import audit
from casebook.events import Page, PageViewed
from desk.claims_now import STATUS_WORDS, ClaimNow, claims_now
from desk.paging import paged
from desk.visit import Visit
from schemas.vocabulary import ClaimStatus

_A_PAGE = 50
_FILTERS = ("status", "route", "window", "warned")


def show(visit: Visit) -> Response:
    """The list, by the filters that the URL holds."""
    every = claims_now(visit)
    chosen = {name: visit.request.query_params.get(name, "") for name in _FILTERS}
    found = [claim for claim in every if _fits(claim, chosen)]
    kept = {name: value for name, value in chosen.items() if value}
    page = paged(visit, "claims", found, _A_PAGE, kept=kept, label="Pages of claims")
    _viewed(visit, len(found))
    return visit.page(
        "claims.html",
        month=visit.month,
        summary=_summary(every),
        chosen=chosen,
        choices=_choices(every, chosen),
        found=len(found),
        amount=sum(claim.amount_gbp for claim in found),
        claims=page.rows,
        pages=page.links,
        words=STATUS_WORDS,
    )


def sample(visit: Visit) -> Response:
    """The form for a spot-check sample, and the sample where one is asked for."""
    asked = {name: visit.request.query_params.get(name, "").strip() for name in ("size", "seed")}
    errors = _wrong(asked) if any(asked.values()) else {}
    papers = visit.desk.papers
    drawn: list[ClaimNow] | None = None
    if papers and not errors and any(asked.values()):
        every = {claim.claim_id: claim for claim in claims_now(visit)}
        frame = pd.DataFrame([vars(claim) for claim in every.values()], columns=list(ClaimNow.__dataclass_fields__))
        chosen = papers.sample(frame, float(asked["size"]), int(asked["seed"]))
        drawn = [every[claim_id] for claim_id in chosen["claim_id"]]
        _viewed(visit, len(drawn))
    return visit.page(
        "claims_sample.html",
        status=422 if errors else 200,
        month=visit.month,
        asked={"size": asked["size"] or "10", "seed": asked["seed"] or "1"},
        errors=errors,
        drawn=drawn,
        can_draw=papers is not None,
        words=STATUS_WORDS,
    )


def _viewed(visit: Visit, rows: int) -> None:
    with visit.writing() as connection:
        audit.record(connection, PageViewed(Page.CLAIMS, visit.month, rows), visit.signature)


def _fits(claim: ClaimNow, chosen: Mapping[str, str]) -> bool:
    told = {"status": claim.status.value, "route": claim.route, "window": claim.window}
    told["warned"] = "yes" if claim.warning else "no"
    return all(not wanted or told[name] == wanted for name, wanted in chosen.items())


def _summary(every: Sequence[ClaimNow]) -> list[dict[str, Any]]:
    return [
        {
            "status": status.value,
            "words": STATUS_WORDS[status],
            "claims": sum(claim.status is status for claim in every),
            "amount": sum(claim.amount_gbp for claim in every if claim.status is status),
        }
        for status in ClaimStatus
    ]


def _choices(every: Sequence[ClaimNow], chosen: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    options = {
        "status": {status.value: STATUS_WORDS[status] for status in ClaimStatus},
        "route": dict(sorted({claim.route: claim.route_name for claim in every}.items())),
        "window": {window: window for window in sorted({claim.window for claim in every}, reverse=True)},
        "warned": {"yes": "With a warning", "no": "Without"},
    }
    return {
        name: [
            {"value": value, "text": text, "selected": value == chosen[name]}
            for value, text in {"": "All", **told}.items()
        ]
        for name, told in options.items()
    }


def _wrong(asked: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    size, seed = asked["size"].removesuffix("%"), asked["seed"]
    if not (size.isdecimal() and 0 < int(size) <= 100):
        wrong["size"] = "Enter the share as a whole number from 1 to 100."
    if not (seed.isdecimal() and len(seed) < 10):
        wrong["seed"] = "Enter the seed as a whole number, such as 1."
    return wrong
