import pandas as pd
import pytest

from assets.checks import fallen_rosters, last_volumes, lost_wards, wards_are_known
from assets.identifiers import shared_identifiers
from assets.settings import Settings
from assets.snapshots import write
from assets.store import Store
from schemas.frames import empty
from schemas.identifiers import TEXT
from schemas.registry import FEED_TABLES, PUBLISHED_TABLES


def delivery(feed, table, accepted, *, month="2026-10", status="used"):
    blank = empty(PUBLISHED_TABLES["deliveries"])
    row = {"feed": feed, "table_name": table, "received_for": month, "accepted": accepted, "status": status}
    return pd.DataFrame([row], columns=blank.columns).astype(blank.dtypes.to_dict())


@pytest.mark.parametrize(("now", "told"), [(1000, []), (501, []), (500, ["school/pupils"]), (0, ["school/pupils"])])
def test_a_roster_that_falls_by_half_is_told(now, told):
    before = pd.Series({"school/pupils": 1000})
    assert fallen_rosters(delivery("school", "pupils", now), before, 50) == told


def test_small_rosters_events_and_refused_tables_tell_nothing():
    before = pd.Series({"school/pupils": 99, "school/exclusions": 1000, "police/nominals": 1000})
    now = pd.concat(
        [
            delivery("school", "pupils", 1),
            delivery("school", "exclusions", 1),
            delivery("police", "nominals", 0, status="refused"),
        ]
    )
    assert fallen_rosters(now, before, 50) == []


def test_a_roster_is_held_against_the_newest_month_that_used_it(tmp_path):
    store = Store(tmp_path)
    months = {"2026-08": ("used", 700), "2026-09": ("late", None), "2026-11": ("used", 5)}
    for month, (status, accepted) in months.items():
        frame = delivery("police", "nominals", accepted, month=month, status=status)
        write(store, store.work_file(month), "deliveries", frame)
        store.publish(month)
    assert last_volumes(store, "2026-10").to_dict() == {"police/nominals": 700}
    assert last_volumes(store, "2026-08").empty


def held(**tables):
    blank = {key: empty(model) for key, model in FEED_TABLES.items()}
    for name, rows in tables.items():
        feed, table = name.split("__")
        frame = pd.DataFrame(rows)
        blank[(feed, table)] = pd.concat([blank[(feed, table)], frame]).astype(dict.fromkeys(frame.columns, TEXT))
    return blank


def records(*rows):
    return pd.DataFrame(rows, columns=["feed", "table_name", "source_id", "person_id"], dtype=TEXT)


def test_a_person_with_two_national_insurance_numbers_is_two_people():
    tables = held(
        jobcentre__claimants=[{"source_id": "J1", "nino": "QQ123456A"}, {"source_id": "J2", "nino": "QQ654321B"}]
    )
    both = records(("jobcentre", "claimants", "J1", "p1"), ("jobcentre", "claimants", "J2", "p1"))
    assert shared_identifiers(tables, both)["nino"] == 1
    apart = both.assign(person_id=["p1", "p2"])
    assert shared_identifiers(tables, apart)["nino"] == 0


def test_a_former_or_temporary_upn_is_no_second_one():
    pupils = [
        {"source_id": "A", "upn": "B801200005001"},
        {"source_id": "B", "upn": "A950000178301", "former_upn": "B801200005001"},
        {"source_id": "C", "upn": "V35120000401A"},
    ]
    mine = records(*(("school", "pupils", name, "p1") for name in "ABC"))
    assert shared_identifiers(held(school__pupils=pupils), mine)["upn"] == 0
    pupils[1]["former_upn"] = None
    assert shared_identifiers(held(school__pupils=pupils), mine)["upn"] == 1


def test_a_pair_that_must_never_be_joined_is_counted_where_it_is():
    never = [{"mash_id": "M1", "other_feed": "school", "other_table": "pupils", "other_id": "A"}]
    joined = records(("mash", "people", "M1", "p1"), ("school", "pupils", "A", "p1"))
    assert shared_identifiers(held(mash__never_link=never), joined)["never_link"] == 1
    apart = joined.assign(person_id=["p1", "p2"])
    assert shared_identifiers(held(mash__never_link=never), apart)["never_link"] == 0


@pytest.mark.parametrize(
    ("known", "of", "said"),
    [(0, 40, "0 of 40 households"), (19, 40, "19 of 40 households"), (20, 40, None), (0, 19, None)],
)
def test_a_lookup_of_another_place_is_told(known, of, said):
    blank = empty(PUBLISHED_TABLES["households"])
    rows = [{"postcode": "HB1 1AA", "ward": "Abbeyfield" if place < known else None} for place in range(of)]
    nowhere = [{"postcode": None, "ward": None}] * 100
    households = pd.DataFrame([*rows, *nowhere], columns=blank.columns).astype(blank.dtypes.to_dict())
    told = lost_wards(households)
    assert told is None if said is None else said in told


def test_without_a_lookup_the_check_of_wards_says_that_nobody_has_one(tmp_path):
    households = empty(PUBLISHED_TABLES["households"])
    told = wards_are_known(households, settings=Settings(landing=tmp_path, store=tmp_path))
    assert told.passed
    assert "No postcode lookup is set" in told.description
