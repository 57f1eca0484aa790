"""The month: how many families, what has come in, what waits for the visitor, and what changed and why."""

from starlette.responses import Response

from desk.visit import Visit

_COUNTS = """
    select count(*) filter (where is_identified) as identified,
        count(*) filter (where change = 'new') as new,
        count(*) filter (where change = 'returned') as returned,
        count(*) filter (where change = 'left') as left_list
    from cohort
"""


def show(visit: Visit) -> Response:
    """The first page."""
    return visit.page("home.html", month=visit.month, counts=visit.one(_COUNTS))
