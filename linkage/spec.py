"""What a table of people looks like: which column is of which kind. Everything else is derived from the kinds.

id = "uid"
source = "source"                          # optional
once_per_person = ["electoral_roll"]       # sources that hold each person once

[columns]
first_name = "forename"
maiden_name = "surname"                    # a second column of a kind holds a further value
nat_ins = { kind = "identifier", exclusive = true, valid = "nino" }

[settings]                                 # optional; every key of `Settings`
same = 3.0
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from linkage.errors import SpecError


class Kind(StrEnum):
    """What a column says of a person."""

    FORENAME = "forename"
    MIDDLE_NAMES = "middle_names"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    DATE_OF_BIRTH = "date_of_birth"
    BORN_ABOUT = "born_about"
    AGE_GROUP = "age_group"
    SEX = "sex"
    POSTCODE = "postcode"
    ADDRESS = "address"
    HOUSE_NUMBER = "house_number"
    UPRN = "uprn"
    IDENTIFIER = "identifier"
    CATEGORY = "category"
    PHONE = "phone"
    EMAIL = "email"


DATES = frozenset({Kind.DATE_OF_BIRTH, Kind.BORN_ABOUT})
SINGLE = DATES | {Kind.AGE_GROUP, Kind.SEX, Kind.POSTCODE, Kind.HOUSE_NUMBER, Kind.UPRN}
NAMING = frozenset({Kind.FORENAME, Kind.SURNAME, Kind.FULL_NAME})
VALIDITY = frozenset({"upn", "nino", "nhs_number"})


@dataclass(frozen=True)
class Column:
    """One column of the table.

    `exclusive`: two different values never belong to one person. `former`: the column that holds the person's earlier
    value, which explains a difference. `temporary`: a pattern of values that are no one's for long and exclude nothing.
    `valid`: the check (upn, nino, nhs_number) that a value must pass to exclude. `near`: whether an identifier that is
    one slip away is evidence; it is not where numbers are issued in sequence, as exclusive ones are.
    """

    name: str
    kind: Kind
    exclusive: bool = False
    former: str | None = None
    temporary: str | None = None
    valid: str | None = None
    near: bool = True


@dataclass(frozen=True)
class Settings:
    """What may be overridden. Weights are log2 odds.

    `same`: from here on two records are one person. `floor`: pairs below are forgotten. `review_from`: from here to
    `same` a pair is doubtful. `review_limit`: questions put to people in one run. `block_cap`: records in a block
    beyond which it asks for a further key. `pairs_per_record`: how wide blocking may go. `seed`: for the random pairs.
    `drift_limit`: the population stability index from which a shift of a field's levels is called large, and a model
    trained before it refused.
    """

    same: float = 0.5
    floor: float = -4.0
    review_from: float = -2.0
    review_limit: int = 200
    block_cap: int = 60
    pairs_per_record: float = 12.0
    seed: int = 20
    drift_limit: float = 0.25


@dataclass(frozen=True)
class LinkSpec:
    """A table of people, its columns declared by kind."""

    id: str
    columns: tuple[Column, ...]
    source: str | None = None
    once_per_person: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        _check_columns(self.columns)
        if self.once_per_person and self.source is None:
            msg = 'once_per_person names sources, but no `source` column is declared. Add source = "<column>".'
            raise SpecError(msg)

    @classmethod
    def from_toml_text(cls, text: str) -> Self:
        """Read a description; raises SpecError naming the key, what was found and what is allowed."""
        try:
            said = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            msg = f'the description is not TOML: {error}. It should begin as: id = "<column>", then [columns].'
            raise SpecError(msg) from None
        return cls.from_mapping(said)

    @classmethod
    def from_mapping(cls, said: Mapping[str, Any]) -> Self:
        """The same, from what a TOML file holds."""
        _allow("the description", said, {"id", "source", "once_per_person", "columns", "settings"})
        if not isinstance(said.get("id"), str):
            raise SpecError('the description names no `id` column. Add id = "<column>".')
        columns = said.get("columns")
        if not isinstance(columns, Mapping) or not columns:
            raise SpecError("the description has no [columns]. List each column with its kind.")
        _expect("source", said.get("source", ""), str, 'the name of a column, as source = "list"')
        once = said.get("once_per_person", [])
        if not isinstance(once, list) or not all(isinstance(source, str) for source in once):
            raise SpecError('once_per_person: expected a list of sources, as once_per_person = ["electoral_roll"].')
        return cls(
            id=said["id"],
            columns=tuple(_column(name, value) for name, value in columns.items()),
            source=said.get("source"),
            once_per_person=frozenset(once),
            settings=_settings(said.get("settings", {})),
        )

    def named(self) -> set[str]:
        """Every column of the table that the description names."""
        former = {column.former for column in self.columns if column.former}
        return {self.id, *(column.name for column in self.columns), *former, *([self.source] if self.source else [])}

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        """The columns of one kind, in the order declared."""
        return tuple(column for column in self.columns if column.kind is kind)


def _column(name: str, said: object) -> Column:
    options = {"kind": said} if isinstance(said, str) else said
    if not isinstance(options, Mapping) or "kind" not in options:
        msg = f"column {name!r}: expected a kind, or a table with `kind`. Kinds: {_listed(Kind)}."
        raise SpecError(msg)
    _allow(f"column {name!r}", options, {column.name for column in fields(Column)} - {"name"})
    for option in options.keys() - {"kind"}:
        is_flag = option in {"exclusive", "near"}
        _expect(
            f"column {name!r}: {option}",
            options[option],
            bool if is_flag else str,
            "true or false" if is_flag else "a text",
        )
    if options["kind"] not in list(Kind):
        msg = f"column {name!r}: {options['kind']!r} is no kind. Kinds: {_listed(Kind)}."
        raise SpecError(msg)
    return Column(name, **{**options, "kind": Kind(options["kind"])})


def _settings(said: object) -> Settings:
    if not isinstance(said, Mapping):
        raise SpecError("settings: expected a table, as [settings] with a key a line.")
    known = {setting.name: setting.type for setting in fields(Settings)}
    _allow("[settings]", said, set(known))
    for name, value in said.items():
        whole = known[name] is int
        _expect(f"[settings]: {name}", value, int if whole else (int, float), "a whole number" if whole else "a number")
    settings = Settings(**said)
    if not settings.floor <= settings.review_from <= settings.same:
        raise SpecError("[settings]: expected floor <= review_from <= same, all in bits.")
    return settings


def _check_columns(columns: tuple[Column, ...]) -> None:
    kinds = [column.kind for column in columns]
    if not NAMING & set(kinds) and Kind.IDENTIFIER not in kinds:
        msg = f"no column says who the person is: declare one of {_listed(NAMING)} or an identifier."
        raise SpecError(msg)
    for kind in SINGLE:
        if kinds.count(kind) > 1:
            msg = f"{kinds.count(kind)} columns of kind {kind}; only one is allowed of {_listed(SINGLE)}."
            raise SpecError(msg)
    for column in columns:
        _check_identifier(column)


def _check_identifier(column: Column) -> None:
    has_options = column.exclusive or column.former or column.temporary or column.valid or not column.near
    if has_options and column.kind is not Kind.IDENTIFIER:
        options = "exclusive, former, temporary, valid and near"
        msg = f"column {column.name!r}: {options} are for identifiers, not {column.kind}."
        raise SpecError(msg)
    if column.valid is not None and column.valid not in VALIDITY:
        msg = f"column {column.name!r}: no check is called {column.valid!r}. Checks: {_listed(VALIDITY)}."
        raise SpecError(msg)
    try:
        re.compile(column.temporary or "")
    except re.error as error:
        msg = f"column {column.name!r}: `temporary` is no pattern: {error}."
        raise SpecError(msg) from None


def _expect(where: str, value: object, kind: type | tuple[type, ...], expected: str) -> None:
    # Python takes true for a whole number.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        msg = f"{where}: expected {expected}, found {value!r}."
        raise SpecError(msg)


def _allow(where: str, said: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(said) - allowed)
    if unknown:
        msg = f"{where}: unknown {', '.join(map(repr, unknown))}. Allowed: {_listed(allowed)}."
        raise SpecError(msg)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
