"""Who stays where of two who must stand apart."""

import pandas as pd
import pytest

from linkage.two_roofs import under_two_roofs

VICTIM, ACCUSED = 0, 1
SHARED, OLD = 10, 11
TOLD = {"from_on": pd.Timestamp(2026, 1, 1), "confirmed": pd.Timestamp(2026, 6, 1), "protected": False}
PARTED = pd.DataFrame({"left": [VICTIM], "right": [ACCUSED], "yields": [ACCUSED], "on": [pd.Timestamp(2026, 3, 1)]})


def stays(*where):
    rows = [{"person": who, "dwelling": place, "own": True, "basis": "address given by mash"} for who, place in where]
    return pd.DataFrame(rows).assign(**TOLD)


def weighed(*named):
    rows = [{"person": who, "dwelling": place, "worth": worth, "feeds": "police"} for who, place, worth in named]
    return pd.DataFrame(rows).assign(**TOLD)


def placed(found):
    return sorted(zip(found["person"], found["dwelling"], strict=True))


def test_who_yields_is_at_the_other_address_that_a_record_of_theirs_names():
    named = weighed((VICTIM, SHARED, 3.0), (ACCUSED, SHARED, 2.0), (ACCUSED, OLD, 1.0))
    found = under_two_roofs(stays((VICTIM, SHARED), (ACCUSED, SHARED)), PARTED, named)
    assert placed(found) == [(VICTIM, SHARED), (ACCUSED, OLD)]
    assert found.set_index("person")["basis"][ACCUSED] == "address given by police"


@pytest.mark.parametrize(
    "more", [[], [(VICTIM, OLD, 0.5)]], ids=["nothing else is known", "the other has been there too"]
)
def test_who_yields_is_nowhere_rather_than_where_the_other_has_ever_been(more):
    named = weighed((VICTIM, SHARED, 3.0), (ACCUSED, SHARED, 2.0), *more, *[(ACCUSED, OLD, 1.0)] * len(more))
    assert placed(under_two_roofs(stays((VICTIM, SHARED), (ACCUSED, SHARED)), PARTED, named)) == [(VICTIM, SHARED)]


def test_who_stays_somewhere_else_already_is_not_put_at_a_third_address():
    named = weighed((VICTIM, SHARED, 3.0), (ACCUSED, SHARED, 2.0), (ACCUSED, 12, 1.0))
    found = under_two_roofs(stays((VICTIM, SHARED), (ACCUSED, SHARED), (ACCUSED, OLD)), PARTED, named)
    assert placed(found) == [(VICTIM, SHARED), (ACCUSED, OLD)]
