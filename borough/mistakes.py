"""How names are miswritten: slips of the finger, spelling by ear, short forms, other spellings, punctuation.

Each function takes a text and a number in [0, 1) that decides which of the possible mistakes it is, so that one record
makes the same mistake month after month.
"""

import functools
import unicodedata

from borough.names import read

_NEIGHBOURS = {
    "q": "wa",
    "w": "qes",
    "e": "wrd",
    "r": "etf",
    "t": "ryg",
    "y": "tuh",
    "u": "yij",
    "i": "uok",
    "o": "ipl",
    "p": "ol",
    "a": "qsz",
    "s": "awdx",
    "d": "sefc",
    "f": "drgv",
    "g": "fthb",
    "h": "gyjn",
    "j": "hukm",
    "k": "jil",
    "l": "kop",
    "z": "asx",
    "x": "zsdc",
    "c": "xdfv",
    "v": "cfgb",
    "b": "vghn",
    "n": "bhjm",
    "m": "njk",
}
_BY_EAR = (
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "y"),
    ("ey", "y"),
    ("y", "ie"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("oo", "u"),
    ("c", "k"),
    ("k", "c"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("ss", "s"),
    ("l", "ll"),
    ("s", "ss"),
    ("gh", "g"),
    ("wh", "w"),
    ("sh", "ch"),
    ("au", "or"),
    ("ou", "ow"),
    ("ai", "ay"),
    ("e", "a"),
    ("z", "s"),
    ("j", "g"),
    ("v", "w"),
    ("o", "u"),
)
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "đ": "d"})


def slip(text: str, luck: float) -> str:
    """One slip of the finger after the first letter: a neighbouring key, a letter lost, doubled or out of order."""
    if len(text) < 3:
        return text
    kind, place, third = _choices(luck, 4, len(text) - 1, 7)
    place += 1
    letter = text[place]
    if kind == 0:
        keys = _NEIGHBOURS.get(letter.lower(), "e")
        return text[:place] + keys[third % len(keys)] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + letter + text[place:]
    place = max(place, 2)
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]


def by_ear(text: str, luck: float) -> str:
    """The name as someone writes it who only heard it."""
    lower = text.lower()
    fitting = [(old, new) for old, new in _BY_EAR if old in lower[1:]]
    if not fitting:
        return slip(text, luck)
    old, new = fitting[_choices(luck, len(fitting))[0]]
    place = lower.index(old, 1)
    return text[:place] + new + text[place + len(old) :]


def short_form(forename: str, luck: float) -> str:
    """A short or pet form, where the name has one."""
    forms = _short_forms().get(forename)
    return forms[_choices(luck, len(forms))[0]] if forms else forename


def other_spelling(name: str, luck: float) -> str:
    """Another usual spelling of the same name, where there is one."""
    forms = [form for form in _spellings().get(name, ()) if form != name]
    return forms[_choices(luck, len(forms))[0]] if forms else name


def punctuated_otherwise(name: str, luck: float) -> str:
    """Apostrophes and hyphens lost or changed, one half of a double name dropped, Mc and Mac apart."""
    choice = _choices(luck, 4)[0]
    if "'" in name:
        return name.replace("'", ("", " ", "", "\u2019")[choice])
    if "-" in name:
        halves = name.split("-")
        return (" ".join(halves), halves[0], halves[-1], "".join(halves))[choice]
    if name.startswith("Mc") and len(name) > 3:
        return ("Mc " + name[2:], "Mac" + name[2:], "Mc" + name[2:].lower(), "Mac" + name[2:])[choice]
    if " " in name:
        return name.replace(" ", ("", "-")[choice % 2])
    return name


@functools.cache
def plain(text: str) -> str:
    """The text without accents, as systems keep it that know only English letters."""
    parts = unicodedata.normalize("NFKD", text.translate(_STROKES))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _choices(luck: float, *sizes: int) -> list[int]:
    """Independent choices out of one number."""
    number = int(luck * 2_147_483_647)
    out = []
    for size in sizes:
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        out.append((number >> 8) % size)
    return out


@functools.cache
def _short_forms() -> dict[str, list[str]]:
    return {row["forename"]: row["short"].split() for row in read("nicknames")}


@functools.cache
def _spellings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in read("spellings"):
        forms = tuple(row["forms"].split())
        for form in forms:
            found[form] = tuple(dict.fromkeys((*found.get(form, ()), *forms)))
    return found
