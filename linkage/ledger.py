"""The identity ledger: which id each key has stood under, and when. It only ever grows.

A key is a record (of a person), a person or a dwelling's token (of a household), or a person (of a family). `current`
says that the key stood under the id in the newest month that the ledger speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import pandas as pd

from linkage.person_rows import TEXT

COLUMNS = ("kind", "key", "id", "first_month", "last_month", "current")
PREFIX = {"person": "p", "household": "h", "family": "f"}
_LENGTH = 11
_DIGEST = 10
_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", "S1")
_PLACES = np.array([16, 8, 4, 2, 1], np.uint8)


def empty_ledger() -> pd.DataFrame:
    """A ledger that knows nothing."""
    frame = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in COLUMNS})
    return frame.astype({"current": "boolean"})


@dataclass(frozen=True)
class Past:
    """What other publications say of ids, and the month that is being run.

    `earlier` is the ledger published with the nearest month before, `own` with an earlier publication of this month,
    `later` with the nearest month after; `secret` makes the ids of this store unguessable.
    """

    month: str
    secret: bytes
    earlier: pd.DataFrame = field(default_factory=empty_ledger)
    own: pd.DataFrame = field(default_factory=empty_ledger)
    later: pd.DataFrame = field(default_factory=empty_ledger)

    def token(self, kind: str, text: str) -> str:
        """Text that stands for `text` and from which nobody without the secret can tell it."""
        return self.tokens(kind, [text])[0]

    def tokens(self, kind: str, texts: Sequence[str]) -> list[str]:
        """The same of many texts."""
        hashed = blake2b(f"{kind}|".encode(), key=self.secret[:64], digest_size=_DIGEST)
        digests = b"".join([_finished(hashed, text) for text in texts])
        # Base 32 writes five bits as a letter. The library writes one digest after the other, which takes seconds.
        fives = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, 5) @ _PLACES
        written = _LETTERS[fives].tobytes().decode()
        size = _DIGEST * 8 // 5
        return [written[start : start + size] for start in range(0, len(written), size)]


def _finished(begun: blake2b, text: str) -> bytes:
    hashed = begun.copy()
    hashed.update(text.encode())
    return hashed.digest()


def mint(past: Past, kind: str, smallest_keys: Sequence[str], known: pd.Series) -> list[str]:
    """A new id for each group, from its smallest key; never one of those `known`."""
    ids = []
    taken = set(known.to_numpy(object))
    for key, first in zip(smallest_keys, _ids(past, kind, smallest_keys, 0), strict=True):
        new, attempt = first, 0
        while new in taken:
            attempt += 1
            new = _ids(past, kind, [key], attempt)[0]
        taken.add(new)
        ids.append(new)
    return ids


def _ids(past: Past, kind: str, keys: Sequence[str], attempt: int) -> list[str]:
    tokens = past.tokens(f"{kind}|{past.month}|{attempt}", keys)
    return [PREFIX[kind] + token[:_LENGTH] for token in tokens]
