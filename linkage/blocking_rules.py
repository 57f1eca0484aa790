"""The rules by which records become candidates; those that a table has no columns for are left out."""

from collections.abc import Mapping
from dataclasses import dataclass

_DATES = {"dob", "either_dob", "birth_year", "birth_month", "birth_day_of_year"}


@dataclass(frozen=True)
class Rule:
    """Records that agree on all `keys` are compared; large blocks must agree on the `further` ones too, one by one.

    `wide` rules are tried only while they add few pairs, for they are all that finds a record with one good column.
    """

    keys: tuple[str, ...]
    further: tuple[str, ...] = ()
    wide: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether it begins with what few people share, whom a person's other records must be looked for among."""
        return self.keys[0] in {"uprn", "dwelling"} or self.keys[0].startswith("identifier")

    @property
    def is_dated(self) -> bool:
        """Whether it finds only records with a birth date, which a dozen other rules find too.

        The larger the table, the more pairs such a rule finds by chance alone.
        """
        return not _DATES.isdisjoint(self.keys)

    @property
    def name(self) -> str:
        """What the rule is called in counts and charts."""
        return " + ".join(self.keys)


RULES = (
    Rule(("uprn",), ("initial", "birth_year")),
    Rule(("dwelling",), ("initial", "birth_year")),
    Rule(("phone",), ("initial", "surname")),
    Rule(("email",), ("initial", "surname")),
    Rule(("dob",), wide=True),
    Rule(("either_dob", "initial"), ("surname_initial", "district")),
    Rule(("dob", "skeleton"), ("initial", "district")),
    Rule(("dob", "sector"), ("initial", "surname_initial")),
    Rule(("dob", "any_name"), ("surname_initial", "district")),
    Rule(("both_names",), ("birth_year", "sector", "middle")),
    Rule(("forename", "surname"), ("birth_year", "sector", "middle")),
    Rule(("forename", "skeleton"), ("birth_year", "sector")),
    Rule(("surname", "birth_month"), ("initial", "district")),
    Rule(("surname", "birth_day_of_year"), ("initial", "district")),
    Rule(("forename", "birth_month"), ("surname_initial", "district")),
    Rule(("forename", "birth_day_of_year"), ("surname_initial", "district")),
    Rule(("surname_start", "forename_start", "birth_year"), ("birth_month",)),
    Rule(("surname", "initial", "birth_year"), ("district",)),
    Rule(("any_name", "postcode"), ("initial", "birth_year")),
    Rule(("skeleton", "initial", "sector"), ("birth_year",)),
    Rule(("forename", "sector", "birth_year"), ("surname_initial",)),
    Rule(("street", "number", "initial"), ("surname_initial",)),
    Rule(("street", "forename"), ("birth_year", "surname_initial")),
    Rule(("surname", "initial", "category"), ("birth_year",)),
    Rule(("forename", "category", "surname_initial"), ("birth_year",)),
    Rule(("forename", "category", "birth_year"), ("birth_month",)),
    Rule(("surname", "category", "birth_year"), ("birth_month",)),
    Rule(("postcode", "initial", "surname_initial"), ("birth_year",)),
    Rule(("forename", "surname_initial", "birth_year"), ("district",)),
    Rule(("surname",), wide=True),
    Rule(("forename",), wide=True),
    Rule(("birth_year",), wide=True),
    Rule(("forename", "surname_initial"), wide=True),
)


def in_words(rule: str, called: Mapping[str, str]) -> str:
    """A rule's name for people; `called`: identifiers and categories to the names of their columns in the table."""
    return " + ".join(_key_in_words(key, called) for key in rule.split(" + "))


def _key_in_words(key: str, called: Mapping[str, str]) -> str:
    kind, _, number = key.partition("_")
    if kind == "shuffled":
        return f"{called[f'identifier_{number}']}, characters in any order"
    return "date of birth" if key == "dob" else called.get(key, key.replace("_", " "))
