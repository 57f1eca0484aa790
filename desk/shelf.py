"""What is kept in memory for a little while, for one session: search texts, messages, sign-ins under way."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Values under opaque ids, each for its owner alone, gone after `minutes` or when newer ones need the room."""

    def __init__(self, *, minutes: float = 60, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = minutes * 60
        self._most = most
        self._clock = clock
        self._held: OrderedDict[tuple[str, str], tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, owner: str, value: T, *, under: str | None = None) -> str:
        """Keep a value and return the id under which its owner finds it again."""
        key = (owner, under or secrets.token_urlsafe(12))
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = (self._clock() + self._seconds, value)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return key[1]

    def get(self, owner: str, under: str) -> T | None:
        """The owner's value, or None where there is none any more."""
        with self._lock:
            until, value = self._held.get((owner, under), (0.0, None))
            return value if until > self._clock() else None

    def take(self, owner: str, under: str) -> T | None:
        """The owner's value, once."""
        value = self.get(owner, under)
        with self._lock:
            self._held.pop((owner, under), None)
        return value
