"""Identifiers with correct form that no real person can have: authority 000, prefix QQ, NHS range 999."""

import numpy as np
from numpy.typing import NDArray

from borough.chance import Ints, Texts

_UPN_LETTERS = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))
_NINO_SUFFIXES = np.array(list("ABCD"))
_UPN_SERIALS = 1000
_PERMUTER = 377_131
"""Coprime with a million: walks through every six-digit number once, in no visible order."""


def upns(numbers: Ints, years: Ints) -> Texts:
    """Pupil numbers of authority 000 with their check letter, one for each different (number, year).

    The letter is the sum of characters 2 to 13, each times its position, modulo 23, in an alphabet without I, O and S.
    """
    digits = _upn_digits(numbers, years)
    letters = _UPN_LETTERS[(digits @ np.arange(2, 14)) % 23]
    return _joined(letters, digits)


def temporary_upns(numbers: Ints, years: Ints) -> Texts:
    """Pupil numbers whose last character is a letter: given while the real one is not known."""
    digits = _upn_digits(numbers, years)
    last = numbers % 23
    digits[:, 11] = last
    letters = _UPN_LETTERS[(digits @ np.arange(2, 14)) % 23]
    stems = _joined(letters, digits[:, :11])
    return np.array([stem + _UPN_LETTERS[i] for stem, i in zip(stems, last, strict=True)], dtype=object)


def wrong_upns(right: Texts) -> Texts:
    """The same numbers with the next check letter in the alphabet: a slip that the check must find."""
    places = {letter: place for place, letter in enumerate(_UPN_LETTERS)}
    return np.array([_UPN_LETTERS[(places[upn[0]] + 1) % 23] + upn[1:] for upn in right], dtype=object)


def ninos(numbers: Ints) -> Texts:
    """National Insurance numbers with the prefix QQ, which is never issued; neighbouring `numbers` stay neighbours."""
    stems = numbers % 1_000_000
    suffixes = _NINO_SUFFIXES[(numbers * 7 + numbers // 13) % 4]
    return np.array([f"QQ{stem:06d}{end}" for stem, end in zip(stems, suffixes, strict=True)], dtype=object)


def nhs_numbers(numbers: Ints) -> Texts:
    """NHS numbers of the test range 999 with the modulo 11 check digit; `numbers` below 900,000 differ."""
    stems, checks = _nhs_stems(int(numbers.max()) + 1 if len(numbers) else 0)
    return np.array([f"999{stems[i]:06d}{checks[i]}" for i in numbers], dtype=object)


def uprns(numbers: Ints) -> Texts:
    """Property numbers of twelve digits."""
    return np.array([f"{990_000_000_000 + int(n):d}" for n in numbers], dtype=object)


def _upn_digits(numbers: Ints, years: Ints) -> NDArray[np.int64]:
    """Characters 2 to 13: 000, a school of four digits, the year of issue, a serial of three."""
    schools = 1000 + numbers // _UPN_SERIALS
    whole = schools * 100_000 + (years % 100) * 1000 + numbers % _UPN_SERIALS
    return np.stack([(whole // 10**place) % 10 for place in range(11, -1, -1)], axis=1)


def _joined(letters: NDArray[np.str_], digits: NDArray[np.int64]) -> Texts:
    text = (digits + ord("0")).astype(np.uint8)
    width = text.shape[1]
    rows = np.ascontiguousarray(text).view(f"S{width}").ravel().astype(str)
    return np.char.add(letters, rows).astype(object)


def _nhs_stems(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first `count` six-digit stems, in a scattered order, whose check digit is not ten."""
    tried = (np.arange(int(count * 1.15) + 50, dtype=np.int64) * _PERMUTER) % 1_000_000
    total = 9 * (10 + 9 + 8) + sum(((tried // 10 ** (5 - i)) % 10) * (7 - i) for i in range(6))
    checks = (11 - total % 11) % 11
    usable = checks != 10
    return tried[usable][:count], checks[usable][:count]
