"""What if an answer were given: the families as they would then be, each question a little world of its own.

Every question's families and people bear ids of their own, so that all questions are judged at once and none touches
another. Only who belongs to whom is supposed; whether the answer would also move a household elsewhere is left to the
next run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from schemas.vocabulary import Answer, Role

_ROLES = {Role.PARENT.value: 0, Role.ADULT.value: 1, Role.CHILD.value: 2}
_TEXT = "string[pyarrow]"


@dataclass(frozen=True)
class Homes:
    """The month's published `persons`, `person_records`, `families`, `family_members` and `household_members`."""

    persons: pd.DataFrame = field(repr=False)
    person_records: pd.DataFrame = field(repr=False)
    families: pd.DataFrame = field(repr=False)
    family_members: pd.DataFrame = field(repr=False)
    household_members: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Hypotheses:
    """What would be.

    `families`: family_id (supposed), children, adults. `members`: family_id, person_id (both supposed), role.
    `people`: person_id (supposed), known_id: whom it is made of, one or two. `stands_for`: review_id, known_family,
    family_id: the supposed family in its place, missing where it would be a family no more.
    """

    families: pd.DataFrame = field(repr=False)
    members: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    stands_for: pd.DataFrame = field(repr=False)


def suppose(questions: pd.DataFrame, homes: Homes) -> Hypotheses:
    """The families that the answer to each question would change, as they would then be.

    `questions`: review_id, answer, left_person_id, right_person_id, household_id. `same`: both people's records are
    one's, who lives where seen first of late; families of one household that share the person become one. `together`:
    the right person lives with the left one's families and leaves their own. `apart`: the right person leaves the
    family in that household. An answer of `different` supposes nothing.
    """
    known = _Known.of(questions, homes)
    worlds = [world for row in questions.itertuples(index=False) if (world := _world(row, known)).before]
    return _as_frames(worlds)


@dataclass(frozen=True)
class _Known:
    """Who is in which family with what part, where families live, and since when people have lived there."""

    members: Mapping[str, Mapping[str, str]]
    of_person: Mapping[str, list[str]]
    household: Mapping[str, str]
    since: Mapping[str, pd.Timestamp]
    records: Mapping[str, int]

    @classmethod
    def of(cls, questions: pd.DataFrame, homes: Homes) -> "_Known":
        people = {*questions["left_person_id"], *questions["right_person_id"]}
        theirs = homes.family_members[homes.family_members["person_id"].isin(people)]
        touched = homes.family_members[homes.family_members["family_id"].isin(theirs["family_id"])]
        members: dict[str, dict[str, str]] = {}
        for row in touched.sort_values(["family_id", "person_id"]).itertuples(index=False):
            members.setdefault(str(row.family_id), {})[str(row.person_id)] = str(row.role)
        of_person: dict[str, list[str]] = {}
        for row in theirs.sort_values(["person_id", "family_id"]).itertuples(index=False):
            of_person.setdefault(str(row.person_id), []).append(str(row.family_id))
        stays = homes.household_members
        stays = stays[stays["person_id"].isin(people) & stays["to_on"].isna() & stays["from_on"].notna()]
        lived = homes.families[homes.families["family_id"].isin(list(members))]
        counted = homes.persons[homes.persons["person_id"].isin(people)]
        return cls(
            members,
            of_person,
            dict(zip(lived["family_id"], lived["household_id"], strict=True)),
            {str(person): day for person, day in stays.groupby("person_id")["from_on"].max().items()},
            dict(zip(counted["person_id"], counted["records"], strict=True)),
        )

    def lately(self, person: str) -> tuple[pd.Timestamp, int, str]:
        """Where of two people one would live: with whom was first seen last, else of whom more is recorded."""
        return self.since.get(person, pd.Timestamp.min), int(self.records.get(person, 0)), person


@dataclass
class _World:
    """One question's families: `before` are those that it touches, `after` each supposed one and what it stands for."""

    review_id: str
    before: list[str]
    after: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)
    joined: Mapping[str, str] = field(default_factory=dict)


def _world(row: object, known: _Known) -> _World:
    answer, left, right = str(row.answer), str(row.left_person_id), str(row.right_person_id)  # type: ignore[attr-defined]
    review = str(row.review_id)  # type: ignore[attr-defined]
    if left == right:
        return _World(review, [])
    if answer == Answer.SAME.value:
        return _one_person(review, left, right, known)
    if answer == Answer.TOGETHER.value:
        return _together(review, left, right, known)
    if answer == Answer.APART.value:
        return _apart(review, right, str(row.household_id), known)  # type: ignore[attr-defined]
    return _World(review, [])


def _one_person(review: str, left: str, right: str, known: _Known) -> _World:
    """The two as one: in the families of whoever was seen first of late, and no longer in the other's elsewhere."""
    stays, goes = sorted((left, right), key=known.lately, reverse=True)
    if stays not in known.of_person:
        stays, goes = goes, stays
    here, there = known.of_person.get(stays, []), known.of_person.get(goes, [])
    world = _World(review, list(dict.fromkeys([*here, *there])), joined={goes: stays})
    roofs = {known.household[family]: family for family in here}
    merged = {family: roofs[known.household[family]] for family in there if known.household[family] in roofs}
    for family in here:
        parts = [family, *(other for other, into in merged.items() if into == family and other != family)]
        people = _joined([known.members[part] for part in parts], {goes: stays})
        world.after.append((parts, people))
    for family in there:
        if family not in merged:
            world.after.append(([family], _without(known.members[family], goes)))
    return world


def _together(review: str, left: str, right: str, known: _Known) -> _World:
    here = known.of_person.get(left, [])
    there = [family for family in known.of_person.get(right, []) if family not in here]
    world = _World(review, [*here, *there])
    role = min((known.members[family][right] for family in there), key=_ROLES.__getitem__, default=Role.ADULT.value)
    for family in here:
        world.after.append(([family], {right: role, **known.members[family]}))
    for family in there:
        world.after.append(([family], _without(known.members[family], right)))
    return world


def _apart(review: str, right: str, household: str, known: _Known) -> _World:
    families = [each for each in known.of_person.get(right, []) if known.household[each] == household]
    world = _World(review, families)
    world.after = [([family], _without(known.members[family], right)) for family in families]
    return world


def _without(members: Mapping[str, str], person: str) -> dict[str, str]:
    return {each: role for each, role in members.items() if each != person}


def _joined(parts: Iterable[Mapping[str, str]], joined: Mapping[str, str]) -> dict[str, str]:
    people: dict[str, str] = {}
    for part in parts:
        for person, role in part.items():
            one = joined.get(person, person)
            people[one] = min(role, people.get(one, role), key=_ROLES.__getitem__)
    return people


def _as_frames(worlds: list[_World]) -> Hypotheses:
    families, members, people = [], [], set()
    stands: list[tuple[str, str, str | None]] = []
    for number, world in enumerate(worlds):
        taken = set()
        for parts, who in world.after:
            children = sum(role == Role.CHILD.value for role in who.values())
            if not children:
                continue
            name = f"{number}:{parts[0]}"
            families.append((name, len(who) - children, children))
            members += [(name, f"{number}:{person}", role) for person, role in who.items()]
            people |= {(f"{number}:{world.joined.get(person, person)}", person) for person in who}
            people |= {(f"{number}:{into}", gone) for gone, into in world.joined.items() if into in who}
            stands += [(world.review_id, part, name) for part in parts]
            taken |= set(parts)
        stands += [(world.review_id, family, None) for family in world.before if family not in taken]
    return Hypotheses(
        _frame(families, "family_id adults children", adults="Int64", children="Int64"),
        _frame(members, "family_id person_id role"),
        _frame(sorted(people), "person_id known_id"),
        _frame(stands, "review_id known_family family_id"),
    )


def _frame(rows: Sequence[tuple[object, ...]], columns: str, **kinds: str) -> pd.DataFrame:
    names = columns.split()
    return pd.DataFrame(rows, columns=names).astype({**dict.fromkeys(names, _TEXT), **kinds})
