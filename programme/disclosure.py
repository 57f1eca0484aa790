"""Small counts made safe to publish: suppressed, a second one too where a total would give the first away, rounded.

The defaults are those of the Department for Education's children-in-need statistics; each is an argument.
"""

from collections.abc import Sequence

MARK = "c"


def suppressed(counts: Sequence[int], *, largest: int = 5, total_shown: bool = False) -> list[str]:
    """The counts as text, those from 1 to `largest` as `c`, nought as nought.

    Where the total is shown and one count alone is hidden, the smallest other count that is not nought is hidden too.
    """
    hidden = {place for place, count in enumerate(counts) if 1 <= count <= largest}
    if total_shown and len(hidden) == 1:
        others = [(count, place) for place, count in enumerate(counts) if place not in hidden and count > 0]
        hidden |= {min(others)[1]} if others else set()
    return [MARK if place in hidden else str(count) for place, count in enumerate(counts)]


def rounded(count: int, *, to: int = 10) -> int:
    """The count to the nearest ten (or `to`), halves up."""
    return (2 * count + to) // (2 * to) * to
