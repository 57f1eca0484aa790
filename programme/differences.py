"""What differs between two published months: families, places on the list, needs and feeds, each with its cause.

A month beside itself differs in nothing; two months the other way round differ the other way round.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from programme.became import People
from programme.tracing import PLACE, Records, Runs, Traced, Tracing
from schemas import frames, published
from schemas.vocabulary import Cause, Change, ChangeKind, DeliveryStatus, NeedState

_NEED = ("state", "measure", "operator", "threshold", "window_from", "window_to", "feed", "evidence")
Row = dict[str, object]


@dataclass(frozen=True)
class Snapshot:
    """A published month: `month`, its last day, and frames of `schemas.published` by table name.

    Read are run, deliveries, families, family_members, household_members (those who are there), persons, cohort, needs;
    of person_records also `fingerprint`, where it is known. Rows that cannot differ may be left out.
    """

    month: str
    as_of: pd.Timestamp
    tables: Mapping[str, pd.DataFrame] = field(repr=False)


@dataclass(frozen=True)
class Decided:
    """Whom decisions between the months moved: `records` (feed, table_name, source_id), `people` by their homes."""

    records: pd.DataFrame | None = field(default=None, repr=False)
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rows:
    """What the rows that needs rest on say in each month: feed, table_name, source_id, content.

    `left`: source ids of the pupils' records that by the later month have left the roll that they are of.
    """

    before: pd.DataFrame = field(repr=False)
    after: pd.DataFrame = field(repr=False)
    left: frozenset[str] = field(default=frozenset(), repr=False)


def differences(
    before: Snapshot,
    after: Snapshot,
    *,
    decided: Decided | None = None,
    rows: Rows | None = None,
    moved: Collection[str] = (),
) -> pd.DataFrame:
    """What changed from one month to the other, in the columns of `schemas.published.MonthChange`.

    `moved`: families that are at another address. Without `rows` an event is taken to be new where a need rests on it
    for the first time.
    """
    families = _Families.of(before, after)
    tracing = _tracing(before, after, decided or Decided(), rows)
    turned = list(_turned(before, after, families, tracing))
    people = _whereabouts(before, after)
    told: list[Row] = [*_fed(before, after), *_families(families, tracing, people), *turned]
    told += [*_of_members(families, tracing, people), *_moved(families, moved, tracing)]
    told += _listed(before, after, families, tracing, turned)
    frame = pd.DataFrame(told).reindex(columns=frames.column_names(published.MonthChange)).assign(since=before.month)
    order = ["kind", "change", "family_id", "criterion_id", "feed"]
    place = frame["kind"].map({kind.value: place for place, kind in enumerate(_SHOWN)})
    frame = frame.assign(place=place).sort_values(["place", *order], kind="stable").drop(columns="place")
    return frames.conform(frame, published.MonthChange)


_SHOWN = (ChangeKind.FEED, ChangeKind.FAMILY, ChangeKind.LISTING, ChangeKind.NEED)


@dataclass(frozen=True)
class _Families:
    """Families and their members of both months."""

    before: Mapping[str, set[str]]
    after: Mapping[str, set[str]]

    @classmethod
    def of(cls, before: Snapshot, after: Snapshot) -> "_Families":
        return cls(_members(before), _members(after))

    @property
    def both(self) -> set[str]:
        return self.before.keys() & self.after.keys()

    def people(self, family: str) -> set[str]:
        return self.before.get(family, set()) | self.after.get(family, set())

    def moved(self, family: str) -> set[str]:
        return self.before.get(family, set()) ^ self.after.get(family, set())


def _members(month: Snapshot) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {str(family): set() for family in month.tables["families"]["family_id"]}
    rows = month.tables["family_members"]
    for family, person in zip(rows["family_id"], rows["person_id"], strict=True):
        members.setdefault(str(family), set()).add(str(person))
    return members


def _tracing(before: Snapshot, after: Snapshot, decided: Decided, rows: Rows | None) -> Tracing:
    records = Records(_records(before), _records(after), decided.records)
    born: dict[str, pd.Timestamp] = {}
    for month in (before, after):
        persons = month.tables["persons"]
        born |= dict(zip(persons["person_id"], persons["date_of_birth"], strict=True))
    runs = Runs(_run(before), _run(after))
    late = frozenset(_late(before)), frozenset(_late(after))
    held = (_contents(rows.before), _contents(rows.after)) if rows else ({}, {})
    days, off_roll = (before.as_of, after.as_of), _off_roll((before, after), rows.left if rows else frozenset())
    return Tracing(runs, records, born, days, late, *held, decided.people, off_roll)


def _off_roll(months: tuple[Snapshot, Snapshot], left: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The pupils' records of each person who is on no roll any more: a child who changed school is on another."""
    later = max(months, key=lambda month: month.month).tables["person_records"]
    pupils = later[(later["feed"].eq("school") & later["table_name"].eq("pupils")).to_numpy(bool)]
    found = pupils["source_id"].groupby(pupils["person_id"]).agg(tuple)
    return {
        str(person): tuple(f"school/pupils {source_id}" for source_id in records)
        for person, records in found.items()
        if left.issuperset(records)
    }


def _records(month: Snapshot) -> pd.DataFrame:
    frame = month.tables["person_records"]
    frame = frame if "fingerprint" in frame else frame.assign(fingerprint=None)
    return frame[[*PLACE, "person_id", "fingerprint"]]


def _run(month: Snapshot) -> dict[str, object]:
    rows = month.tables["run"].astype(object).to_dict("records")
    return {str(key): value for key, value in rows[0].items()} if rows else {}


def _late(month: Snapshot) -> set[str]:
    """Feeds of which nothing was usable."""
    rows = month.tables["deliveries"]
    used = set(rows.loc[rows["status"].eq(DeliveryStatus.USED.value), "feed"])
    return {str(feed) for feed in rows["feed"]} - used


def _contents(rows: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    keys = zip(rows["feed"], rows["table_name"], rows["source_id"], strict=True)
    return dict(zip(keys, rows["content"], strict=True))


def _fed(before: Snapshot, after: Snapshot) -> Iterator[Row]:
    was, now = _late(before), _late(after)
    for feeds, change, words in (
        (now - was, Change.WENT, "nothing usable came for this month"),
        (was - now, Change.CAME, "it came again"),
    ):
        for feed in sorted(feeds):
            states = ("used", "late") if change is Change.WENT else ("late", "used")
            told = Traced(Cause.DATA.value, words)
            yield _row(ChangeKind.FEED, change, states, told, feed=feed)


def _whereabouts(before: Snapshot, after: Snapshot) -> tuple[People, People]:
    return People.of(before.tables), People.of(after.tables)


def _families(families: _Families, tracing: Tracing, people: tuple[People, People]) -> Iterator[Row]:
    was, now = people
    came = (families.after, families.before, Change.CAME, Change.SPLIT)
    went = (families.before, families.after, Change.WENT, Change.JOINED)
    for one, other, alone, shared in (came, went):
        home = _homes(other)
        for family in sorted(one.keys() - other.keys()):
            kin = _grown_from(one[family], home, one)
            said = _size(one[family])
            circle = one[family] | (other[kin] | one[kin] if kin else set())
            members = (families.before.get(family, set()), families.after.get(family, set()))
            traced = tracing.of_family(circle, members)
            if not kin:
                is_new = one is families.after
                where = was.where(one[family], now) if is_new else now.where(one[family], was)
                traced = replace(
                    traced, because=f"{traced.because}; its people {'before' if is_new else 'now'}: {where}"
                )
            sides = (None, said) if one is families.after else (said, None)
            yield _row(ChangeKind.FAMILY, shared if kin else alone, sides, traced, family_id=family, other_id=kin)


def _of_members(families: _Families, tracing: Tracing, people: tuple[People, People]) -> Iterator[Row]:
    """Families that are there in both months, and to which others belong."""
    was, now = people
    for family in sorted(families.both):
        before, after = families.before[family], families.after[family]
        if before == after:
            continue
        traced = tracing.of_family(before ^ after, (before, after))
        parts = [traced.because]
        parts += [f"who came, before: {was.where(after - before, now)}"] * bool(after - before)
        parts += [f"who left, now: {now.where(before - after, was)}"] * bool(before - after)
        sides = (_size(before), _size(after))
        yield _row(
            ChangeKind.FAMILY,
            Change.MEMBERS,
            sides,
            replace(traced, because="; ".join(parts)),
            family_id=family,
        )


def _moved(families: _Families, moved: Collection[str], tracing: Tracing) -> Iterator[Row]:
    for family in sorted(families.both & set(moved)):
        traced = tracing.of_family(families.people(family), (families.before[family], families.after[family]))
        yield _row(ChangeKind.FAMILY, Change.MOVED, (None, None), traced, family_id=family)


def _homes(families: Mapping[str, set[str]]) -> dict[str, list[str]]:
    home: dict[str, list[str]] = {}
    for family, people in families.items():
        for person in people:
            home.setdefault(person, []).append(family)
    return home


def _grown_from(people: set[str], home: Mapping[str, list[str]], still: Mapping[str, set[str]]) -> str | None:
    """The family of the other month that holds most of these people, if that is there in both months."""
    counts: dict[str, int] = {}
    for person in people:
        for family in home.get(person, []):
            counts[family] = counts.get(family, 0) + 1
    most = min(counts, key=lambda family: (-counts[family], family), default=None)
    return most if most in still else None


def _size(people: set[str]) -> str:
    return f"{len(people)} {'person' if len(people) == 1 else 'people'}"


def _turned(before: Snapshot, after: Snapshot, families: _Families, tracing: Tracing) -> Iterator[Row]:
    keys = ["family_id", "criterion_id"]
    was, now = (month.tables["needs"][[*keys, *_NEED]] for month in (before, after))
    both = was.merge(now, how="outer", on=keys, suffixes=("_before", "_after"))
    both = both[both["family_id"].isin(families.both)]
    differs = both["state_before"].ne(both["state_after"]).fillna(value=True)
    for row in both[differs].astype(object).to_dict("records"):
        sides = tuple({name: row[f"{name}_{side}"] for name in _NEED} for side in ("before", "after"))
        states = tuple(None if pd.isna(side["state"]) else str(side["state"]) for side in sides)
        family = str(row["family_id"])
        if None in states:
            traced = Traced(
                Cause.RULE.value, "the programme's rules " + ("have it no more", "have it newly")[not states[0]]
            )
        else:
            people, moved = families.people(family), families.moved(family)
            traced = tracing.of_need(sides[0], sides[1], people=people, moved=moved)
        yield _row(
            ChangeKind.NEED, Change.TURNED, states, traced, family_id=family, criterion_id=str(row["criterion_id"])
        )


def _listed(
    before: Snapshot, after: Snapshot, families: _Families, tracing: Tracing, turned: list[Row]
) -> Iterator[Row]:
    was, now = (
        set(month.tables["cohort"].loc[month.tables["cohort"]["is_identified"].fillna(value=False), "family_id"])
        for month in (before, after)
    )
    of_family: dict[object, list[Row]] = {}
    for row in turned:
        of_family.setdefault(row["family_id"], []).append(row)
    for family in sorted(was ^ now):
        change, sides = (Change.CAME, ("off", "on")) if family in now else (Change.WENT, ("on", "off"))
        deciding = [row for row in of_family.get(family, []) if NeedState.MET.value in {row["before"], row["after"]}]
        side = "after" if family in now else "before"
        told = [row for row in deciding if row[side] == NeedState.MET.value]
        traced = _why_listed(family, families, tracing, told or deciding)
        yield _row(ChangeKind.LISTING, change, sides, traced, family_id=family)


def _why_listed(family: str, families: _Families, tracing: Tracing, turned: list[Row]) -> Traced:
    if family not in families.both:
        members = (families.before.get(family, set()), families.after.get(family, set()))
        found = tracing.of_family(families.people(family), members)
        there = "is new" if family in families.after else "is no more"
        return Traced(found.cause, f"the family itself {there}: {found.because}")
    if turned:
        # Of several causes the one that is not the data's own is told: it is the one that somebody can undo.
        causes = [str(row["cause"]) for row in turned]
        cause = next((each for each in causes if each != Cause.DATA.value), causes[0])
        said = ", ".join(f"{row['criterion_id']} {row['before']} to {row['after']}" for row in turned)
        return Traced(cause, f"needs turned: {said}")
    if tracing.runs.differ_in("programme_sha256"):
        return Traced(Cause.RULE.value, "the programme's rules changed")
    return tracing.of_family(families.people(family), (families.before[family], families.after[family]))


def _row(kind: ChangeKind, change: Change, sides: tuple[object, ...], traced: Traced, **what: object) -> Row:
    told: Row = {"kind": kind.value, "change": change.value, "cause": traced.cause, "because": traced.because}
    return {**told, "before": sides[0], "after": sides[1], **what}
