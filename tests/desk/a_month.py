"""A published month of families that do not exist, written straight into the tables that the desk reads."""

import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.frames import Model, column_names, conform, empty, sql_types
from schemas.registry import PUBLISHED_TABLES

WARDS = ["Abbeyfield", "Castle", "Dock", "Highmoor", "Mill Lane", "St Anne's"]
SCHOOLS = ["Ashgrove Primary", "Beacon Academy", "Castle Street School", "Dunmore High", "Elm Bank Primary"]
FORENAMES = ["Amara", "Bryn", "Chidi", "Dilys", "Ewan", "Farah", "Gethin", "Hana", "Idris", "Jola", "Kofi", "Lowri"]
SURNAMES = [
    "Abara",
    "Brackenbury",
    "Cwmfelin",
    "Dziedzic",
    "Eversholt",
    "Farrukh",
    "Garside",
    "Hollowbread",
    "Iqbalson",
]
HEADLINES = {
    "education": "Good education",
    "health": "Improved mental and physical health",
    "safe": "Children safe from abuse and exploitation",
    "crime": "Crime prevention and tackling crime",
    "abuse": "Safe from domestic abuse",
    "work": "Financial stability",
}
CRITERIA = [
    ("SF1.1", "education", "Attendance", "attendance, % of possible sessions; any child", "<", 90.0, "school"),
    ("SF1.3", "education", "Exclusion", "suspensions; any child; last 3 completed terms", ">=", 3.0, "school"),
    ("SF3.1", "health", "Child mental health", "referrals that name a factor; any child", ">=", 1.0, "mash"),
    ("SF3.2", "health", "Adult mental health", "referrals that name a factor; any adult", ">=", 1.0, "mash"),
    ("SF6.1", "safe", "Abuse or neglect", "episodes of social care; any child; current", ">=", 1.0, "mash"),
    ("SF6.2", "safe", "Missing", "reports as a missing person; any child", ">=", 1.0, "police"),
    ("SF7.1", "crime", "Adult offending", "proven offences; any adult; last 12 months", ">=", 1.0, "police"),
    ("SF8.1", "abuse", "Domestic abuse", "incidents of domestic abuse; any member", ">=", 1.0, "police"),
    ("SF10.1", "work", "Adult out of work", "out-of-work benefit; any adult; current", ">=", 1.0, "jobcentre"),
]
PROGRAMME = "supporting-families-2022"
DAY = pd.Timestamp("2026-10-31")
Tables = dict[str, pd.DataFrame]


def a_month(families: int = 60, month: str = "2026-10", seed: int = 7) -> Tables:
    """The tables of a month; every eleventh family is protected."""
    rng = np.random.default_rng(seed)
    day = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
    homes = _homes(families, rng)
    members = _members(homes, rng)
    needs = _needs(homes, members, rng, day)
    cohort = _cohort(homes, needs, rng, month)
    tables: Tables = {
        "families": homes.drop(columns=["uprn", "postcode", "number"]),
        "households": _households(homes),
        "family_members": members[["family_id", "person_id", "role", "basis"]],
        "household_members": _stays(homes, members),
        "persons": _persons(members),
        "person_records": _records(members),
        "record_details": _details(members, homes, day),
        "needs": needs,
        "cohort": cohort,
        "attachments": empty(PUBLISHED_TABLES["attachments"]),
        "claims": _claims(cohort),
        "outcomes": _outcomes(cohort, day),
        "family_sightings": _sightings(homes, members, rng, day),
        "deliveries": _deliveries(month, day),
        "rejected_records": _rejected(month),
        "changes": _changes(cohort, month),
        "rules": _rules(),
        "links": _links(members),
        "run": _run(month, day),
    }
    tables["reviews"] = _reviews(members, homes)
    tables["match_rates"] = _match_rates()
    return {name: _conformed(tables.get(name), model) for name, model in PUBLISHED_TABLES.items()}


def _conformed(frame: pd.DataFrame | None, model: Model) -> pd.DataFrame:
    """The frame as its table is; what this month says nothing of is missing."""
    return empty(model) if frame is None else conform(frame.reindex(columns=column_names(model)), model)


def publish(tables: Tables, folder: Path) -> str:
    """Write a month into a published folder as a run does: the file in one step, the pointer last."""
    month = str(tables["run"]["month"].iloc[0])
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{month}.new"
    fresh.unlink(missing_ok=True)
    with duckdb.connect(str(fresh)) as connection:
        for name, frame in tables.items():
            _write(connection, name, frame, PUBLISHED_TABLES[name])
    fresh.replace(folder / f"{month}.duckdb")
    (folder / "current").write_text(f"{month}\n", "utf-8")
    return month


def _write(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame, model: Model) -> None:
    columns = ", ".join(f'"{column}" {kind}' for column, kind in sql_types(model).items())
    connection.execute(f'create table "{name}" ({columns})')
    connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
    connection.execute(f'insert into "{name}" select * from incoming')
    connection.unregister("incoming")


def family_id(number: int) -> str:
    """The id of the family of a number, opaque as the run's own."""
    return "f" + _opaque(f"family {number}")


def _opaque(key: str) -> str:
    digest = hashlib.sha256(key.encode()).digest()
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32] for byte in digest[:11])


def _homes(count: int, rng: np.random.Generator) -> pd.DataFrame:
    numbers = np.arange(count)
    wards = np.array(WARDS)[rng.integers(0, len(WARDS), count)]
    return pd.DataFrame(
        {
            "number": numbers,
            "family_id": [family_id(number) for number in numbers],
            "household_id": ["h" + _opaque(f"home {number}") for number in numbers],
            "adults": rng.integers(1, 3, count),
            "children": rng.integers(1, 5, count),
            "ward": wards,
            "protected": numbers % 11 == 5,
            "uprn": [f"9000{number:08d}" for number in numbers],
            "postcode": [f"ZZ{number % 90 + 1} {number % 9}ZZ" for number in numbers],
        }
    )


def _households(homes: pd.DataFrame) -> pd.DataFrame:
    members = homes["adults"] + homes["children"]
    return homes[["household_id", "uprn", "postcode", "ward", "protected"]].assign(members=members)


def _members(homes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    sizes = (homes["adults"] + homes["children"]).to_numpy()
    rows = homes.loc[homes.index.repeat(sizes), ["number", "family_id", "household_id", "adults", "protected"]]
    place = np.concatenate([np.arange(size) for size in sizes])
    rows = rows.reset_index(drop=True).assign(place=place)
    is_adult = rows["place"] < rows["adults"]
    age = np.where(is_adult, rng.integers(22, 50, len(rows)), rng.integers(1, 17, len(rows)))
    surname = np.array(SURNAMES)[(rows["number"] % len(SURNAMES)).to_numpy()]
    return rows.assign(
        person_id=["p" + _opaque(f"person {n} {p}") for n, p in zip(rows["number"], rows["place"], strict=True)],
        role=np.where(is_adult, "parent", "child"),
        basis="address given by school and jobcentre",
        forename=np.array(FORENAMES)[rng.integers(0, len(FORENAMES), len(rows))],
        surname=surname,
        date_of_birth=DAY - pd.to_timedelta(age * 365.25 + rng.integers(0, 300, len(rows)), unit="D"),
        sex=np.where(rng.random(len(rows)) < 0.5, "F", "M"),
        is_adult=is_adult,
    )


def _persons(members: pd.DataFrame) -> pd.DataFrame:
    kept = members[["person_id", "forename", "surname", "date_of_birth", "sex", "protected"]]
    return kept.assign(date_of_birth=kept["date_of_birth"].dt.normalize(), records=2, feeds=2)


def _stays(homes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    kept = members[["household_id", "person_id", "basis"]]
    return kept.assign(from_on=pd.Timestamp("2025-09-01"), to_on=pd.NaT, is_dependent_child=~members["is_adult"])


def _keys(members: pd.DataFrame) -> pd.DataFrame:
    index = np.arange(len(members))
    first = members.assign(
        feed=np.where(members["is_adult"], "jobcentre", "school"),
        table_name=np.where(members["is_adult"], "claimants", "pupils"),
        source_id=[f"R{number:07d}" for number in index],
    )
    second = members.assign(feed="police", table_name="nominals", source_id=[f"N{number:07d}" for number in index])
    return pd.concat([first, second], ignore_index=True)


def _records(members: pd.DataFrame) -> pd.DataFrame:
    return _keys(members)[["feed", "table_name", "source_id", "person_id"]].assign(basis="model")


def _details(members: pd.DataFrame, homes: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    keys = _keys(members).merge(homes[["family_id", "postcode"]], on="family_id")
    open_ = ~keys["protected"].astype(bool)
    pupil = (keys["table_name"] == "pupils") & open_
    address = (keys["number"] % 120 + 1).astype(str) + " Larkspur Road"
    return keys.assign(
        middle_names=pd.NA,
        other_names=pd.NA,
        date_of_birth=keys["date_of_birth"].dt.normalize(),
        address=address.where(open_),
        postcode=keys["postcode"].where(open_),
        phone=pd.NA,
        upn=pd.NA,
        school=pd.Series(SCHOOLS)[(keys["number"] % len(SCHOOLS)).to_numpy()].reset_index(drop=True).where(pupil),
        extract_on=day,
        address_withheld=~open_,
        fingerprint=[hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys["source_id"]],
    )


def _needs(homes: pd.DataFrame, members: pd.DataFrame, rng: np.random.Generator, day: pd.Timestamp) -> pd.DataFrame:
    rules = pd.DataFrame(CRITERIA, columns=["criterion_id", "key", "label", "measure", "operator", "threshold", "feed"])
    rules["headline"] = rules["key"].map(HEADLINES)
    judged = homes[["family_id", "number"]].merge(rules, how="cross")
    chance = rng.random(len(judged))
    state = np.where(chance < 0.38, "met", np.where(chance < 0.9, "not_met", "unknown"))
    below = judged["operator"].eq("<")
    value = np.where((state == "met") == below, judged["threshold"] - 1 - chance * 10, judged["threshold"] + 1)
    child = members[~members["is_adult"]].drop_duplicates("family_id").set_index("family_id")["person_id"]
    evidence = [
        json.dumps([{"feed": feed, "table": "attendance", "source_id": f"E{number:06d}"}]) if met else "[]"
        for feed, number, met in zip(judged["feed"], judged["number"], state == "met", strict=True)
    ]
    stale = judged["feed"].eq("police")
    return judged.assign(
        state=state,
        person_id=judged["family_id"].map(child).where(pd.Series(state == "met")),
        value=np.where(state == "unknown", np.nan, np.abs(value)),
        window_from=day - pd.Timedelta(days=364),
        window_to=day,
        extract_on=np.where(stale, day - pd.Timedelta(days=33), day),
        evidence=evidence,
    )


def _cohort(homes: pd.DataFrame, needs: pd.DataFrame, rng: np.random.Generator, month: str) -> pd.DataFrame:
    met = needs[needs["state"] == "met"].groupby("family_id")
    counted = homes[["family_id", "number"]].set_index("family_id")
    counted["needs_met"] = met.size()
    counted["headlines_met"] = met["headline"].nunique()
    counted = counted.fillna(0).reset_index()
    on = counted["needs_met"] >= 3
    order = counted.assign(on=on).sort_values(["on", "needs_met", "family_id"], ascending=[False, False, True])
    rank = pd.Series(np.arange(1, len(order) + 1), index=order.index).where(on)
    change = pd.Series(rng.choice(["new", "same", "same", "same", "returned"], len(counted)))
    left = ~on & (counted["number"] % 7 == 0)
    return counted.assign(
        programme=PROGRAMME,
        is_identified=on,
        rank=rank,
        first_identified=pd.Series("2026-08", index=counted.index)
        .where(on & (change != "new"), month)
        .where(on | left),
        change=change.where(on, pd.Series("left", index=counted.index).where(left)),
        reason=counted["needs_met"].astype(int).astype(str) + " needs met; 3 needed",
    )


def _claims(cohort: pd.DataFrame) -> pd.DataFrame:
    chosen = cohort[cohort["number"] % 9 == 0].reset_index(drop=True)
    status = pd.Series(["eligible", "eligible", "checked"] * len(chosen))[: len(chosen)]
    return chosen[["family_id"]].assign(
        claim_id=["C" + hashlib.sha256(key.encode()).hexdigest()[:15] for key in chosen["family_id"]],
        route="result",
        amount_gbp=800,
        window="2026-27 Q3",
        status=status,
        warning=pd.Series([None, "A need has come back since."] * len(chosen), dtype="string[pyarrow]")[: len(chosen)],
    )


def _outcomes(cohort: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    chosen = cohort[cohort["number"] % 9 == 0].reset_index(drop=True)
    return chosen[["family_id"]].assign(
        outcome_id="SF1.1",
        state="met",
        baseline=80.0,
        latest=94.0,
        change=14.0,
        window_from=day - pd.Timedelta(days=180),
        window_to=day,
        evidence="[]",
    )


def _sightings(homes: pd.DataFrame, members: pd.DataFrame, rng: np.random.Generator, day: pd.Timestamp) -> pd.DataFrame:
    keys = _keys(members)
    pupil = keys["feed"].eq("school")
    school = pd.Series(np.array(SCHOOLS)[(keys["number"] % len(SCHOOLS)).to_numpy()], index=keys.index)
    days = pd.to_timedelta(rng.integers(0, 200, len(keys)), unit="D")
    return keys.assign(
        agency=pd.NA,
        school=school.where(pupil & ~keys["protected"].astype(bool)),
        records=1,
        last_on=day - days,
        contact=np.where(pupil, "roster", "event"),
    )


def _deliveries(month: str, day: pd.Timestamp) -> pd.DataFrame:
    rows = [
        ("school", "pupils", "pupils.csv", day, 5200, 5198, 2, "used", None),
        ("mash", "people", "people.xlsx", day, 2100, 2100, 0, "used", None),
        ("jobcentre", "claimants", "claimants.csv", day, 1700, 1690, 10, "used", "repaired: 44 postcode"),
        ("police", None, None, day - pd.Timedelta(days=33), None, None, None, "late", "nothing came this month"),
    ]
    names = ["feed", "table_name", "file_name", "extract_on", "rows", "accepted", "rejected", "status", "reason"]
    frame = pd.DataFrame(rows, columns=names).assign(received_for=month, repaired=0)
    return frame.assign(sha256=[hashlib.sha256(str(name).encode()).hexdigest() for name in frame["file_name"]])


def _rejected(month: str) -> pd.DataFrame:
    rows = [("school", "pupils", "pupils.csv", 12, "date", "date_of_birth", '{"surname": "Zzyzx", "address": "Q"}')]
    names = ["feed", "table_name", "file_name", "line", "rule", "column_name", "record"]
    return pd.DataFrame(rows, columns=names).assign(received_for=month)


def _match_rates() -> pd.DataFrame:
    rows = [
        ("school", "pupils", "all", "all", 5000, 2500),
        ("school", "pupils", "age", "under 11", 3000, 1500),
        ("school", "pupils", "age", "11 to 17", 2000, 1000),
        ("school", "pupils", "ethnicity", "WBRI", 4900, 2480),
        ("school", "pupils", "ethnicity", "WIRT", 100, 20),
        ("school", "pupils", "unmatched", "no other agency has a record like it", 2400, 0),
        ("school", "pupils", "unmatched", "it has no birth date", 100, 0),
    ]
    return pd.DataFrame(rows, columns=["feed", "table_name", "grouping", "group_name", "records", "matched"])


def _changes(cohort: pd.DataFrame, month: str) -> pd.DataFrame:
    before = str(pd.Period(month, freq="M") - 1)
    moved = cohort[cohort["change"].isin(["new", "left"])].head(40).reset_index(drop=True)
    causes = pd.Series(["data", "data", "rule", "model", "human"] * len(moved))[: len(moved)]
    listing = moved[["family_id"]].assign(
        kind="listing",
        change=moved["change"].map({"new": "came", "left": "went"}),
        before=moved["change"].map({"new": "off the list", "left": "on the list"}),
        after=moved["change"].map({"new": "on the list", "left": "off the list"}),
        cause=causes,
        because="school|pupils R0000001 changed",
    )
    feed = pd.DataFrame(
        [{"kind": "feed", "change": "went", "feed": "police", "cause": "data", "because": "no delivery of this month"}]
    )
    return (
        pd.concat([listing, feed], ignore_index=True)
        .assign(since=before)
        .reindex(columns=[*listing.columns, "feed", "since", "other_id", "criterion_id"])
    )


def _rules() -> pd.DataFrame:
    headlines = [{"kind": "headline", "rule_id": key, "name": name} for key, name in HEADLINES.items()]
    criteria = [
        {"kind": "criterion", "rule_id": id_, "headline": key, "label": label, "name": label, "words": measure}
        for id_, key, label, measure, *_ in CRITERIA
    ]
    figures = [
        {"kind": "casework", "rule_id": "caseload_low", "name": "Smallest caseload", "figure": 12.0},
        {"kind": "casework", "rule_id": "caseload_high", "name": "Largest caseload", "figure": 17.0},
        {"kind": "casework", "rule_id": "follow_up_months", "name": "Follow-up", "figure": 4.0},
    ]
    frame = pd.DataFrame([*headlines, *criteria, *figures])
    return frame.reindex(columns=list(PUBLISHED_TABLES["rules"].to_schema().columns))


def _links(members: pd.DataFrame) -> pd.DataFrame:
    pairs = members.head(12).reset_index(drop=True)
    levels = {
        "forename": ["near", 3.1],
        "surname": ["exact", 8.2],
        "date of birth": ["exact", 10.4],
        "sex": ["same", 0.9],
    }
    left = _keys(members).head(12).reset_index(drop=True)
    return pd.DataFrame(
        {
            "left_feed": left["feed"],
            "left_table": left["table_name"],
            "left_id": left["source_id"],
            "right_feed": "police",
            "right_table": "nominals",
            "right_id": [f"N{number + 1:07d}" for number in range(len(pairs))],
            "weight": 4.2,
            "probability": 0.94,
            "decision": "review",
            "decided_by": "model",
            "levels": json.dumps(levels),
        }
    )


def _reviews(members: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    keys = _keys(members)
    rows = []
    for number in range(8):
        left, right = keys.iloc[number], keys.iloc[len(members) + number + 1]
        pair = number % 4 != 3
        rows.append(
            {
                "review_id": "v" + _opaque(f"review {number}"),
                "kind": "pair" if pair else "household",
                "question": "Are these two records one person?" if pair else "Do these two people live together?",
                "why": "the forenames differ" if pair else "one agency gives another address",
                "left_feed": left["feed"] if pair else None,
                "left_table": left["table_name"] if pair else None,
                "left_id": left["source_id"] if pair else None,
                "right_feed": right["feed"] if pair else None,
                "right_table": right["table_name"] if pair else None,
                "right_id": right["source_id"] if pair else None,
                "household_id": None if pair else homes["household_id"].iloc[number],
                "left_person_id": left["person_id"],
                "right_person_id": right["person_id"],
                "weight": 4.2 if pair else None,
                "answer": "same" if pair else "together",
                "families_entering": number % 3,
                "families_leaving": 1 if number == 2 else 0,
                "needs_flipping": number,
                "claims_falling": 1 if number == 1 else 0,
                "effect": "One family would come onto the list." if number % 3 else "Nothing on the list would change.",
                "family_ids": json.dumps([left["family_id"]]),
                "rank": number + 1,
                "was_decided": number == 4,
                "fingerprint": f"{number:016x}",
                "after_abuse": False,
            }
        )
    return pd.DataFrame(rows)


def _run(month: str, day: pd.Timestamp) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": [month],
            "run_id": ["0f0f0f0f"],
            "started_at": [day + pd.Timedelta(days=5)],
            "finished_at": [day + pd.Timedelta(days=5, minutes=4)],
            "software_version": ["0.1.0"],
            "programme": [PROGRAMME],
            "programme_sha256": ["a" * 64],
            "model_sha256": ["b" * 64],
            "settings": ["{}"],
        }
    )
