"""A council small enough to read: families, their members' rows in the feeds, and which feeds came."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from programme import needs
from programme.facts import Month
from programme.profile import Profile
from schemas import frames
from schemas.registry import FEED_TABLES

FEEDS = ("school", "police", "mash", "jobcentre", "nominations")
ROSTERS = (("school", "pupils"), ("police", "nominals"), ("mash", "people"), ("jobcentre", "claimants"))
TERMS = (("autumn", "-09-01", "-12-31", 0), ("spring", "-01-01", "-04-15", 1), ("summer", "-04-16", "-07-31", 1))
SHA = "0" * 64
EMPTY = {key: frames.empty(model) for key, model in FEED_TABLES.items()}
KEYS = {
    key: [name for name, column in frames.contract_columns(model).items() if column.key]
    for key, model in FEED_TABLES.items()
}


class Council:
    """Rows gathered one by one, then judged; each person's id is also the key of their record in every roster."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[dict[str, Any]]] = {key: [] for key in FEED_TABLES}
        self.members: list[dict[str, Any]] = []
        self.births: dict[str, Any] = {}
        self.wards: dict[str, str] = {}
        self.late: set[str] = set()
        self.never: set[str] = set()

    def family(self, family_id: str, **born: str | None) -> None:
        """A family whose members are named by keyword: `mother_1="1990-01-01"`, `child_1="2015-05-05"`."""
        for name, day in born.items():
            person_id = f"{family_id}.{name}"
            role = {"child": "child", "mother": "parent", "father": "parent"}.get(name.split("_")[0], "adult")
            self.members.append({"family_id": family_id, "person_id": person_id, "role": role, "basis": "spec"})
            self.births[person_id] = pd.NaT if day is None else pd.Timestamp(day)

    def row(self, feed: str, table: str, **values: Any) -> None:
        """One held row; its key and its line come by themselves."""
        key = (feed, table)
        parts = [values.get(name) for name in KEYS[key]]
        held = {"source_id": "|".join("" if part is None else str(part) for part in parts), **values}
        held |= {"received_for": "2026-10", "file_sha256": SHA, "line": len(self.rows[key]) + 2}
        self.rows[key].append({"extract_on": "2026-10-31", **held})

    def sessions(self, person_id: str, *, term: str = "autumn", year: str = "2025/26", **codes: int) -> None:
        """A term's totals: possible, authorised, unauthorised."""
        values = {f"{name}_sessions": count for name, count in codes.items()}
        self.row("school", "attendance", pupil_id=person_id, academic_year=year, term=term, **values)

    def no_sessions(self, person_id: str, *terms: str, year: str = "2025/26") -> None:
        """Terms of which the school says that none was possible; a term of which it says nothing is unknown."""
        for term in terms:
            self.sessions(person_id, term=term, year=year, possible=0, authorised=0, unauthorised=0)

    def pupil(self, person_id: str, **values: Any) -> None:
        """A pupil's place on a roll."""
        self.row("school", "pupils", pupil_id=person_id, **{"school_urn": "100000", **values})

    def tables(self) -> dict[tuple[str, str], pd.DataFrame]:
        """The held feed tables, each with the contract's columns and types."""
        held = {}
        for key, empty in EMPTY.items():
            frame = pd.DataFrame(self.rows[key], columns=list(empty.columns))
            held[key] = frame.astype(dict(empty.dtypes.items())) if self.rows[key] else empty
        return held

    def month(self, as_of: str = "2026-10-31") -> Month:
        """All that a month's judging reads."""
        return Month(
            tables=self.tables(),
            person_records=self.person_records(),
            persons=text(
                pd.DataFrame({"person_id": list(self.births), "date_of_birth": list(self.births.values())}).astype(
                    {"date_of_birth": "datetime64[ns]"}
                ),
            ),
            families=self.families(),
            family_members=text(pd.DataFrame(self.members)),
            terms=terms(),
            feeds=self.feeds(),
            as_of=pd.Timestamp(as_of),
        )

    def person_records(self) -> pd.DataFrame:
        """Each person under their own id in every roster; a nomination under its key."""
        rows = [(feed, table, person, person) for feed, table in ROSTERS for person in self.births]
        nominated = self.rows["nominations", "nominations"]
        rows += [("nominations", "nominations", row["source_id"], row["agency"]) for row in nominated]
        return text(pd.DataFrame(rows, columns=["feed", "table_name", "source_id", "person_id"]))

    def nominate(self, person_id: str, indicator: str, *, on: str, expires: str | None = None) -> None:
        """A nomination of a person; the nominating agency's name carries whose it is."""
        number = f"N{len(self.rows['nominations', 'nominations'])}"
        values = {"nomination_id": number, "agency": person_id, "nominated_on": on, "indicator": indicator}
        self.row("nominations", "nominations", **values, expires_on=expires)

    def families(self) -> pd.DataFrame:
        """The families, with their children counted by role."""
        frame = text(pd.DataFrame(self.members))
        children = frame.assign(child=frame["role"] == "child").groupby("family_id")["child"].sum()
        counted = children.astype("Int64").rename("children").reset_index()
        return text(counted.assign(ward=counted["family_id"].map(self.wards)))

    def feeds(self) -> pd.DataFrame:
        """Which feeds spoke this month."""
        rows = [
            (
                feed,
                pd.NA if feed in self.never else "2026-09" if feed in self.late else "2026-10",
                pd.NaT if feed in self.never else pd.Timestamp("2026-09-30" if feed in self.late else "2026-10-31"),
                feed in self.late,
                feed in self.never,
            )
            for feed in FEEDS
        ]
        return pd.DataFrame(rows, columns=["feed", "last_month", "extract_on", "is_late", "never_delivered"])

    def judge(self, profile: Profile, as_of: str = "2026-10-31") -> pd.DataFrame:
        """The needs of every family."""
        return needs.judge(profile, self.month(as_of), settings={"threads": "1"})

    def state(self, profile: Profile, criterion_id: str, as_of: str = "2026-10-31") -> str:
        """How one criterion of the only family was judged."""
        judged = self.judge(profile, as_of).set_index("criterion_id")
        return str(judged.loc[criterion_id, "state"])


def text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its text columns as the house holds text."""
    return frame.astype({name: "string[pyarrow]" for name in frame.columns if frame[name].dtype == object})


def terms() -> pd.DataFrame:
    """The default calendar of the years 2009/10 to 2027/28."""
    rows = [
        (f"{year}/{(year + 1) % 100:02}", term, f"{year + later}{start}", f"{year + later}{end}")
        for year in range(2009, 2028)
        for term, start, end, later in TERMS
    ]
    frame = text(pd.DataFrame(rows, columns=["academic_year", "term", "starts_on", "ends_on"]))
    return frame.astype({"starts_on": "datetime64[ns]", "ends_on": "datetime64[ns]"})


@pytest.fixture
def council() -> Council:
    """An empty council."""
    return Council()


@pytest.fixture(scope="session")
def new_council() -> Callable[[], Council]:
    """A maker of empty councils."""
    return Council
