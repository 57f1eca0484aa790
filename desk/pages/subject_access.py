"""Taking away all that is held on one person, for a subject-access request."""

import datetime as dt
import hashlib
import json

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import audit
from casebook.events import ExportForm, PersonExported, PersonViewed
from desk import forms
from desk.held_on import Rows, held_on
from desk.rendering import moment
from desk.visit import Visit
from reports.sheets import xlsx_of

_KINDS = {
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.JSON: "application/json",
}
_NOTE = (
    "All that Hearth holds on one person in the newest month and in the casebook. What tells of others is left out "
    "and counted. Check it before it is disclosed: exemptions, such as serious harm, are for a person to judge."
)


def show(visit: Visit) -> Response:
    """What there is, in counts, and the form."""
    person_id, held = _held(visit)
    visit.record(PersonViewed(person_id, visit.month))
    counts = [(name, len(rows)) for name, rows in held.items() if name != "Left out"]
    families = [row["family_id"] for row in held["Families"]]
    return visit.page(
        "person_export.html",
        month=visit.month,
        person_id=person_id,
        counts=counts,
        left_out=held["Left out"],
        families=families,
    )


def take(visit: Visit) -> Response:
    """The file; that it was taken is on record before it leaves."""
    person_id, held = _held(visit)
    form = ExportForm.JSON if forms.text(visit, "form") == ExportForm.JSON else ExportForm.XLSX
    body = _json(held, visit) if form is ExportForm.JSON else _workbook(held, visit)
    with visit.writing() as connection:
        event = PersonExported(person_id, visit.month, hashlib.sha256(body).hexdigest())
        audit.record(connection, event, visit.signature)
    name = f"subject-access-{person_id}.{form.value}"
    return Response(body, media_type=_KINDS[form], headers={"content-disposition": f'attachment; filename="{name}"'})


def _held(visit: Visit) -> tuple[str, dict[str, Rows]]:
    person_id = str(visit.request.path_params["person_id"])
    held = held_on(visit, person_id)
    if held is None:
        raise HTTPException(404)
    return person_id, held


def _about(visit: Visit) -> dict[str, str]:
    made = moment(dt.datetime.now(dt.UTC))
    return {"Note": _NOTE, "Month": visit.month, "Made": made, "Made by": visit.me.display_name}


def _json(held: dict[str, Rows], visit: Visit) -> bytes:
    told = {"about": _about(visit), **held}
    return (json.dumps(told, default=str, ensure_ascii=False, indent=1) + "\n").encode()


def _workbook(held: dict[str, Rows], visit: Visit) -> bytes:
    sheets = {name: pd.DataFrame(rows).map(_cell) for name, rows in held.items() if rows}
    return xlsx_of(sheets, title="Subject access", about=_about(visit))


def _cell(value: object) -> str:
    return "" if value is None or value is pd.NaT or value != value else str(value)  # noqa: PLR0124 - NaN alone differs
