"""What one profile changed of another, in words: what its own document says first, then what the rules beneath do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from programme import figures
from programme.describe import claims, criterion, fee, identification, result, route
from programme.profile import Profile
from programme.rules import Criterion

_Words = dict[str, list[str]]
_Whose = Literal["own", "beneath", "all"]


def changes(before: Profile, after: Profile) -> str:
    """What the second profile changed of the first, rule by rule; one line where nothing did.

    Of two packs that extend others, what either says itself comes first: the rest is what the national rules changed.
    """
    lines = _told(before, after, whose="all")
    if before.extends and after.extends:
        beneath = _told(before, after, whose="beneath")
        lines = [
            *_told(before, after, whose="own"),
            *(["In the rules that they extend", *_indented(beneath)] if beneath else []),
        ]
    title = f"From {before.name} to {after.name}"
    return "\n".join([title, *(lines or ["  nothing is changed"])]) + "\n"


def _told(before: Profile, after: Profile, *, whose: _Whose) -> list[str]:
    """The changed rules of each part: the packs' own, those of the packs that they extend, or all."""
    parts = (
        ("Who is identified", _single(before, after, "identification", whose, lambda _, one: identification(one))),
        ("Criteria", _criteria(before, after, whose)),
        ("Results", _keyed(before, after, "outcomes", whose, lambda rule, _: result(rule))),
        ("Routes to a claim", _keyed(before, after, "routes", whose, lambda rule, _: route(rule))),
        ("Fees", _keyed(before, after, "fees", whose, lambda rule, _: fee(rule))),
        ("Claims", _single(before, after, "claims", whose, lambda rule, _: claims(rule))),
        ("Casework", _single(before, after, "casework", whose, lambda rule, _: figures.casework(rule))),
        ("Figures", _keyed(before, after, "targets", whose, figures.figure)),
    )
    return [line for title, (old, new) in parts for line in _differences(title, old, new)]


def _own(one: Profile, rule: object) -> bool:
    return rule is not None and getattr(rule, "origin", "") == one.name


def _wanted(whose: _Whose, *own: bool) -> bool:
    """A rule that either pack says something of is the packs' own, on both sides."""
    return whose == "all" or any(own) == (whose == "own")


def _keyed(
    before: Profile, after: Profile, group: str, whose: _Whose, say: Callable[[Any, Profile], list[str]]
) -> tuple[_Words, _Words]:
    old, new = getattr(before, group), getattr(after, group)
    keys = [key for key in {**old, **new} if _wanted(whose, _own(before, old.get(key)), _own(after, new.get(key)))]
    return _said(old, keys, before, say), _said(new, keys, after, say)


def _said(rules: Mapping[str, Any], keys: list[str], one: Profile, say: Callable[[Any, Profile], list[str]]) -> _Words:
    return {key: say(rules[key], one) for key in keys if key in rules}


def _single(
    before: Profile, after: Profile, part: str, whose: _Whose, say: Callable[[Any, Profile], list[str]]
) -> tuple[_Words, _Words]:
    old, new = getattr(before, part), getattr(after, part)
    if not _wanted(whose, _own(before, old), _own(after, new)):
        return {}, {}
    return ({"": say(old, before)} if old else {}), ({"": say(new, after)} if new else {})


def _criteria(before: Profile, after: Profile, whose: _Whose) -> tuple[_Words, _Words]:
    """Both sides' criteria in words, those of one label in either framework under one key: `P1.ED.2, now P2.2.b`.

    What is worded otherwise but asks for the same conditions is left out: nothing is changed but its id.
    """
    pairs = [
        (key, other)
        for key, other in _paired(before.criteria, after.criteria)
        if _wanted(whose, _own(before, before.criteria.get(key)), _own(after, after.criteria.get(other)))
    ]
    old: _Words = {}
    new: _Words = {}
    for key, other in pairs:
        was, now = before.criteria.get(key), after.criteria.get(other)
        if was and now and key != other and was.any_of == now.any_of:
            continue
        name = f"{key}, now {other}" if was and now and key != other else key or other
        old |= {name: criterion(was)} if was else {}
        new |= {name: criterion(now)} if now else {}
    return old, new


def _paired(before: Mapping[str, Criterion], after: Mapping[str, Criterion]) -> Iterator[tuple[str, str]]:
    """Each criterion with the one that took its place: of the same id, else of the same label; none is empty text."""
    labels = {each.label: key for key, each in after.items() if key not in before}
    taken = set()
    for key, each in before.items():
        other = key if key in after else labels.get(each.label, "")
        taken.add(other)
        yield key, other
    yield from (("", key) for key in after if key not in taken)


def _differences(title: str, old: _Words, new: _Words) -> list[str]:
    lines = []
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) == new.get(key):
            continue
        if key in old and key in new:
            lines += [f"  changed {key}".rstrip(), *_turned(old[key], new[key])]
        elif key in new:
            lines += [f"  added {key}".rstrip(), *_indented(_indented(new[key]))]
        else:
            lines += [f"  dropped {key}".rstrip(), *_indented(_indented(old[key]))]
    return [title, *lines] if lines else []


def _turned(old: list[str], new: list[str]) -> list[str]:
    gone = [f"    was: {line}" for line in old if line not in new]
    return [*gone, *(f"    now: {line}" for line in new if line not in old)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
