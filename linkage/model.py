"""What was learnt about a table of people: how often matches, and each kind of non-match, stand on each level.

A model is a small TOML text that a person can read, with its own hash; fewer than ten records share no value in it.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from linkage.errors import ModelTextError

VERSION = 1
_JSON = json.JSONEncoder(ensure_ascii=False)  # made once, for a model names thousands of values


@dataclass(frozen=True)
class Field:
    """One field: its levels, and the share of matches and of strangers on each; `missing` has 1, for it is neutral."""

    name: str
    levels: tuple[str, ...]
    match: tuple[float, ...]
    chance: tuple[float, ...]


@dataclass(frozen=True)
class NonMatch:
    """A kind of pair that is no match.

    `pairs`: how many the training table had. `shares`: the fields in which it is unlike strangers. `inherits`: of
    those, the fields whose value one has from the other, so that a rare one is no proof.
    """

    name: str
    pairs: float
    shares: Mapping[str, tuple[float, ...]]
    inherits: frozenset[str]


@dataclass(frozen=True, repr=False)
class Model:
    """A trained model. `frequencies`: field to value to its share of the records; `rare`: the share of any other value.

    `profile`: field to the share of kept pairs on each level, against which drift is judged.
    """

    records: int
    matches: float
    fields: tuple[Field, ...]
    non_matches: tuple[NonMatch, ...]
    frequencies: Mapping[str, Mapping[str, float]]
    rare: Mapping[str, float]
    profile: Mapping[str, tuple[float, ...]]

    def __repr__(self) -> str:
        return f"<Model {self.sha256[:12]}: {len(self.fields)} fields, {self.records} records>"

    def to_text(self) -> str:
        """The model as TOML, its hash in the first line."""
        return f"# sha256 {self.sha256}\n{self._body}"

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that the model says."""
        return hashlib.sha256(self._body.encode()).hexdigest()

    @cached_property
    def _body(self) -> str:
        lines = [f"version = {VERSION}", f"records = {self.records}", f"matches = {_number(self.matches)}"]
        for field in self.fields:
            lines += ["", "[[fields]]", f"name = {_text(field.name)}", f"levels = {json.dumps(list(field.levels))}"]
            lines += [f"match = {_numbers(field.match)}", f"chance = {_numbers(field.chance)}"]
        for kind in self.non_matches:
            lines += ["", "[[non_matches]]", f"name = {_text(kind.name)}", f"pairs = {_number(kind.pairs)}"]
            lines += [f"inherits = {json.dumps(sorted(kind.inherits))}", "[non_matches.shares]"]
            lines += [f"{_text(name)} = {_numbers(share)}" for name, share in kind.shares.items()]
        lines += ["", "[profile]", *(f"{_text(name)} = {_numbers(share)}" for name, share in self.profile.items())]
        lines += ["", "[rare]", *(f"{_text(name)} = {_number(share)}" for name, share in self.rare.items())]
        for name, values in self.frequencies.items():
            lines += ["", f"[frequencies.{_text(name)}]"]
            lines += [f"{_text(value)} = {_number(share)}" for value, share in sorted(values.items())]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a model; raises ModelTextError where the text is not one of ours or was altered."""
        head, _, body = text.replace("\r\n", "\n").partition("\n")
        if not head.startswith("# sha256 "):
            raise ModelTextError("this is no model file: its first line should give its sha256. Train one anew.")
        if hashlib.sha256(body.encode()).hexdigest() != head.removeprefix("# sha256 ").strip():
            raise ModelTextError(
                "the model file was altered since it was saved (its sha256 differs). Restore or retrain it."
            )
        return cls._from_mapping(tomllib.loads(body))

    @classmethod
    def _from_mapping(cls, said: Mapping[str, Any]) -> Self:
        if said.get("version") != VERSION:
            msg = f"the model file is of version {said.get('version')}; this software reads {VERSION}. Retrain it."
            raise ModelTextError(msg)
        fields = tuple(
            Field(f["name"], tuple(f["levels"]), tuple(f["match"]), tuple(f["chance"])) for f in said["fields"]
        )
        kinds = tuple(
            NonMatch(k["name"], k["pairs"], _tuples(k["shares"]), frozenset(k["inherits"])) for k in said["non_matches"]
        )
        frequencies, rare = said.get("frequencies", {}), said["rare"]
        return cls(said["records"], said["matches"], fields, kinds, frequencies, rare, _tuples(said["profile"]))


def _tuples(said: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    return {name: tuple(shares) for name, shares in said.items()}


def rounded(value: float) -> float:
    """A number as the model's text holds it, so that a model in memory and its file score alike."""
    return float(f"{value:.6g}")


def _number(value: float) -> str:
    text = f"{value:.6g}"
    return text if any(sign in text for sign in ".en") else f"{text}.0"


def _numbers(values: tuple[float, ...]) -> str:
    return "[" + ", ".join(_number(value) for value in values) + "]"


def _text(value: str) -> str:
    return _JSON.encode(value)
