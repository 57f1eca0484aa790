"""A growing table held as one array per column."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Columns:
    """Rows are appended in blocks and never removed; a row's position is its id for good."""

    def __init__(self, **blanks: tuple[str, Any]) -> None:
        self._blanks: Mapping[str, tuple[str, Any]] = blanks
        self._held = {name: np.empty(0, dtype=dtype) for name, (dtype, _) in blanks.items()}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column as a view: writing to it writes to the table. Do not keep it across an `append`."""
        return self._held[name][: self._count]

    def append(self, count: int, **values: Any) -> NDArray[np.int64]:
        """Add `count` rows; columns not given take their blank. Returns the new row ids."""
        start, end = self._count, self._count + count
        for name, (dtype, blank) in self._blanks.items():
            self._held[name] = _room_for(self._held[name], end, dtype)
            self._held[name][start:end] = values.get(name, blank)
        self._count = end
        return np.arange(start, end)


def _room_for(held: NDArray[Any], needed: int, dtype: str) -> NDArray[Any]:
    """The array, grown to hold `needed` rows; doubling keeps appends cheap."""
    if needed <= len(held):
        return held
    grown = np.empty(max(needed, 2 * len(held), 1024), dtype=dtype)
    grown[: len(held)] = held
    return grown
