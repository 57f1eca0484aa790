"""Who lives together, from hand-made records."""

from datetime import date

import pandas as pd
import pytest

from linkage.childhood import Rules
from linkage.families import form
from linkage.households import Evidence, build
from linkage.parted import UNTOLD
from linkage.people import describe
from schemas.frames import empty
from schemas.registry import FEED_TABLES, PERSON_TABLES

AS_OF = date(2026, 10, 31)
EMPTY = {key: empty(model) for key, model in FEED_TABLES.items()}


class Feeds:
    """Feed tables under construction: `add` a row; what is not said is missing."""

    def __init__(self):
        self.rows = {key: [] for key in FEED_TABLES}
        self.clusters = []

    def add(self, feed, table, source_id, *, who=None, **said):
        keys = dict(zip(_keys(feed, table), source_id.split("|"), strict=True))
        held = {"source_id": source_id, "received_for": "2026-10", "extract_on": pd.Timestamp(AS_OF), "line": 2}
        self.rows[feed, table].append({"file_sha256": "0" * 64, "protected_address": False, **held, **keys, **said})
        if who is not None:
            self.clusters.append((feed, table, source_id, who, "model"))
        return self

    def tables(self):
        return {key: _frame(rows, EMPTY[key]) for key, rows in self.rows.items()}

    def evidence(self, **more):
        columns = ["feed", "table_name", "source_id", "person_id", "basis"]
        records = pd.DataFrame(self.clusters, columns=columns).astype(pd.StringDtype("pyarrow"))
        tables = self.tables()
        return Evidence(records, describe(records, tables), tables, AS_OF, **more)

    def homes(self):
        return build(self.evidence())


def _keys(feed, table):
    columns = FEED_TABLES[feed, table].to_schema().columns
    return [name for name, column in columns.items() if column.metadata and column.metadata["feed"].key]


def _frame(rows, frame):
    if not rows:
        return frame
    given = pd.DataFrame(rows)
    return pd.DataFrame({name: _typed(given, name, column.dtype) for name, column in frame.items()})


def _typed(given, name, dtype):
    return given[name].astype(dtype) if name in given else pd.Series(pd.NA, index=given.index).astype(dtype)


def people_together(homes):
    """Each household as the set of its people."""
    return sorted(map(sorted, homes.members.groupby("household_id")["person_id"].agg(set)))


def people_in_families(homes):
    return sorted(map(sorted, form(homes).members.groupby("family_id")["person_id"].agg(set)))


HOME = {"address_line_1": "12 High Street", "postcode": "HB1 1AA"}
AWAY = {"address_line_1": "7 Mill Lane", "postcode": "HB2 2BB"}


def pupil(feeds, who, surname, born, **more):
    address = more.pop("address", HOME)
    return feeds.add(
        "school",
        "pupils",
        more.pop("key", f"S-{who}"),
        who=who,
        forename=who,
        surname=surname,
        date_of_birth=pd.Timestamp(born),
        enrolment_status="C",
        school_urn="1",
        **address,
        **more,
    )


def claimant(feeds, who, surname, born, **more):
    address = more.pop("address", HOME)
    return feeds.add(
        "jobcentre",
        "claimants",
        f"J-{who}",
        who=who,
        forename=who,
        surname=surname,
        date_of_birth=pd.Timestamp(born),
        **address,
        **more,
    )


def contact(feeds, who, pupil_key, relationship, lives, **more):
    return feeds.add(
        "school",
        "contacts",
        f"C-{who}|{pupil_key}",
        who=who,
        forename=who,
        relationship=relationship,
        lives_with_pupil=lives,
        **more,
    )


@pytest.fixture
def feeds():
    return Feeds()


def test_a_mother_and_her_child_of_one_address_are_a_household_and_a_family(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "eve"]]
    assert people_in_families(homes) == [["ann", "eve"]]
    assert form(homes).members.set_index("person_id")["role"].to_dict() == {"ann": "child", "eve": "parent"}


def test_a_sibling_at_another_address_is_not_in_the_household(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    pupil(feeds, "ben", "Marsh", "2013-05-01", address=AWAY)
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_together(feeds.homes()) == [["ann", "eve"], ["ben"]]


def test_a_grandmother_who_lives_elsewhere_is_not_of_the_family(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    contact(feeds, "gran", "S-ann", "grandparent", lives=False, surname="Marsh", **AWAY)
    assert people_in_families(feeds.homes()) == [["ann", "eve"]]


def test_a_contact_without_an_address_lives_where_the_school_says(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed")
    contact(feeds, "dan", "S-ann", "father", lives=False, surname="Marsh")
    assert people_together(feeds.homes()) == [["ann", "eve"]]


def test_a_child_of_separated_parents_lives_in_two_households_that_stay_two(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **AWAY)
    assert people_together(feeds.homes()) == [["ann", "dan"], ["ann", "eve"]]


def test_flats_of_one_building_are_households_of_their_own(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01", address={**HOME, "address_line_1": "Flat 1, 12 High Street"})
    pupil(feeds, "ben", "Reed", "2015-05-01", address={**HOME, "address_line_1": "Flat 2, 12 High St"})
    pupil(feeds, "cat", "Holt", "2015-05-01", address=HOME)
    assert people_together(feeds.homes()) == [["ann"], ["ben"], ["cat"]]


def test_a_misspelt_street_is_the_same_dwelling(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    claimant(feeds, "eve", "Marsh", "1988-01-02", address={**HOME, "address_line_1": "12 Hihg St"})
    assert people_together(feeds.homes()) == [["ann", "eve"]]


def test_eleven_unrelated_names_of_one_address_are_no_family(feeds):
    for number in range(11):
        claimant(feeds, f"p{number:02}", f"{'ABCDEFGHIJK'[number] * 5}", f"19{70 + number}-03-04")
    homes = feeds.homes()
    assert [len(people) for people in people_together(homes)] == [1] * 11
    assert people_in_families(homes) == []


def test_two_mothers_in_a_refuge_are_two_families(feeds):
    hidden = {**HOME, "protected_address": True}
    for name, mother, child in (("Marsh", "eve", "ann"), ("Reed", "fay", "ben")):
        pupil(feeds, child, name, "2015-05-01", address=hidden)
        contact(feeds, mother, f"S-{child}", "mother", lives=True, surname=name, **hidden)
    homes = feeds.homes()
    assert people_in_families(homes) == [["ann", "eve"], ["ben", "fay"]]
    assert homes.households["protected"].all()


def test_people_tied_only_by_a_protected_address_are_not_shown_together(feeds):
    hidden = {**HOME, "protected_address": True}
    claimant(feeds, "eve", "Marsh", "1988-01-02", address=hidden)
    claimant(feeds, "dan", "Reed", "1985-01-02", address=hidden)
    assert people_together(feeds.homes()) == [["dan"], ["eve"]]


def test_a_victim_who_moved_is_not_put_back_with_the_perpetrator_by_an_old_address(feeds):
    feeds.add("police", "nominals", "N1", who="eve", forename="eve", surname="Marsh", **HOME)
    feeds.add("police", "nominals", "N2", who="dan", forename="dan", surname="Marsh", **HOME)
    claimant(feeds, "eve", "Marsh", "1988-01-02", address={**AWAY, "protected_address": True})
    assert people_together(feeds.homes()) == [["dan"], ["eve"]]


def test_eighteen_today_is_no_dependent_child(feeds):
    pupil(feeds, "ann", "Marsh", "2008-10-31")
    pupil(feeds, "ben", "Marsh", "2008-11-01")
    told = feeds.homes().members.set_index("person_id")["is_dependent_child"]
    assert told.to_dict() == {"ann": False, "ben": True}


def test_a_pupil_of_unknown_birth_is_a_child(feeds):
    feeds.add("school", "pupils", "S1", who="ann", surname="Marsh", school_urn="1", **HOME)
    feeds.add("police", "nominals", "N1", who="joe", surname="Marsh", **HOME)
    told = feeds.homes().members.set_index("person_id")["is_dependent_child"]
    assert told["ann"]
    assert pd.isna(told["joe"])


def test_every_person_table_is_read(feeds):
    feeds.add("nominations", "nominations", "X1", who="ann", agency="health", **HOME)
    assert people_together(feeds.homes()) == [["ann"]]
    assert ("nominations", "nominations") in PERSON_TABLES


def test_a_parent_whom_the_school_has_elsewhere_is_not_at_the_pupils_whatever_an_old_record_says(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=False, surname="Marsh", **AWAY)
    feeds.add("police", "nominals", "N1", who="dan", forename="dan", surname="Marsh", **HOME)
    feeds.add("mash", "people", "M1", who="dan", surname="Marsh", **HOME)
    assert people_together(feeds.homes()) == [["ann", "eve"], ["dan"]]


def unborn(feeds):
    feeds.add(
        "mash", "people", "M1", who="bump", surname="Marsh", expected_date_of_birth=pd.Timestamp(2027, 1, 5), **HOME
    )
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    feeds.add("mash", "people", "M2", who="eve", surname="Marsh")
    return feeds.add("mash", "relationships", "M1|M2", relationship="parent")


@pytest.mark.parametrize(("expectant", "families"), [(False, []), (True, [["eve"]])])
def test_expectant_parents_are_a_family_where_the_council_counts_them(feeds, expectant, families):
    homes = build(unborn(feeds).evidence(rules=Rules(expectant=expectant)))
    assert people_together(homes) == [["eve"]]
    assert people_in_families(homes) == families


def test_a_council_may_count_children_longer(feeds):
    pupil(feeds, "ann", "Marsh", "2008-01-01")
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_in_families(feeds.homes()) == []
    assert people_in_families(build(feeds.evidence(rules=Rules(dependent_until=19)))) == [["ann", "eve"]]


@pytest.fixture
def after_abuse(feeds):
    """Eve was hurt by Dan in March; the police have both at one address."""
    for who, key, role in (("eve", "N1", "victim"), ("dan", "N2", "suspect")):
        feeds.add("police", "nominals", key, who=who, forename=who, surname="Marsh", **HOME)
        feeds.add(
            "police", "occurrences", f"O1|{key}", role=role, kind="domestic_abuse", occurred_on=pd.Timestamp(2026, 3, 1)
        )
    return feeds


def claims(feeds, who, **more):
    """A claim that is still open: its address was last believed this month."""
    claimant(feeds, who, more.pop("surname", "Marsh"), "1988-01-02", **more)
    return feeds.add("jobcentre", "claims", f"J-{who}|UC|2026-05-01", started_on=pd.Timestamp(2026, 5, 1))


def test_a_victim_is_not_where_the_accused_is_when_a_later_record_has_them_elsewhere(after_abuse):
    after_abuse.add("mash", "people", "M1", who="eve", surname="Marsh", **HOME)
    claims(after_abuse, "eve", address=AWAY)
    assert people_together(after_abuse.homes()) == [["dan"], ["eve"]]


def test_an_accused_of_whom_nothing_is_told_since_is_not_left_at_the_victims_address(after_abuse):
    claims(after_abuse, "eve")
    assert people_together(after_abuse.homes()) == [["eve"]]


def test_a_victim_of_whom_nothing_is_told_since_is_not_left_at_the_accuseds_address(after_abuse):
    claims(after_abuse, "dan")
    assert people_together(after_abuse.homes()) == [["dan"]]


def test_two_claims_of_one_address_are_not_enough_to_keep_a_couple_together(after_abuse):
    claims(after_abuse, "eve")
    claims(after_abuse, "dan")
    assert people_together(after_abuse.homes()) == [["eve"]]


def test_a_couple_that_claims_together_stays_together(after_abuse):
    claims(after_abuse, "eve")
    claims(after_abuse, "dan", partner_claimant_id="J-eve")
    assert people_together(after_abuse.homes()) == [["dan", "eve"]]


def test_a_couple_of_whom_nothing_is_told_since_is_not_shown_as_the_police_found_it(after_abuse):
    homes = after_abuse.homes()
    assert people_together(homes) == [["eve"]]
    assert homes.parted["why"].tolist() == [UNTOLD]


def test_where_each_accused_the_other_one_of_them_is_still_there(after_abuse):
    for key, role in (("N1", "suspect"), ("N2", "victim")):
        after_abuse.add(
            "police", "occurrences", f"O2|{key}", role=role, kind="domestic_abuse", occurred_on=pd.Timestamp(2026, 4, 1)
        )
    assert people_together(after_abuse.homes()) == [["dan"]]


@pytest.mark.parametrize("told", ["both addresses", "one address", "another address"])
def test_a_school_keeps_a_couple_together_that_gives_the_childs_address_for_both(after_abuse, told):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    contact(after_abuse, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    his = {"both addresses": HOME, "one address": {}, "another address": AWAY}[told]
    contact(after_abuse, "dan", "S-ann", "father", lives=True, surname="Marsh", **his)
    together = any({"dan", "eve"} <= set(home) for home in people_together(after_abuse.homes()))
    assert together == (told == "both addresses")


@pytest.mark.parametrize("new_school_has_her", [True, False])
def test_a_school_that_the_child_has_left_for_another_does_not_keep_a_couple_together(after_abuse, new_school_has_her):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01", key="OLD", left_on=pd.Timestamp(2026, 7, 21))
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    contact(after_abuse, "dan", "S-ann", "father", lives=True, surname="Marsh", **HOME)
    contact(after_abuse, "dan", "OLD", "father", lives=True, surname="Marsh", **HOME)
    contact(after_abuse, "eve", "OLD", "mother", lives=True, surname="Marsh", **HOME)
    if new_school_has_her:
        contact(after_abuse, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    together = any({"dan", "eve"} <= set(home) for home in people_together(after_abuse.homes()))
    assert together == new_school_has_her


def test_an_accused_who_claims_with_another_partner_is_not_with_the_victim(after_abuse):
    claimant(after_abuse, "kim", "Holt", "1988-01-02", address=AWAY)
    claimant(after_abuse, "dan", "Marsh", "1985-01-02", partner_claimant_id="J-kim")
    assert ["dan", "eve"] not in people_together(after_abuse.homes())


def test_a_school_that_has_only_one_parent_with_the_child_parts_them(after_abuse):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    contact(after_abuse, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    contact(after_abuse, "dan", "S-ann", "father", lives=False, surname="Marsh", **HOME)
    assert people_together(after_abuse.homes()) == [["ann", "eve"]]


def test_a_child_who_lives_with_both_by_turns_does_not_bring_them_together(after_abuse):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    contact(after_abuse, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    contact(after_abuse, "dan", "S-ann", "father", lives=True, surname="Marsh", **AWAY)
    homes = people_together(after_abuse.homes())
    assert ["ann", "eve"] in homes
    assert not any({"dan", "eve"} <= set(home) for home in homes)


def test_an_accused_left_alone_does_not_follow_a_victim_of_the_same_name(after_abuse):
    claims(after_abuse, "eve", address=AWAY)
    told = after_abuse.homes().members.set_index("person_id")["basis"]
    assert told["eve"] == "address given by jobcentre"
    assert people_together(after_abuse.homes()) == [["dan"], ["eve"]]


def test_a_grown_son_left_alone_where_his_family_was_has_moved_with_it(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01", address=AWAY)
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **AWAY)
    feeds.add("mash", "people", "M1", who="eve", surname="Marsh", **HOME)
    feeds.add("police", "nominals", "N1", who="joe", surname="Marsh", date_of_birth=pd.Timestamp(2004, 1, 2), **HOME)
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "eve", "joe"]]
    assert "moved here" in homes.members.set_index("person_id")["basis"]["joe"]


def test_a_foster_child_is_of_the_household_and_not_of_the_family(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "kim", "S-ann", "carer", lives=True, surname="Holt", **HOME)
    feeds.add("mash", "people", "M1", who="ann", surname="Marsh", date_of_birth=pd.Timestamp(2015, 5, 1))
    feeds.add("mash", "episodes", "E1", mash_id="M1", kind="looked_after", started_on=pd.Timestamp(2026, 1, 5))
    pupil(feeds, "ben", "Holt", "2013-05-01")
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "ben", "kim"]]
    assert people_in_families(homes) == [["ben", "kim"]]


def test_an_aunt_who_cares_for_a_child_that_is_not_in_care_is_its_family(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "kim", "S-ann", "carer", lives=True, surname="Holt", **HOME)
    assert people_in_families(feeds.homes()) == [["ann", "kim"]]


def test_a_baby_without_an_address_is_where_its_brother_is(feeds):
    pupil(feeds, "ben", "Marsh", "2018-05-01")
    feeds.add("mash", "people", "M1", who="ben", surname="Marsh")
    feeds.add("mash", "people", "M2", who="tot", surname="Marsh", date_of_birth=pd.Timestamp(2026, 5, 1))
    feeds.add("mash", "relationships", "M1|M2", relationship="sibling")
    assert people_together(feeds.homes()) == [["ben", "tot"]]


def test_a_parent_of_whom_the_school_gives_no_address_and_does_not_say_otherwise_is_with_the_child(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=None, surname="Reed")
    assert people_together(feeds.homes()) == [["ann", "eve"]]


def test_whoever_was_referred_to_the_hub_is_a_child_though_the_birth_is_unknown(feeds):
    feeds.add("mash", "people", "M1", who="ann", surname="Marsh", **HOME)
    feeds.add("mash", "referrals", "R1", mash_id="M1", received_on=pd.Timestamp(2026, 1, 5))
    assert feeds.homes().members["is_dependent_child"].tolist() == [True]


def test_a_child_who_saw_it_does_not_keep_the_accused_in_the_family(after_abuse):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    after_abuse.add("police", "occurrences", "O1|N3", role="involved", kind="domestic_abuse")
    claims(after_abuse, "eve")
    assert people_in_families(after_abuse.homes()) == [["ann", "eve"]]


def test_a_protected_address_of_the_victim_parts_them_whenever_it_was_given(after_abuse):
    claims(after_abuse, "dan")
    after_abuse.add("mash", "people", "M1", who="eve", surname="Marsh", **{**AWAY, "protected_address": True})
    assert people_together(after_abuse.homes()) == [["dan"], ["eve"]]


@pytest.mark.parametrize(("left_on", "is_there"), [("2026-07-20", False), ("2026-10-05", True)])
def test_a_child_on_no_roll_for_a_month_of_term_has_left(feeds, left_on, is_there):
    pupil(feeds, "ann", "Marsh", "2015-05-01", left_on=pd.Timestamp(left_on))
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_together(feeds.homes()) == ([["ann", "eve"]] if is_there else [["eve"]])


@pytest.mark.parametrize(
    ("born", "left_on", "is_there"), [("2010-10-01", "2025-12-20", False), ("2010-06-01", "2026-07-20", True)]
)
def test_a_child_who_left_is_not_back_on_the_sixteenth_birthday_but_whoever_left_at_sixteen_is_there(
    feeds, born, left_on, is_there
):
    pupil(feeds, "ann", "Marsh", born, left_on=pd.Timestamp(left_on))
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_together(feeds.homes()) == ([["ann", "eve"]] if is_there else [["eve"]])


def test_a_child_who_changed_school_and_left_the_second_at_sixteen_is_there(feeds):
    pupil(feeds, "ann", "Marsh", "2010-06-01", left_on=pd.Timestamp("2025-12-20"))
    pupil(feeds, "ann", "Marsh", "2010-06-01", key="S2", left_on=pd.Timestamp("2026-07-20"))
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_together(feeds.homes()) == [["ann", "eve"]]


def test_an_untied_couple_is_a_household_and_a_stranger_beside_a_family_is_not_of_it(feeds):
    claimant(feeds, "joe", "Reed", "1985-01-02", address=AWAY)
    claimant(feeds, "kim", "Holt", "1988-01-02", address=AWAY)
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    claimant(feeds, "old", "Stone", "1990-01-02")
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "eve"], ["joe", "kim"], ["old"]]
    assert people_in_families(homes) == [["ann", "eve"]]


def family_of_undated_parents(feeds):
    pupil(feeds, "ann", "Marsh", "2013-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **HOME)


def lodging(feeds, who, surname, born):
    """Somebody untied who claims at that address."""
    claimant(feeds, who, surname, born)
    feeds.add("jobcentre", "claims", f"J-{who}|UC|2026-05-01", started_on=pd.Timestamp(2026, 5, 1))


@pytest.mark.parametrize(("born", "is_theirs"), [("2005-01-02", True), ("1999-01-02", False)])
def test_where_nobody_knows_how_old_the_parents_are_the_eldest_child_tells_whose_brother_somebody_is(
    feeds, born, is_theirs
):
    family_of_undated_parents(feeds)
    lodging(feeds, "kim", "Stone", born)
    assert people_in_families(feeds.homes()) == [["ann", "dan", "eve", *(["kim"] if is_theirs else [])]]


def test_a_grown_brother_is_of_the_family_though_a_lodger_is_there_too(feeds):
    family_of_undated_parents(feeds)
    lodging(feeds, "kim", "Stone", "2005-01-02")
    lodging(feeds, "lee", "Frost", "1979-01-02")
    assert people_in_families(feeds.homes()) == [["ann", "dan", "eve", "kim"]]


def test_young_people_of_two_names_beside_a_family_are_sharers_and_not_of_it(feeds):
    family_of_undated_parents(feeds)
    lodging(feeds, "kim", "Stone", "2005-01-02")
    lodging(feeds, "lee", "Frost", "2004-01-02")
    assert people_in_families(feeds.homes()) == [["ann", "dan", "eve"]]


def test_children_alone_are_not_of_the_family_of_every_stranger_of_their_house(feeds):
    for child, born in (("ann", "2013-05-01"), ("ben", "2015-05-01"), ("joe", "2017-05-01")):
        pupil(feeds, child, "Marsh", born)
    lodging(feeds, "kim", "Stone", "1985-01-02")
    lodging(feeds, "lee", "Frost", "1984-01-02")
    assert people_together(feeds.homes()) == [["ann", "ben", "joe"], ["kim"], ["lee"]]


def test_strangers_in_a_shared_house_are_not_of_the_family_of_one_of_them(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **HOME)
    for who, surname, born in (("gil", "Stone", "1950-01-02"), ("hal", "Frost", "1955-01-02")):
        claimant(feeds, who, surname, born)
        feeds.add("jobcentre", "claims", f"J-{who}|UC|2026-05-01", started_on=pd.Timestamp(2026, 5, 1))
    assert people_in_families(feeds.homes()) == [["ann", "dan"]]


def test_a_parent_whom_the_school_does_not_name_beside_a_carer_is_not_with_the_carer(after_abuse):
    pupil(after_abuse, "ann", "Marsh", "2015-05-01")
    contact(after_abuse, "dan", "S-ann", "carer", lives=True, surname="Marsh", **HOME)
    after_abuse.add("mash", "people", "M1", who="eve", surname="Marsh", **HOME)
    after_abuse.add("mash", "people", "M2", who="ann", surname="Marsh", **HOME)
    after_abuse.add("mash", "relationships", "M2|M1", relationship="parent")
    after_abuse.add("mash", "referrals", "R1", mash_id="M2", received_on=pd.Timestamp(2026, 6, 1))
    assert not any({"dan", "eve"} <= set(home) for home in people_together(after_abuse.homes()))


def test_the_unborn_live_nowhere_yet(feeds):
    feeds.add(
        "mash", "people", "M1", who="bump", surname="Marsh", expected_date_of_birth=pd.Timestamp(2027, 1, 5), **HOME
    )
    claimant(feeds, "eve", "Marsh", "1988-01-02")
    assert people_together(feeds.homes()) == [["eve"]]


def test_parents_of_one_telephone_do_not_give_a_child_two_homes(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed", phone="01999 123456", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", phone="01999123456", **AWAY)
    assert people_together(feeds.homes()) == [["ann", "dan", "eve"]]


def two_brothers(feeds, surname, *, hers="Marsh-Reed", **denied):
    """Ann lives with both parents by turns; Ben, of one first home with her, has only his mother on the roll."""
    pupil(feeds, "ann", hers, "2015-05-01")
    pupil(feeds, "ben", surname, "2013-05-01")
    for child in ("ann", "ben"):
        contact(feeds, "eve", f"S-{child}", "mother", lives=True, surname="Reed", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **AWAY)
    if denied:
        contact(feeds, "dan", "S-ben", "father", surname="Marsh", **AWAY, **denied)
    return people_together(feeds.homes())


@pytest.mark.parametrize(("hers", "his"), [("Marsh-Reed", "Marsh Reed"), ("Michalska", "Michalski")])
def test_a_brother_whose_name_is_written_otherwise_goes_to_the_second_home_too(feeds, hers, his):
    assert two_brothers(feeds, his, hers=hers) == [["ann", "ben", "dan"], ["ann", "ben", "eve"]]


def test_a_child_of_another_name_does_not_go_to_the_second_home(feeds):
    assert two_brothers(feeds, "Stone") == [["ann", "ben", "eve"], ["ann", "dan"]]


def test_a_brother_of_whom_the_school_says_otherwise_does_not_go_to_the_second_home(feeds):
    assert two_brothers(feeds, "Marsh-Reed", lives=False) == [["ann", "ben", "eve"], ["ann", "dan"]]


def test_a_couple_that_claims_together_lives_where_the_surer_of_both_does(feeds):
    claimant(feeds, "eve", "Marsh", "1988-01-02", partner_claimant_id="J-dan")
    feeds.add("mash", "people", "M1", who="eve", surname="Marsh", **HOME)
    feeds.add("police", "nominals", "N1", who="eve", surname="Marsh", **HOME)
    claimant(feeds, "dan", "Marsh", "1985-01-02", address=AWAY)
    feeds.add("mash", "people", "M2", who="dan", surname="Marsh", **AWAY)
    assert people_together(feeds.homes()) == [["dan", "eve"]]


def test_a_baby_of_whom_only_a_brother_is_stated_is_with_the_brothers_parents(feeds):
    for key, who in (("M1", "ben"), ("M2", "tot"), ("M3", "eve")):
        address = HOME if who == "eve" else {}
        feeds.add("mash", "people", key, who=who, surname="Marsh", **address)
    feeds.add("mash", "referrals", "R1", mash_id="M1", received_on=pd.Timestamp(2026, 1, 5))
    feeds.add("mash", "referrals", "R2", mash_id="M2", received_on=pd.Timestamp(2026, 1, 5))
    feeds.add("mash", "relationships", "M1|M2", relationship="sibling")
    feeds.add("mash", "relationships", "M1|M3", relationship="parent")
    assert people_together(feeds.homes()) == [["ben", "eve", "tot"]]


@pytest.mark.parametrize("in_care", [False, True])
def test_a_child_untied_beside_the_only_adults_of_a_home_is_of_their_family_unless_it_is_in_care(feeds, in_care):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    pupil(feeds, "ben", "Stone", "2016-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    if in_care:
        feeds.add("mash", "people", "M1", who="ben", surname="Stone")
        feeds.add("mash", "episodes", "E1", mash_id="M1", kind="looked_after", started_on=pd.Timestamp(2026, 1, 5))
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "ben", "eve"]]
    assert people_in_families(homes) == ([["ann", "eve"], ["ben"]] if in_care else [["ann", "ben", "eve"]])


def test_children_at_two_addresses_and_the_parent_they_live_with_are_at_one_of_them(feeds):
    pupil(feeds, "ann", "Marsh", "2011-05-01")
    pupil(feeds, "ben", "Stone", "2015-05-01", address=AWAY)
    for child in ("ann", "ben"):
        contact(feeds, "dan", f"S-{child}", "father", lives=True, surname="Frost")
    assert people_together(feeds.homes()) == [["ann", "ben", "dan"]]


def test_two_families_that_one_mistaken_contact_ties_are_not_put_under_one_roof(feeds):
    for who, mother, address in (("ann", "eve", HOME), ("ben", "kim", AWAY)):
        pupil(feeds, who, "Marsh", "2011-05-01", address=address)
        pupil(feeds, f"{who}a", "Marsh", "2013-05-01", address=address)
        for child in (who, f"{who}a"):
            contact(feeds, mother, f"S-{child}", "mother", lives=True, surname="Marsh", **address)
    contact(feeds, "eve", "S-ben", "mother", lives=True, surname="Marsh", **HOME)
    assert ["ben", "bena", "kim"] in people_together(feeds.homes())


def test_a_child_left_alone_follows_those_of_its_name_however_lately_it_was_confirmed(feeds):
    pupil(feeds, "ben", "Marsh", "2012-05-01")
    pupil(feeds, "ann", "Marsh", "2015-05-01", address=AWAY)
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Holt", **AWAY)
    feeds.add("nominations", "nominations", "1", who="ann", surname="Marsh", **HOME)
    assert people_together(feeds.homes()) == [["ann", "ben", "eve"]]


def test_nobody_is_put_where_their_partner_on_a_claim_is_hidden(feeds):
    claimant(feeds, "eve", "Marsh", "1988-01-02", address={**AWAY, "protected_address": True})
    claimant(feeds, "dan", "Marsh", "1985-01-02", partner_claimant_id="J-eve")
    assert people_together(feeds.homes()) == [["dan"], ["eve"]]


def test_every_home_of_somebody_who_hides_is_hidden(feeds):
    pupil(feeds, "ben", "Wood", "2015-03-03", address=AWAY | {"protected_address": True})
    pupil(feeds, "joe", "Wood", "2013-03-03")
    for who in ("ben", "joe"):
        contact(feeds, "eve", f"S-{who}", "mother", lives=True, **AWAY, protected_address=True)
        contact(feeds, "tom", f"S-{who}", "father", lives=True, **HOME)
    homes = feeds.homes()
    assert ["ben", "joe", "tom"] in people_together(homes)
    assert homes.households["protected"].all()
    assert form(homes).families["protected"].all()


def test_a_father_is_not_put_where_mother_and_child_are_hidden_though_the_school_has_him_with_them(feeds):
    hidden = {**AWAY, "protected_address": True}
    pupil(feeds, "ann", "Marsh", "2015-05-01", address=hidden)
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", phone="01999 123456", **hidden)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", phone="01999 123456", **HOME)
    assert ["ann", "eve"] in people_together(feeds.homes())
    assert not any({"dan", "eve"} <= set(home) for home in people_together(feeds.homes()))


def test_a_mother_is_where_her_child_is_hidden_if_the_school_has_her_with_it_though_another_feed_has_not_heard(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01", address={**AWAY, "protected_address": True})
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh")
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh")
    for who in ("dan", "eve"):
        claims(feeds, who)
    homes = feeds.homes()
    assert people_together(homes) == [["ann", "eve"], ["dan"]]
    assert form(homes).families["protected"].tolist() == [True]


@pytest.mark.parametrize("somebody_stays", [False, True])
def test_children_left_alone_where_their_mother_fled_from_are_with_her(feeds, somebody_stays):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=None, surname="Reed", **HOME)
    feeds.add("mash", "people", "M-eve", who="eve", forename="eve", **{**AWAY, "protected_address": True})
    if somebody_stays:
        contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **HOME)
    homes = feeds.homes()
    assert people_together(homes) == ([["ann", "dan"], ["eve"]] if somebody_stays else [["ann", "eve"]])
    assert homes.households["protected"].sum() == 1


def test_parents_whom_a_school_gives_one_address_are_both_with_the_child_if_one_of_them_is(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    pupil(feeds, "joe", "Marsh", "2014-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed", **AWAY)
    contact(feeds, "dan", "S-ann", "father", lives=None, surname="Stone", **AWAY)
    contact(feeds, "eve", "S-joe", "mother", lives=True, surname="Reed")
    assert people_together(feeds.homes()) == [["ann", "dan", "eve", "joe"]]


BY_TURNS = [["ann", "dan"], ["ann", "eve"]]


@pytest.mark.parametrize("hers", [{"lives": True}, {"lives": None, **HOME}])
def test_a_mother_is_at_the_first_home_whose_address_or_word_the_school_leaves_out(feeds, hers):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", surname="Reed", **hers)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **AWAY)
    claims(feeds, "dan", address=AWAY)
    assert people_together(feeds.homes()) == BY_TURNS


@pytest.mark.parametrize(("away", "here"), [("father", "mother"), ("mother", "father")])
def test_one_address_of_the_father_makes_a_second_home_where_the_school_leaves_out_the_mothers(feeds, away, here):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", here, lives=True, surname="Reed")
    contact(feeds, "dan", "S-ann", away, lives=True, surname="Marsh", **AWAY)
    assert people_together(feeds.homes()) == (BY_TURNS if away == "father" else [["ann", "dan", "eve"]])


@pytest.mark.parametrize("forms", [1, 2])
def test_a_mother_elsewhere_makes_a_second_home_where_more_forms_than_one_have_her_there(feeds, forms):
    for child in ("ann", "ben")[:forms]:
        pupil(feeds, child, "Marsh", "2015-05-01")
        contact(feeds, "dan", f"S-{child}", "father", lives=True, surname="Marsh", **HOME)
        contact(feeds, "eve", f"S-{child}", "mother", lives=True, surname="Reed", **AWAY)
    by_turns = [["ann", "ben", "dan"], ["ann", "ben", "eve"]]
    assert people_together(feeds.homes()) == ([["ann", "dan", "eve"]] if forms == 1 else by_turns)


@pytest.mark.parametrize("role", ["father", "mother"])
def test_a_father_whom_several_records_have_elsewhere_is_a_second_home_though_no_other_parent_is_known(feeds, role):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "dan", "S-ann", role, lives=True, surname="Marsh", **AWAY)
    claims(feeds, "dan", address=AWAY)
    assert people_together(feeds.homes()) == ([["ann"], ["ann", "dan"]] if role == "father" else [["ann", "dan"]])


def test_a_child_has_no_second_home_where_only_the_police_have_written_the_father_down(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh")
    feeds.add("police", "nominals", "N1", who="dan", surname="Marsh", **AWAY)
    assert people_together(feeds.homes()) == [["ann", "dan", "eve"]]


@pytest.mark.parametrize(("feed", "together"), [("police", BY_TURNS), ("mash", [["ann", "dan", "eve"]])])
def test_an_old_note_of_the_police_at_the_childs_home_does_not_take_the_second_one_away(feeds, feed, together):
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Reed", **HOME)
    contact(feeds, "dan", "S-ann", "father", lives=True, surname="Marsh", **AWAY)
    feeds.add(feed, "nominals" if feed == "police" else "people", "N1", who="dan", surname="Marsh", **HOME)
    assert people_together(feeds.homes()) == together


@pytest.fixture
def lone_parent(feeds):
    """Ann and her mother, whom the school has at one address."""
    pupil(feeds, "ann", "Marsh", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    return feeds


def test_who_claims_at_a_lone_parents_address_is_not_her_partner_for_being_of_her_age(lone_parent):
    claimant(lone_parent, "eve", "Marsh", "1984-01-02")
    lodging(lone_parent, "joe", "Stone", "1985-01-02")
    assert people_in_families(lone_parent.homes()) == [["ann", "eve"]]


@pytest.mark.parametrize(("born", "is_theirs"), [("2006-01-02", True), ("1994-01-02", False)])
def test_somebody_young_lately_told_to_be_there_is_a_grown_child_of_the_family(lone_parent, born, is_theirs):
    claimant(lone_parent, "eve", "Marsh", "1975-01-02")
    claimant(lone_parent, "joe", "Stone", born)
    told = {"started_on": pd.Timestamp(2025, 5, 1), "ended_on": pd.Timestamp(2026, 3, 1)}
    lone_parent.add("jobcentre", "claims", "J-joe|UC|2025-05-01", **told)
    assert people_in_families(lone_parent.homes()) == [["ann", "eve", *["joe"] * is_theirs]]


def test_the_partner_of_a_grandparent_is_of_the_family(lone_parent):
    claimant(lone_parent, "eve", "Marsh", "1984-01-02")
    for who, surname, born in (("old", "Marsh", "1955-01-02"), ("sam", "Stone", "1957-01-02")):
        claimant(lone_parent, who, surname, born)
        lone_parent.add("jobcentre", "claims", f"J-{who}|UC|2026-05-01", started_on=pd.Timestamp(2026, 5, 1))
    assert people_in_families(lone_parent.homes()) == [["ann", "eve", "old", "sam"]]


def test_nobody_is_the_partner_of_a_parent_whose_child_was_only_moved_there(feeds):
    pupil(feeds, "ann", "Marsh", "2015-05-01", address={})
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    claims(feeds, "joe", surname="Stone", sex="M")
    assert people_in_families(feeds.homes()) == [["ann", "eve"]]


def in_the_hub(feeds, who, surname, *, key=None, **more):
    return feeds.add("mash", "people", key or f"M-{who}", who=who, forename=who, surname=surname, **more)


def related(feeds, one, relationship, other):
    return feeds.add("mash", "relationships", f"M-{one}|M-{other}", relationship=relationship)


@pytest.mark.parametrize("in_care", [True, False])
def test_a_child_in_care_is_where_it_was_placed_and_not_where_its_family_is(feeds, in_care):
    born = {"date_of_birth": pd.Timestamp(2013, 5, 1)}
    in_the_hub(feeds, "ben", "Marsh", **born, **AWAY)
    related(feeds, "ben", "parent", "eve")
    in_the_hub(feeds, "eve", "Marsh", **HOME)
    claims(feeds, "eve")
    for key in ("N1", "N2"):
        feeds.add("police", "nominals", key, who="ben", forename="ben", surname="Marsh", **born, **HOME)
    kind = "looked_after" if in_care else "child_in_need"
    feeds.add("mash", "episodes", "E1", mash_id="M-ben", kind=kind, started_on=pd.Timestamp(2026, 1, 1))
    assert people_together(feeds.homes()) == ([["ben"], ["eve"]] if in_care else [["ben", "eve"]])


@pytest.mark.parametrize("lives", [False, None])
def test_a_mother_whom_the_school_denies_does_not_follow_her_child(feeds, lives):
    pupil(feeds, "ann", "Reed", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=lives, surname="Marsh")
    contact(feeds, "gran", "S-ann", "grandparent", lives=True, surname="Reed", **HOME)
    for who, surname in (("ann", "Reed"), ("eve", "Marsh")):
        in_the_hub(feeds, who, surname, **AWAY)
    related(feeds, "ann", "parent", "eve")
    expected = [["ann", "gran"], ["eve"]] if lives is False else [["ann", "eve", "gran"]]
    assert people_together(feeds.homes()) == expected


def test_a_partner_whose_old_record_names_the_last_home_of_both_is_where_the_other_is_now(feeds):
    pupil(feeds, "ann", "Reed", "2015-05-01")
    contact(feeds, "eve", "S-ann", "mother", lives=True, surname="Marsh", **HOME)
    in_the_hub(feeds, "eve", "Marsh", **AWAY)
    in_the_hub(feeds, "dan", "Holt")
    related(feeds, "eve", "partner", "dan")
    on = {"agency": "health", "nominated_on": pd.Timestamp(2025, 4, 30)}
    feeds.add("nominations", "nominations", "X1", who="dan", surname="Holt", **on, **AWAY)
    assert people_together(feeds.homes()) == [["ann", "dan", "eve"]]
