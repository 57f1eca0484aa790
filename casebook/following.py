"""What follows from answers about other pairs: if A is B, and B is not C, then A is not C, and nobody need be asked."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from casebook.pairs import Pair, RecordKey
from casebook.questions import Answer
from schemas.casebook import PairAnswer

_Ties = dict[RecordKey, list[tuple[RecordKey, int]]]


@dataclass(frozen=True)
class Follows:
    """An answer that follows, and the numbers of the decisions from which it does."""

    decision: PairAnswer
    through: tuple[int, ...]


@dataclass(frozen=True)
class Following:
    """What the binding answers of `casebook.pairs.all_bound` settle beside the pairs that they are about."""

    _same: _Ties = field(repr=False)
    _different: tuple[tuple[RecordKey, RecordKey, int], ...] = field(repr=False)

    @classmethod
    def of(cls, given: Mapping[tuple[str, ...], Answer], *, leaving_out: Pair | None = None) -> "Following":
        """From the answers, but for one pair's own: what follows for it must not follow from itself."""
        same: _Ties = {}
        different = []
        for left, right, answer in _told(given, leaving_out):
            if answer.decision == PairAnswer.SAME:
                same.setdefault(left, []).append((right, answer.sequence))
                same.setdefault(right, []).append((left, answer.sequence))
            elif answer.decision == PairAnswer.DIFFERENT:
                different.append((left, right, answer.sequence))
        return cls(same, tuple(different))

    def settles(self, pair: Pair) -> Follows | None:
        """The answer that follows for a pair; None where nothing does."""
        one, other = self._reached(pair.left), self._reached(pair.right)
        if pair.right in one:
            return Follows(PairAnswer.SAME, one[pair.right])
        for left, right, sequence in self._different:
            for near, far in ((left, right), (right, left)):
                if near in one and far in other:
                    return Follows(PairAnswer.DIFFERENT, (*one[near], sequence, *other[far]))
        return None

    def _reached(self, start: RecordKey) -> dict[RecordKey, tuple[int, ...]]:
        """The records that are one person with this one, and by which decisions."""
        found: dict[RecordKey, tuple[int, ...]] = {start: ()}
        waiting = deque([start])
        while waiting:
            record = waiting.popleft()
            for tied, sequence in self._same.get(record, ()):
                if tied not in found:
                    found[tied] = (*found[record], sequence)
                    waiting.append(tied)
        return found


def _told(
    given: Mapping[tuple[str, ...], Answer], leaving_out: Pair | None
) -> Iterator[tuple[RecordKey, RecordKey, Answer]]:
    for key, answer in given.items():
        left, right = RecordKey(*key[:3]), RecordKey(*key[3:])
        if leaving_out is None or (left, right) != (leaving_out.left, leaving_out.right):
            yield left, right, answer
