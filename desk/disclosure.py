"""Small counts hidden from those who see counts only: of four families one might know which."""

from collections.abc import Mapping
from typing import Any

from desk.access import Permission
from desk.visit import Visit

SMALLEST = 5
HIDDEN = "fewer than 5"


def told(visit: Visit, counts: Mapping[str, int]) -> dict[str, Any]:
    """Counts in words: whoever may not open a list sees none between nought and five."""
    if visit.may(Permission.SEE_FAMILIES):
        return {name: f"{number:,}" for name, number in counts.items()}
    return {name: HIDDEN if 0 < number < SMALLEST else f"{number:,}" for name, number in counts.items()}
