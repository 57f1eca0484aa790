"""Saved views: filters under a name, one's own, and nothing personal."""

import pytest

from casebook import views
from casebook.errors import RefusedWordError, UnknownRowError
from casebook.events import Page
from casebook.views import NewView

FILTERS = frozenset({"ward", "headline", "sort"})


def save(book, signature, name="My wards", query="?ward=Mill+End&ward=Castle&sort=needs", page=Page.FAMILIES):
    with book.begin() as connection:
        return views.save(connection, NewView(page, name, query), signature, filters=FILTERS)


@pytest.fixture
def ash(says):
    return says("ash").signature


def test_a_view_keeps_its_filters_for_its_own_user_and_page(book, says, ash):
    view = save(book, ash)
    assert view.query == "ward=Mill+End&ward=Castle&sort=needs"
    with book.reading() as connection:
        assert views.of_user(connection, ash.user_id, Page.FAMILIES) == [view]
        assert views.of_user(connection, ash.user_id, Page.CLAIMS) == []
        assert views.of_user(connection, says("birch").signature.user_id, Page.FAMILIES) == []


def test_saving_under_the_same_name_takes_the_place_of_the_earlier(book, ash):
    save(book, ash)
    newer = save(book, ash, query="headline=3")
    with book.reading() as connection:
        assert views.of_user(connection, ash.user_id, Page.FAMILIES) == [newer]


@pytest.mark.parametrize("query", ["q=Quibbleton", "ward=Castle&surname=x", "search=1"])
def test_what_is_no_filter_is_refused_and_not_repeated(book, ash, query):
    with pytest.raises(RefusedWordError, match="headline, sort, ward") as refused:
        save(book, ash, query=query)
    assert "Quibbleton" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_short_name(book, ash, name):
    with pytest.raises(RefusedWordError, match="at most 60"):
        save(book, ash, name=name)


def test_only_its_own_user_drops_a_view(book, says, ash):
    view = save(book, ash)
    with book.begin() as connection:
        with pytest.raises(UnknownRowError):
            views.drop(connection, view.view_id, says("birch").signature)
        views.drop(connection, view.view_id, ash)
        assert views.of_user(connection, ash.user_id, Page.FAMILIES) == []
