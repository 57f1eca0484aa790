"""Taking the list of families away as a file."""

import datetime as dt
import hashlib

from starlette.responses import Response

from casebook import audit
from casebook.events import Exported, ExportForm, Page
from desk.access import ROLE_WORDS
from desk.family_export import COLUMNS, Cover, file_of
from desk.family_filters import DEFAULTS, FILTERS, Wanted, choices_of, state_of, wanted
from desk.family_list import all_of, page_of
from desk.visit import Visit

_KINDS = {
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.CSV: "text/csv; charset=utf-8",
}


def choose(visit: Visit) -> Response:
    """Which columns, and which form."""
    return _form(visit, wanted(visit.request.query_params, choices_of(visit)), {})


def take(visit: Visit) -> Response:
    """The file; that it was taken is on record before it leaves."""
    choices = choices_of(visit)
    state = state_of(visit, choices)
    columns = [name for name in COLUMNS if name in visit.form.getlist("columns")]
    if not columns:
        return _form(visit, state, {"columns": "Choose at least one column."})
    form = ExportForm.CSV if visit.form.get("form") == ExportForm.CSV else ExportForm.XLSX
    families = all_of(visit, state)
    body = file_of(form, families, columns, _cover(visit, _said(state, choices), len(families)))
    with visit.writing() as connection:
        hashed = hashlib.sha256(body).hexdigest()
        event = Exported(Page.FAMILIES, form, visit.month, len(families), hashed)
        audit.record(connection, event, visit.signature)
    name = f"families-{visit.month}.{form.value}"
    return Response(body, media_type=_KINDS[form], headers={"content-disposition": f'attachment; filename="{name}"'})


def _form(visit: Visit, state: Wanted, errors: dict[str, str]) -> Response:
    return visit.page(
        "export.html",
        status=422 if errors else 200,
        month=visit.month,
        total=page_of(visit, state).total,
        state=state,
        filters=_said(state, choices_of(visit)),
        columns=COLUMNS,
        errors=errors,
    )


def _cover(visit: Visit, filters: list[str], families: int) -> Cover:
    run = visit.one("select programme from run") or {}
    return Cover(
        month=visit.month,
        programme=str(run.get("programme", "")),
        filters=filters,
        who=f"{visit.me.display_name} ({visit.me.username}), {ROLE_WORDS[visit.me.role].lower()}",
        made_at=dt.datetime.now(dt.UTC),
        families=families,
    )


def _said(state: Wanted, choices: dict[str, dict[str, str]]) -> list[str]:
    """The filters in words; a search is told of, and not repeated."""
    told = [
        f"{each.words}: {', '.join(choices[each.name][value] for value in state.chosen[each.name])}"
        for each in FILTERS
        if state.chosen[each.name] and state.chosen[each.name] != (DEFAULTS.get(each.name),)
    ]
    return [*told, "a search by name or id"] if state.search else told
