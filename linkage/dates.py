"""How alike two dates of birth are."""

import numpy as np
import numpy.typing as npt

from linkage.ladders import EXACT

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]

# The digits of each number of up to four of them, four bits each.
_FOUR_DIGITS = np.array([int(str(number), 16) for number in range(10_000)], np.uint32)


def date_levels(a: Codes, b: Codes) -> Levels:
    """Levels of the ladder BIRTH for pairs of dates written YYYYMMDD."""
    level = np.full(len(a), EXACT, np.uint8)
    unequal = np.flatnonzero(a != b)
    a, b = a[unequal], b[unequal]
    apart = np.abs(a // 10000 - b // 10000)
    # Digit by digit: four bits each, so that equal digits vanish in the difference.
    x, y = _digit_bits(a), _digit_bits(b)
    differ = x ^ y
    same_year, same_month, same_day = differ >> 16 == 0, differ & 0xFF00 == 0, differ & 0xFF == 0
    found = np.where(same_year, 6, np.where(apart <= 2, 7, 8)).astype(np.uint8)
    found[(same_month & (same_year | same_day)) | (same_year & same_day)] = 5
    vague = [day_of_year == value for day_of_year in (x & 0xFFFF, y & 0xFFFF) for value in (0x0101, 0)]
    found[same_year & np.logical_or.reduce(vague)] = 4
    found[_digits_set(differ) == 1] = 3
    found[same_year & (x >> 8 & 0xFF == y & 0xFF) & (y >> 8 & 0xFF == x & 0xFF)] = 2
    level[unequal] = found
    return level


def _digit_bits(dates: Codes) -> npt.NDArray[np.uint32]:
    years = dates // 10_000
    bits: npt.NDArray[np.uint32] = _FOUR_DIGITS[years] << np.uint32(16) | _FOUR_DIGITS[dates - years * 10_000]
    return bits


def _digits_set(bits: npt.NDArray[np.uint32]) -> Levels:
    folded = bits | bits >> 1
    folded |= folded >> 2
    count: Levels = np.bitwise_count(folded & 0x11111111)
    return count
