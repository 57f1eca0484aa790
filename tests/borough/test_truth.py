from collections.abc import Mapping

import pandas as pd

from borough.contract import KEYS

Frames = Mapping[tuple[str, str, str], pd.DataFrame]
Truth = Mapping[str, pd.DataFrame]
LAST_DAY = pd.Timestamp("2026-10-31")


def _now(truth: Truth) -> pd.DataFrame:
    stays = truth["residence"]
    here = stays[stays["to_on"].isna()].merge(truth["dwellings"][["dwelling_id", "kind"]], on="dwelling_id")
    return here[here["kind"] != "elsewhere"]


def test_every_delivered_person_record_has_its_truth_and_no_other(delivered: Frames, truth: Truth) -> None:
    records = truth["person_records"]
    for (month, feed, table), frame in delivered.items():
        if "surname" not in frame.columns:
            continue
        key = list(KEYS[feed, table])
        usable = frame[frame[key].notna().all(axis=1)]
        sent = set(usable[key].agg("|".join, axis=1))
        known = records[(records["month"] == month) & (records["feed"] == feed) & (records["table_name"] == table)]
        assert sent == set(known["source_id"]), (month, feed, table)


def test_a_record_is_of_one_person_in_every_month(truth: Truth) -> None:
    records = truth["person_records"]
    people = records.groupby(["feed", "table_name", "source_id"])["true_person_id"].nunique()
    assert people.eq(1).all()


def test_every_true_person_is_known(truth: Truth) -> None:
    known = set(truth["people"]["true_person_id"])
    for table in ("person_records", "residence", "families", "relationships"):
        assert set(truth[table]["true_person_id"]) <= known, table


def test_nobody_has_two_main_homes_at_once(truth: Truth) -> None:
    stays = truth["residence"]
    main = stays[~stays["is_second_home"]].sort_values(["true_person_id", "from_on"])
    following = main.groupby("true_person_id")["from_on"].shift(-1)
    ends = pd.to_datetime(main["to_on"]).fillna(pd.Timestamp("2100-01-01"))
    assert (following.isna() | (ends <= pd.to_datetime(following))).all()


def test_some_children_have_two_homes_with_a_parent_in_each(truth: Truth) -> None:
    here = _now(truth)
    homes = here.groupby("true_person_id")["true_household_id"].nunique()
    both = homes[homes == 2].index
    assert len(both) > 5
    parents = truth["relationships"].query("kind == 'parent' and lives_with")
    assert parents[parents["true_person_id"].isin(both)].groupby("true_person_id").size().ge(2).mean() > 0.9


def test_the_refuge_holds_several_mothers_each_a_household_of_her_own(truth: Truth) -> None:
    here = _now(truth)
    inside = here[here["kind"] == "refuge"]
    families = truth["families"].query("month == '2026-10'")
    assert inside["true_household_id"].nunique() >= 2
    assert set(inside["true_person_id"]) <= set(families["true_person_id"])
    assert families[families["true_person_id"].isin(inside["true_person_id"])]["true_family_id"].nunique() >= 2


def test_rooms_of_one_house_are_households_of_their_own(truth: Truth) -> None:
    here = _now(truth)
    rooms = here[here["kind"] == "hmo"].groupby("dwelling_id")["true_household_id"].nunique()
    assert rooms.max() >= 3


def test_a_family_has_a_child_and_somebody_beside(truth: Truth) -> None:
    born = truth["people"].set_index("true_person_id")["date_of_birth"]
    families = truth["families"].query("month == '2026-10'")
    child = pd.to_datetime(born.reindex(families["true_person_id"])).to_numpy() > (LAST_DAY - pd.DateOffset(years=18))
    by_family = families.assign(child=child).groupby("true_family_id")["child"].agg(["sum", "size"])
    assert (by_family["sum"] >= 1).all()
    assert (by_family["size"] >= 2).all()


def test_most_families_last_from_month_to_month(truth: Truth) -> None:
    months = truth["families"].groupby("month")["true_family_id"].agg(set)
    assert len(months["2026-08"] & months["2026-10"]) > 0.95 * len(months["2026-08"])
    assert months["2026-08"] != months["2026-10"]


def test_an_adopted_child_is_two_people_whom_a_feed_says_never_to_join(delivered: Frames, truth: Truth) -> None:
    adoptions = truth["adoptions"]
    assert len(adoptions) >= 1
    assert (adoptions["before"] != adoptions["after"]).all()
    never = delivered["2026-10", "mash", "never_link"]
    records = truth["person_records"].query("month == '2026-10'")
    whose = {(r.feed, r.table_name, r.source_id): r.true_person_id for r in records.itertuples()}
    pairs = {
        (whose["mash", "people", row.mash_id], whose[row.other_feed, row.other_table, row.other_id])
        for row in never.itertuples()
    }
    assert pairs
    assert pairs <= set(zip(adoptions["before"], adoptions["after"], strict=True))


def test_relatives_of_every_kind_exist_and_ties_hold_both_ways(truth: Truth) -> None:
    ties = truth["relationships"]
    kinds = {"parent", "child", "sibling", "partner", "former_partner", "grandparent", "grandchild", "step_parent"}
    assert kinds <= set(ties["kind"])
    parents = set(map(tuple, ties.query("kind == 'parent'")[["true_person_id", "other"]].to_numpy()))
    children = set(map(tuple, ties.query("kind == 'child'")[["other", "true_person_id"]].to_numpy()))
    assert parents == children


def test_nobody_has_a_crowd_of_children(truth: Truth) -> None:
    children = truth["relationships"].query("kind == 'child'").groupby("true_person_id").size()
    assert children.max() <= 16


def test_a_school_can_ring_parents_with_whom_a_pupil_lives_by_turns_as_it_can_those_at_home(
    delivered: Frames, truth: Truth
) -> None:
    contacts = _contacts_of_homes(delivered, truth)
    listed = contacts.groupby("second")["contact_id"].agg(lambda ids: ids.notna().mean())
    assert listed[True] > 0.7
    assert listed[True] > listed[False] - 0.15


def _contacts_of_homes(delivered: Frames, truth: Truth) -> pd.DataFrame:
    """Each pupil on roll with each parent in a home of theirs, whether it is the `second`, and the contact if any."""
    here = _now(truth)[["true_person_id", "true_household_id", "is_second_home"]]
    records = truth["person_records"].query("month == '2026-10' and feed == 'school'")
    of_table = {table: rows.set_index("source_id")["true_person_id"] for table, rows in records.groupby("table_name")}
    pupils = delivered["2026-10", "school", "pupils"].query("enrolment_status != 'P'")
    pupils = pupils.assign(child=pupils["pupil_id"].map(of_table["pupils"]))[["pupil_id", "child"]]
    contacts = delivered["2026-10", "school", "contacts"].dropna(subset=["contact_id", "pupil_id"])
    contacts = contacts.assign(parent=(contacts["contact_id"] + "|" + contacts["pupil_id"]).map(of_table["contacts"]))
    parents = truth["relationships"].query("kind == 'parent'").rename(columns={"true_person_id": "child"})
    pairs = pupils.merge(parents[["child", "other"]], on="child").rename(columns={"other": "parent"})
    homes = here.rename(columns={"true_person_id": "child", "is_second_home": "second"})
    own = here[~here["is_second_home"]].rename(columns={"true_person_id": "parent"})
    both = pairs.merge(homes, on="child").merge(
        own[["parent", "true_household_id"]], on=["parent", "true_household_id"]
    )
    return both.merge(contacts[["pupil_id", "parent", "contact_id"]], on=["pupil_id", "parent"], how="left")
