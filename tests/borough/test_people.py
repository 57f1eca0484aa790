from collections.abc import Mapping

import pandas as pd

Frames = Mapping[tuple[str, str, str], pd.DataFrame]
Truth = Mapping[str, pd.DataFrame]
LAST_DAY = pd.Timestamp("2026-10-31")


def _residents(truth: Truth) -> pd.DataFrame:
    stays = truth["residence"]
    here = stays[stays["to_on"].isna() & ~stays["is_second_home"]]
    here = here.merge(truth["dwellings"][["dwelling_id", "kind"]], on="dwelling_id")
    here = here[here["kind"] != "elsewhere"].merge(truth["people"], on="true_person_id")
    return here.assign(age=(LAST_DAY - pd.to_datetime(here["date_of_birth"])).dt.days / 365.25)


def test_the_town_has_the_ages_of_an_english_borough(truth: Truth) -> None:
    age = _residents(truth)["age"]
    assert 0.19 < (age < 18).mean() < 0.28
    assert 0.12 < (age >= 65).mean() < 0.23


def test_communities_are_distinct_and_none_is_missing(truth: Truth) -> None:
    people = _residents(truth)
    shares = people["name_origin"].value_counts(normalize=True)
    assert shares["white_british"] > 0.5
    assert len(shares) >= 14
    common = people.groupby("name_origin")["surname"].agg(lambda names: set(names.value_counts().head(6).index))
    assert not common["white_british"] & common["pakistani"]
    assert not common["polish"] & common["somali"]


def test_common_names_are_common_and_rare_ones_many(truth: Truth) -> None:
    surnames = _residents(truth)["surname"].value_counts()
    assert {"Smith", "Khan", "Ahmed", "Jones"} <= set(surnames.head(25).index)
    assert (surnames == 1).sum() > 300


def test_names_follow_the_customs_of_their_community(truth: Truth) -> None:
    people = truth["people"]
    polish = people[people["name_origin"] == "polish"]
    assert not polish.query("sex == 'F'")["birth_surname"].str.endswith("ski").any()
    assert polish.query("sex == 'F'")["surname"].str.endswith("ska").any()
    sikh = people[people["name_origin"] == "indian_sikh"]
    full = sikh["middle_names"].fillna("") + " " + sikh["surname"]
    assert full[sikh["sex"] == "F"].str.contains("Kaur").mean() > 0.7
    assert people[people["name_origin"] == "pakistani"]["surname"].isin(["Begum", "Bibi"]).any()
    assert people["surname"].str.contains("-").any()
    assert people["surname"].str.contains("'").any()


def test_there_are_twins_and_sons_named_after_their_father(truth: Truth) -> None:
    people = _residents(truth)[["true_household_id", "true_person_id", "forename", "surname", "date_of_birth"]]
    pairs = people.merge(people, on="true_household_id")
    pairs = pairs[pairs["true_person_id_x"] < pairs["true_person_id_y"]]
    twins = pairs[(pairs["date_of_birth_x"] == pairs["date_of_birth_y"]) & (pairs["surname_x"] == pairs["surname_y"])]
    namesakes = pairs[(pairs["forename_x"] == pairs["forename_y"]) & (pairs["surname_x"] == pairs["surname_y"])]
    assert len(twins) >= 2
    assert (twins["forename_x"] != twins["forename_y"]).all()
    assert len(namesakes) >= 2


def test_life_goes_on_between_deliveries(truth: Truth) -> None:
    people, stays = truth["people"], truth["residence"]
    during = pd.Timestamp("2026-08-01")
    assert (pd.to_datetime(people["born_on"]) >= during).any()
    assert (pd.to_datetime(people["died_on"]) >= during).any()
    assert (pd.to_datetime(people["arrived_on"]) >= during).any()
    assert (pd.to_datetime(people["left_on"]) >= during).any()
    assert (pd.to_datetime(stays["from_on"]) >= during).sum() > 20
    assert (people["surname"] != people["birth_surname"]).mean() > 0.05


def test_what_families_meet_is_concentrated_in_few(delivered: Frames, truth: Truth) -> None:
    """Roughly one family in twenty has three or more of: worklessness, abuse, crime, absence, a plan, a concern."""
    families = truth["families"].query("month == '2026-10'")
    needs = pd.DataFrame(0, index=sorted(set(families["true_family_id"])), columns=["met"])
    for people in _troubles(delivered, truth).values():
        needs.loc[list(set(families[families["true_person_id"].isin(people)]["true_family_id"])), "met"] += 1
    share = (needs["met"] >= 3).mean()
    assert 0.015 < share < 0.09
    assert (needs["met"] == 0).mean() > 0.6


def _troubles(delivered: Frames, truth: Truth) -> dict[str, set[str]]:
    records = truth["person_records"]
    whose = {(r.feed, r.source_id): r.true_person_id for r in records.itertuples()}
    found: dict[str, set[str]] = {}
    claims = pd.concat([delivered[month, "jobcentre", "claims"] for month in ("2026-08", "2026-10")])
    claims = claims.drop_duplicates(["claimant_id", "benefit_code", "started_on"], keep="last")
    out = claims["conditionality"].fillna("").str.lower().isin(["searching for work", "no work requirements"])
    found["work"] = {
        whose.get(("jobcentre", key), "") for key in claims[out & claims["ended_on"].isna()]["claimant_id"]
    }
    events = delivered["2026-08", "police", "occurrences"]
    events = events[events["nominal_id"].notna() & (events["occurred_on"].astype(str) > "2025-11")]
    for kind, roles in (("crime", ("offender", "suspect")), ("domestic_abuse", ("victim", "offender", "suspect"))):
        rows = events[(events["kind"] == kind) & events["role"].isin(roles)]
        found[kind] = {whose.get(("police", key), "") for key in rows["nominal_id"]}
    referrals = delivered["2026-08", "mash", "referrals"]
    for name, codes in (("mind", "4A|4B"), ("drink and drugs", "1A|1B|2A|2B"), ("harm", "16A|17A|18C")):
        rows = referrals[referrals["concerns"].fillna("").str.contains(codes)]
        found[name] = {whose.get(("mash", key), "") for key in rows["mash_id"]}
    episodes = delivered["2026-08", "mash", "episodes"]
    plans = episodes[
        episodes["ended_on"].isna() & episodes["kind"].isin(["child_in_need", "child_protection", "early_help"])
    ]
    found["plan"] = {whose.get(("mash", key), "") for key in plans["mash_id"]}
    return found


def test_absence_is_like_englands(delivered: Frames) -> None:
    rows = delivered["2026-08", "school", "attendance"]
    rows = rows[rows["attendance_code"].notna() & rows["sessions"].notna()]
    sessions = rows.assign(sessions=rows["sessions"].astype(int)).groupby("attendance_code")["sessions"].sum()
    possible = sessions.drop(["D", "X", "#", "Y1"], errors="ignore").sum()
    absent = sessions.reindex(["I", "M", "C", "S", "E", "R", "T", "O", "U", "N", "G", "H"]).sum()
    assert 0.05 < absent / possible < 0.10
    assert 0.01 < sessions.reindex(["O", "U", "N", "G"]).sum() / possible < 0.04
