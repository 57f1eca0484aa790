from collections.abc import Mapping

import pandas as pd

Frames = Mapping[tuple[str, str, str], pd.DataFrame]
Truth = Mapping[str, pd.DataFrame]
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
TABLES = {"pupils": "school", "contacts": "school", "nominals": "police", "people": "mash", "claimants": "jobcentre"}


def _of(delivered: Frames, feed: str, table: str) -> pd.DataFrame:
    return delivered["2026-10", feed, table]


def _with_truth(delivered: Frames, truth: Truth, feed: str, table: str, key: str) -> pd.DataFrame:
    records = truth["person_records"].query(f"month == '2026-10' and feed == '{feed}' and table_name == '{table}'")
    joined = _of(delivered, feed, table).merge(records, left_on=key, right_on="source_id")
    return joined.merge(truth["people"], on="true_person_id", suffixes=("", "_true"))


def _right_letter(upn: str) -> bool:
    values = [LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in upn[1:]]
    return LETTERS[sum(value * weight for weight, value in enumerate(values, start=2)) % 23] == upn[0]


def test_pupil_numbers_are_of_no_authority_and_nearly_all_right(delivered: Frames) -> None:
    upns = _of(delivered, "school", "pupils")["upn"].dropna()
    assert upns.str.fullmatch(r"[A-HJ-NP-RT-Z]000\d{8}(\d|[A-HJ-NP-RT-Z])").all()
    right = upns.map(_right_letter)
    assert 0.98 < right.mean() < 1.0
    assert upns.str[-1].str.isalpha().any()


def test_insurance_and_health_numbers_can_belong_to_nobody(delivered: Frames) -> None:
    ninos = _of(delivered, "jobcentre", "claimants")["nino"].dropna()
    assert ninos.str.fullmatch(r"QQ\d{6}[A-D]").all()
    assert ninos.is_unique
    numbers = _of(delivered, "mash", "people").drop_duplicates("mash_id")["nhs_number"].dropna()
    assert numbers.str.fullmatch(r"999\d{7}").all()
    checks = numbers.map(
        lambda n: (11 - sum(int(d) * w for d, w in zip(n[:9], range(10, 1, -1), strict=True)) % 11) % 11
    )
    assert (checks == numbers.str[-1].astype(int)).all()


def test_postcodes_have_valid_grammar_in_areas_nobody_uses(truth: Truth) -> None:
    postcodes = truth["dwellings"]["postcode"]
    assert postcodes.str.fullmatch(r"(HB|DB|TB|LB|RB)\d{1,2} \d[ABD-HJLNP-UW-Z]{2}").all()


def test_every_address_in_the_refuge_is_marked_as_protected(delivered: Frames, truth: Truth) -> None:
    inside = truth["dwellings"].query("kind == 'refuge'")
    lines = set(inside["address_line_1"].str.lower())
    seen = 0
    for feed, table in [(feed, table) for table, feed in TABLES.items()] + [("police", "occurrences")]:
        rows = _of(delivered, feed, table)
        there = rows[
            rows["address_line_1"].fillna("").str.lower().isin(lines) & rows["postcode"].isin(set(inside["postcode"]))
        ]
        seen += len(there)
        assert (there["protected_address"] == "Y").all(), (feed, table)
    assert seen > 0


def test_one_person_stands_twice_in_one_feed_now_and_then(truth: Truth) -> None:
    records = truth["person_records"].query("month == '2026-10'")
    repeats = records.groupby(["feed", "table_name"])["true_person_id"].agg(lambda ids: ids.duplicated().sum())
    assert repeats["police", "nominals"] > 0
    assert repeats["school", "contacts"] > 0
    assert repeats["school", "pupils"] > 0
    assert repeats["jobcentre", "claimants"] == 0


def test_schools_write_names_well_and_the_police_less_so(delivered: Frames, truth: Truth) -> None:
    pupils = _with_truth(delivered, truth, "school", "pupils", "pupil_id")
    nominals = _with_truth(delivered, truth, "police", "nominals", "nominal_id")
    agree = {}
    for name, rows in (("school", pupils), ("police", nominals)):
        written, right = rows["surname"].fillna("").str.upper(), rows["surname_true"].str.upper()
        agree[name] = (written == right).mean()
    assert 0.95 < agree["school"] < 1.0
    assert 0.80 < agree["police"] < agree["school"]


def test_dates_of_birth_are_mostly_right_and_wrong_in_the_usual_ways(delivered: Frames, truth: Truth) -> None:
    rows = _with_truth(delivered, truth, "police", "nominals", "nominal_id")
    written = pd.to_datetime(rows["date_of_birth"], errors="coerce", format="%Y-%m-%d")
    right = pd.to_datetime(rows["date_of_birth_true"])
    wrong = written.notna() & (written != right)
    assert 0.005 < wrong.mean() < 0.08
    swapped = (written.dt.day == right.dt.month) & (written.dt.month == right.dt.day)
    january = (written.dt.day == 1) & (written.dt.month == 1)
    assert (wrong & swapped).any()
    assert (wrong & january).any()


def test_contacts_are_thin(delivered: Frames) -> None:
    contacts = _of(delivered, "school", "contacts")
    assert 0.6 < contacts["date_of_birth"].isna().mean() < 0.85
    assert contacts["uprn"].isna().mean() > 0.6
    assert contacts["phone"].duplicated().any()


def test_a_parent_has_one_contact_id_in_some_schools_and_a_fresh_one_in_others(delivered: Frames, truth: Truth) -> None:
    contacts = _of(delivered, "school", "contacts").dropna(subset=["contact_id", "pupil_id"])
    per_id = contacts.groupby("contact_id")["pupil_id"].nunique()
    assert (per_id >= 2).any()
    records = truth["person_records"].query("month == '2026-10' and table_name == 'contacts'")
    ids = records["source_id"].str.split("|").str[0].groupby(records["true_person_id"]).nunique()
    assert (ids >= 2).any()


def test_the_unborn_are_expected_and_have_no_sex(delivered: Frames) -> None:
    people = pd.concat([frame for key, frame in delivered.items() if key[1:] == ("mash", "people")])
    unborn = people[people["expected_date_of_birth"].notna()]
    assert len(unborn) >= 1
    assert unborn["date_of_birth"].isna().all()
    assert (unborn["sex"] == "U").all()


def test_known_nuisances_of_property_numbers_occur(delivered: Frames) -> None:
    numbers = pd.concat([frame["uprn"] for (_, _, _), frame in delivered.items() if "uprn" in frame.columns]).dropna()
    assert (numbers == "-1").any()
    assert numbers.str.endswith(".0").any()


def test_some_occurrences_are_known_only_by_their_address(delivered: Frames) -> None:
    occurrences = delivered["2026-08", "police", "occurrences"]
    nameless = occurrences[occurrences["nominal_id"].isna()]
    assert 0 < len(nameless) < 0.2 * len(occurrences)
    assert nameless["address_line_1"].notna().mean() > 0.9


def test_some_indicators_are_known_to_no_profile(delivered: Frames) -> None:
    indicators = pd.concat([frame["indicator"] for key, frame in delivered.items() if key[1] == "nominations"])
    assert indicators.str.match(r"SF\d").mean() > 0.8
