"""What if a threshold or a count moved: the rules changed, the month judged again, the two lists set side by side.

Nothing is published; the month's facts are gathered once and judged under both sets of rules.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from pydantic import ValidationError

from programme import cohort, needs
from programme.errors import ProfileError
from programme.facts import Gathered, Month, gathered
from programme.profile import Profile


@dataclass(frozen=True)
class Difference:
    """Who is on the list under either set of rules.

    `entering`, `leaving`: family ids. `by_headline`: headline, families meeting it before and after, and how many of
    those entering meet it then, of those leaving met it before. `by_ward`: ward, entering, leaving.
    """

    before: int
    after: int
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    by_headline: pd.DataFrame
    by_ward: pd.DataFrame


def changed(profile: Profile, settings: Iterable[str]) -> Profile:
    """The profile with settings moved, each as `key=value` with a dotted key, checked as a pack is.

    `criteria.WIRRAL2.ED.1.threshold=85` moves all conditions of a criterion, `…any_of.0.window="2 terms"` one. Raises
    ProfileError that names the key and what is there.
    """
    pack = json.loads(profile.model_dump_json(exclude_unset=True))
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            msg = f"{setting!r}: expected key=value, such as identification.min_needs=2"
            raise ProfileError(msg)
        _set(pack, key.strip(), _read(value.strip()))
    try:
        return Profile.model_validate({**pack, "resolved": json.dumps(pack, sort_keys=True, default=str)})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        msg = f"{'.'.join(map(str, first['loc']))}: {str(first['msg']).removeprefix('Value error, ')}"
        raise ProfileError(msg) from None


def _read(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return text


def _set(pack: Any, key: str, value: Any) -> None:
    """Go down the longest name that is there at each step, for ids of rules have dots in them."""
    where, rest = pack, key
    while True:
        if isinstance(where, dict) and "any_of" in where and rest not in where and not rest.startswith("any_of"):
            for condition in where["any_of"]:
                _set(condition, rest, value)
            return
        if _is_last(where, rest):
            where[rest if isinstance(where, dict) else int(rest)] = value
            return
        step = next((name for name in _names(where) if rest.startswith(f"{name}.")), None)
        if step is None:
            msg = f"{key}: there is no {rest!r}; there are: {', '.join(_names(where)) or 'none'}"
            raise ProfileError(msg)
        where, rest = where[step if isinstance(where, dict) else int(step)], rest[len(step) + 1 :]


def _is_last(where: Any, rest: str) -> bool:
    return rest in _names(where) or (isinstance(where, dict) and "measure" in where and "." not in rest)


def _names(where: Any) -> list[str]:
    if isinstance(where, dict):
        return sorted(where, key=len, reverse=True)
    return [str(place) for place in range(len(where))] if isinstance(where, list) else []


def compare(
    before: Profile,
    after: Profile,
    month: Month,
    *,
    attachments: pd.DataFrame | None = None,
    settings: Mapping[str, str] | None = None,
) -> Difference:
    """Judge the month under both profiles and say who enters and who leaves the list, by headline and by ward."""
    with gathered(month, settings=settings) as facts:
        was = needs.judged(facts, before, month, with_evidence=False)
        then = _judged_again(facts, was, before, after, month)
    name = f"{month.as_of:%Y-%m}"
    lists = [
        cohort.identify(profile, found, month.families, month=name, attachments=attachments)
        for profile, found in zip((before, after), (was, then), strict=True)
    ]
    old, new = (set(listed.loc[listed["is_identified"], "family_id"]) for listed in lists)
    entering, leaving = tuple(sorted(new - old)), tuple(sorted(old - new))
    wards = _by_ward(month.families, entering, leaving)
    return Difference(len(old), len(new), entering, leaving, _by_headline(was, then, entering, leaving), wards)


def _judged_again(facts: Gathered, was: pd.DataFrame, before: Profile, after: Profile, month: Month) -> pd.DataFrame:
    """The needs under the moved rules: only criteria that moved are judged, for no need depends on another's.

    But where one headline is looked up only for families who meet others, every need does.
    """
    one, other = before.identification.minimisation, after.identification.minimisation
    if (before.headlines, one) != (after.headlines, other):
        return needs.judged(facts, after, month, with_evidence=False)
    moved = {key: each for key, each in after.criteria.items() if before.criteria.get(key) != each}
    kept = was[was["criterion_id"].isin(after.criteria.keys() - moved.keys())]
    if not moved:
        return kept
    if other is not None:
        return needs.judged(facts, after, month, with_evidence=False)
    anew = needs.judged(facts, after.model_copy(update={"criteria": moved}), month, with_evidence=False)
    return pd.concat([kept, anew], ignore_index=True)


def _by_headline(
    before: pd.DataFrame, after: pd.DataFrame, entering: tuple[str, ...], leaving: tuple[str, ...]
) -> pd.DataFrame:
    was, then = (judged[judged["state"] == "met"] for judged in (before, after))
    counted = {
        "before": was,
        "after": then,
        "entering": then[then["family_id"].isin(entering)],
        "leaving": was[was["family_id"].isin(leaving)],
    }
    counts = {name: met.groupby("headline")["family_id"].nunique() for name, met in counted.items()}
    frame = pd.DataFrame(counts).fillna(0).astype("Int64")
    frame.insert(2, "change", frame["after"] - frame["before"])
    return frame.rename_axis("headline").reset_index()


def _by_ward(families: pd.DataFrame, entering: tuple[str, ...], leaving: tuple[str, ...]) -> pd.DataFrame:
    moved = families.assign(entering=families["family_id"].isin(entering), leaving=families["family_id"].isin(leaving))
    moved = moved[moved["entering"] | moved["leaving"]]
    counts = moved.assign(ward=moved["ward"].fillna("not known")).groupby("ward")[["entering", "leaving"]].sum()
    return counts.astype("Int64").reset_index()
