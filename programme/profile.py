"""Programme profiles: rule packs read from TOML, joined with the pack that they extend, and validated.

A pack that `extends` another says only what it changes: tables are merged key by key, `drop` takes criteria (or any
other keyed rule) away. The hash is over what comes out of that, so that it changes whenever a rule in force does.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from programme.conditions import Rule
from programme.errors import ProfileError
from programme.results import (
    Casework,
    Claims,
    ConditionsMet,
    Fee,
    NeedsResolved,
    Outcome,
    Requirement,
    Route,
    Target,
)
from programme.rules import Criterion, Identification

_MOST_ANCESTORS = 5


class Profile(Rule):
    """One programme's rules, dated and versioned, as they are in force after every `extends`."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    version: str
    starts_on: date
    ends_on: date | None = None
    source: str
    phase: str = Field(description="a family has one result in a phase")
    extends: str | None = None
    headlines: Mapping[str, str]
    identification: Identification
    criteria: Mapping[str, Criterion]
    outcomes: Mapping[str, Outcome] = Field(default_factory=dict)
    routes: Mapping[str, Route] = Field(default_factory=dict)
    fees: Mapping[str, Fee] = Field(default_factory=dict)
    claims: Claims | None = None
    casework: Casework | None = None
    targets: Mapping[str, Target] = Field(default_factory=dict)
    requirements: Mapping[str, Requirement] = Field(default_factory=dict)
    sources: Mapping[str, str] = Field(default_factory=dict, description="letters that rules name to the title")
    notes: tuple[str, ...] = ()
    resolved: str = Field(default="", exclude=True, description="the rules in force as text; filled in when read")

    @cached_property
    def sha256(self) -> str:
        """Hash of the rules in force."""
        return hashlib.sha256(self.resolved.encode()).hexdigest()

    @field_validator("criteria")
    @classmethod
    def _some_criteria(cls, criteria: Mapping[str, Criterion]) -> Mapping[str, Criterion]:
        if not criteria:
            raise ValueError("a profile needs at least one criterion")
        return criteria

    @model_validator(mode="after")
    def _headlines_are_named(self) -> Self:
        named = set(self.headlines)
        for key, criterion in self.criteria.items():
            if criterion.headline not in named:
                msg = f"criteria.{key}.headline: allowed are the keys of headlines: {', '.join(sorted(named))}"
                raise ValueError(msg)
        for key in sorted(self._headlines_relied_on() - named):
            msg = f"identification: headline {key!r} is no key of headlines: {', '.join(sorted(named))}"
            raise ValueError(msg)
        return self

    @staticmethod
    def keyed_rules() -> tuple[str, ...]:
        """The parts of a pack that hold rules by their ids."""
        return ("criteria", "outcomes", "routes", "fees", "targets", "requirements")

    @staticmethod
    def single_rules() -> tuple[str, ...]:
        """The parts of a pack that are one rule each."""
        return ("identification", "claims", "casework")

    def _headlines_relied_on(self) -> set[str]:
        rule = self.identification
        named = {rule.local_filter.headline} if rule.local_filter else set()
        if rule.minimisation is not None:
            named |= {rule.minimisation.headline, *rule.minimisation.only_where}
        for each in self.outcomes.values():
            if isinstance(each, ConditionsMet) and each.problem is not None:
                named.add(each.problem)
            if isinstance(each, NeedsResolved):
                named.update(each.headlines)
        return named

    @model_validator(mode="after")
    def _routes_and_fees_are_named(self) -> Self:
        for key, route in self.routes.items():
            _known(f"routes.{key}.results", route.results, self.outcomes)
            _known(f"routes.{key}.adds_to", [route.adds_to] if route.adds_to else [], self.routes)
        for key, fee in self.fees.items():
            _known(f"fees.{key}.results", fee.results, self.routes)
        for key, target in self.targets.items():
            _known(f"targets.{key}.of", target.of, self.targets)
        return self


def _known(key: str, names: Iterable[str], allowed: Iterable[str]) -> None:
    if strangers := sorted(set(names) - set(allowed)):
        msg = f"{key}: {', '.join(strangers)} is not there; allowed: {', '.join(sorted(allowed)) or 'none'}"
        raise ValueError(msg)


def shipped_directory() -> Path:
    """Where the packs that come with Hearth lie: beside the packages, in a checkout and installed alike."""
    return Path(__file__).parent.parent / "profiles"


def shipped() -> list[str]:
    """The names of the packs that come with Hearth."""
    return sorted(path.stem for path in shipped_directory().glob("*.toml"))


def load(name_or_path: str | Path, *, directories: Iterable[Path] = ()) -> Profile:
    """Read a profile by name (looked up in `directories`, then among those shipped) or by the path of its file.

    Raises ProfileError, which names the file, each key that is wrong, and what is allowed there.
    """
    places = (*directories, shipped_directory())
    path = find(name_or_path, places)
    return _validated(_resolved(path, places, ()), path)


def find(name_or_path: str | Path, places: Iterable[Path]) -> Path:
    """The file of a profile; raises ProfileError that lists the names there are."""
    direct = Path(name_or_path)
    if direct.suffix == ".toml":
        if direct.is_file():
            return direct
        msg = f"{direct}: no such file. Give the path of a profile, or one of its names without `.toml`."
        raise ProfileError(msg)
    places = tuple(places)
    for place in places:
        if (found := place / f"{name_or_path}.toml").is_file():
            return found
    names = sorted({path.stem for place in places for path in place.glob("*.toml")})
    msg = f"No profile is called {str(name_or_path)!r}. There are: {', '.join(names) or 'none'}."
    raise ProfileError(msg)


def _resolved(path: Path, places: tuple[Path, ...], below: tuple[Path, ...]) -> dict[str, Any]:
    if path in below or len(below) > _MOST_ANCESTORS:
        msg = f"{below[0]}: `extends` goes in a circle or deeper than {_MOST_ANCESTORS} packs."
        raise ProfileError(msg)
    own = _marked(_read(path), path.stem)
    if (parent := own.get("extends")) is None:
        return own
    inherited = _resolved(find(parent, (path.parent, *places)), places, (*below, path))
    dropped = own.pop("drop", [])
    return _merged(_without(inherited, dropped, path), own)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({type(error).__name__}). A profile is a UTF-8 text file."
        raise ProfileError(msg) from None
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: not TOML: {error}"
        raise ProfileError(msg) from None


def _marked(pack: dict[str, Any], name: str) -> dict[str, Any]:
    """The pack with each of its rules marked as its own, so that a reader sees what its document says."""
    rules = [rule for group in Profile.keyed_rules() for rule in _tables(pack.get(group, {}))]
    for rule in [*rules, *_tables({key: pack.get(key) for key in Profile.single_rules()})]:
        rule["origin"] = name
    return pack


def _tables(group: object) -> list[dict[str, Any]]:
    return [value for value in group.values() if isinstance(value, dict)] if isinstance(group, dict) else []


def _without(pack: dict[str, Any], dropped: Iterable[str], path: Path) -> dict[str, Any]:
    for key in dropped:
        holders = [group for group in Profile.keyed_rules() if key in pack.get(group, {})]
        if not holders:
            msg = f"{path}: drop: {key!r} is no rule of the pack that it extends."
            raise ProfileError(msg)
        for group in holders:
            pack[group] = {name: rule for name, rule in pack[group].items() if name != key}
    return pack


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = {**old, **new}
    for key in old.keys() & new.keys():
        if isinstance(old[key], dict) and isinstance(new[key], dict):
            both[key] = _merged(old[key], new[key])
    return both


def _validated(pack: dict[str, Any], path: Path) -> Profile:
    if "drop" in pack:
        msg = f"{path}: drop: only a profile that extends another can drop a rule."
        raise ProfileError(msg)
    try:
        profile = Profile.model_validate({**pack, "name": path.stem})
    except ValidationError as error:
        raise ProfileError(_complaint(path, error)) from None
    return profile.model_copy(update={"resolved": json.dumps(pack, default=str, sort_keys=True)})


def _complaint(path: Path, error: ValidationError) -> str:
    lines = [
        f"  {'.'.join(map(str, each['loc'])) or 'profile'}: {_said(each)}" for each in error.errors(include_url=False)
    ]
    return "\n".join([f"{path}: {len(lines)} to mend:", *lines])


def _said(each: Mapping[str, Any]) -> str:
    message = str(each["msg"]).removeprefix("Value error, ")
    found = each.get("input")
    return f"{message} (found {found!r})" if isinstance(found, str | int | Decimal | bool) else message
