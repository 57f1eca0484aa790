"""How writing goes wrong: letters, digits and dates as hurried people write them."""

import datetime as dt
import random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SPELLINGS = (
    ("y", "i"), ("i", "y"), ("ie", "y"), ("ll", "l"), ("l", "ll"), ("tt", "t"), ("t", "tt"), ("ph", "f"), ("f", "ff"),
    ("ck", "k"), ("k", "ck"), ("ough", "uff"), ("s", "ss"), ("ss", "s"), ("ea", "ee"), ("ee", "ea"), ("w", "wh"),
    ("wh", "w"), ("au", "or"), ("ei", "ie"), ("n", "nn"), ("nn", "n"), ("c", "k"),
)  # fmt: skip


def misspelt(word: str, chance: random.Random) -> str:
    """A word with one letter changed, added, left out or moved by one place."""
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word))
    letter = chance.choice(_LETTERS)
    return chance.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


def respelt(word: str, chance: random.Random) -> str:
    """A word as it sounds: another spelling where there is one, an E more or less, else a slip."""
    known = [(one, other) for one, other in _SPELLINGS if one in word[1:]]
    if known and chance.random() < 0.7:
        one, other = chance.choice(known)
        return word[0] + word[1:].replace(one, other, 1)
    if chance.random() < 0.5:
        return word.removesuffix("e") if word.endswith("e") else word + "e"
    return misspelt(word, chance)


def misdated(day: dt.date, chance: random.Random) -> dt.date:
    """A date with day and month exchanged where that gives one, else with one of its parts a little off."""
    if day.day <= 12 and day.day != day.month and chance.random() < 0.25:
        return day.replace(day=day.month, month=day.day)
    part = chance.choice(("day", "month", "year", "year"))
    if part == "year":
        return day.replace(year=day.year + chance.choice((-10, -2, -1, 1, 2, 10)), day=min(day.day, 28))
    if part == "month":
        return day.replace(month=chance.randint(1, 12), day=min(day.day, 28))
    return day.replace(day=chance.randint(1, 28))


def miscoded(code: str, chance: random.Random) -> str:
    """A number or postcode with one digit changed or two neighbours exchanged."""
    at = chance.randrange(1, len(code))
    if chance.random() < 0.5 and code[at] != " " != code[at - 1]:
        return code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]
    digits = [place for place, letter in enumerate(code) if letter.isdigit()]
    place = chance.choice(digits) if digits else at
    return code[:place] + chance.choice("0123456789") + code[place + 1 :]
