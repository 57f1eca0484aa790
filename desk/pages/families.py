"""Families: the list, narrowed, searched, sorted and kept under a name."""

from typing import Any

from starlette.responses import Response

from casebook import views
from casebook.errors import CasebookError
from casebook.events import Page, PageViewed
from desk.family_filters import DEFAULTS, FILTERS, NAMES, SORTS, Wanted, choices_of, state_of, wanted
from desk.family_list import Found, page_of
from desk.family_search import LONGEST, keep, text_of
from desk.visit import Visit

_HEADS = {
    "rank": "Rank",
    "surname": "Family",
    "ward": "Ward",
    "needs": "Needs met",
    "worker": "Work with the family",
    "data": "Oldest data",
}


def show(visit: Visit) -> Response:
    """A page of the list."""
    return _list(visit, {})


def search(visit: Visit) -> Response:
    """Search by a name or an id; the text is kept here, and the URL carries an id that says nothing."""
    state = state_of(visit, choices_of(visit))
    text = " ".join(str(visit.form.get("text", "")).split())
    if len(text) < 2 or len(text) > LONGEST:
        return _list(visit, {"text": f"Type between 2 and {LONGEST} letters of a name, or an id."}, state)
    found = Wanted(state.chosen, keep(visit, text), state.sort)
    return visit.go("families", query=found.query())


def save_view(visit: Visit) -> Response:
    """Keep the filters, without the search, under a name of one's own."""
    state = state_of(visit, choices_of(visit))
    query = state.query(search=False)
    try:
        with visit.writing() as connection:
            new = views.NewView(Page.FAMILIES, str(visit.form.get("name", "")), query)
            views.save(connection, new, visit.signature, filters=NAMES)
    except CasebookError as error:
        return _list(visit, {"name": str(error)}, state)
    visit.tell("The view is saved. You find it above the filters.")
    return visit.go("families", query=query)


def drop_view(visit: Visit) -> Response:
    """Forget a saved view."""
    try:
        with visit.writing() as connection:
            views.drop(connection, str(visit.request.path_params["view_id"]), visit.signature)
    except CasebookError:
        return visit.go("families")
    visit.tell("The view is no longer kept.")
    return visit.go("families")


def _list(visit: Visit, errors: dict[str, str], state: Wanted | None = None) -> Response:
    choices = choices_of(visit)
    state = state or wanted(visit.request.query_params, choices)
    found = page_of(visit, state)
    text = text_of(visit, state.search)
    with visit.looking_up() as connection:
        mine = views.of_user(connection, visit.me.user_id, Page.FAMILIES)
    visit.record(PageViewed(Page.FAMILIES, visit.month, len(found.rows)))
    return visit.page(
        "families.html",
        status=422 if errors else 200,
        month=visit.month,
        found=found,
        state=state,
        filters=FILTERS,
        choices=choices,
        chosen=_chosen(state, choices),
        heads=_heads(state),
        searched=text,
        search_ended=bool(state.search) and text is None,
        views=mine,
        links=_links(state, found),
        errors=errors,
    )


def _chosen(state: Wanted, choices: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """What narrows the list, each with the state without it."""
    return [
        {"filter": each.words, "words": choices[each.name][value], "without": state.without(each.name, value).query()}
        for each in FILTERS
        for value in state.chosen[each.name]
        if DEFAULTS.get(each.name) != value
    ]


def _heads(state: Wanted) -> list[dict[str, Any]]:
    """The columns' headings: what each is sorted by, and the state sorted by it."""
    name = state.sort.removeprefix("-")
    ways = {True: "descending", False: "ascending"}
    return [
        {
            "words": words,
            "query": state.sorted_by(key).query(),
            "sorted": ways[state.sort.startswith("-")] if key == name else "none",
        }
        for key, words in _HEADS.items()
        if key in SORTS
    ]


def _links(state: Wanted, found: Found) -> dict[str, Any]:
    """What GOV.UK's pagination asks for: pages near this one, the first and the last."""
    near = sorted({1, *range(found.page - 2, found.page + 3), found.pages} & set(range(1, found.pages + 1)))
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        items += [{"ellipsis": True}] if number > before + 1 else []
        items.append({"number": number, "current": number == found.page, "href": "?" + state.query(page=number)})
    links: dict[str, Any] = {"items": items, "landmarkLabel": "Pages of the list"}
    if found.page > 1:
        links["previous"] = {"href": "?" + state.query(page=found.page - 1)}
    if found.page < found.pages:
        links["next"] = {"href": "?" + state.query(page=found.page + 1)}
    return links
