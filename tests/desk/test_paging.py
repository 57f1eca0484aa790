"""A long list in pages, on every page of the desk that has one."""

import pytest

from desk.paging import paged

FOUND = list(range(60))


class _Visit:
    """As much of a visit as paging asks: the address."""

    def __init__(self, **query):
        self.request = type("Request", (), {"query_params": query})

    def path(self, name):
        return f"/{name}"


def _paged(**query):
    return paged(_Visit(**query), "claims", FOUND, 25, kept={"status": "paid"}, label="Pages")


@pytest.mark.parametrize(
    ("page", "first", "rows"),
    [("1", 0, 25), ("3", 50, 10), ("99", 50, 10), ("0", 0, 25), ("x", 0, 25), ("-1", 0, 25), ("9" * 5000, 0, 25)],
)
def test_the_page_asked_for_or_the_nearest_that_there_is(page, first, rows):
    found = _paged(page=page)
    assert (found.rows[0], len(found.rows)) == (first, rows)


def test_links_lead_to_the_neighbours_and_keep_the_filters():
    links = _paged(page="2").links
    assert links["previous"] == {"href": "/claims?status=paid&page=1", "labelText": "1 of 3"}
    assert links["next"] == {"href": "/claims?status=paid&page=3", "labelText": "3 of 3"}
    assert "previous" not in _paged().links
    assert "next" not in _paged(page="3").links


def test_a_list_of_one_page_has_no_links():
    assert paged(_Visit(), "claims", FOUND[:3], 25, kept={}, label="Pages").links == {}


@pytest.mark.parametrize("path", ["/claims", "/reviews", "/reviews/decisions", "/cases", "/families"])
def test_a_number_beyond_all_bounds_is_the_first_page(module_desk, path):
    assert module_desk.client().get(f"{path}?page={'9' * 5000}").status_code == 200
