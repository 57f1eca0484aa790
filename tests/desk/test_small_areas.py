"""The small area of a protected home says where it is: it is masked like its postcode and ward."""

from desk.published import Published
from desk.scope import EVERYTHING, Scope

_AREAS = "select count(lsoa) as known, count(*) as homes from households where protected"


def test_the_small_area_of_a_protected_home_is_for_those_with_the_clearance(desk, tmp_path):
    tables = desk.months.a_month()
    tables["households"]["lsoa"] = "E01009999"
    desk.months.publish(tables, tmp_path / "published")
    snapshot = Published(tmp_path / "published").newest()
    plain, cleared = (snapshot.reader(scope) for scope in (EVERYTHING, Scope(None, protected_addresses=True)))
    seen, seen_cleared = plain.one(_AREAS), cleared.one(_AREAS)
    assert seen["homes"] > 0
    assert seen["known"] == 0
    assert seen_cleared["known"] == seen_cleared["homes"]
