"""Who is who in a table as it stands, and what that rests on: enough to work out again what a change touches.

Records go by their places, which they keep while the table changes around them; see `linkage.renewal.Roll`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from linkage.clusters import Grouped
from linkage.compared import Compared, compare
from linkage.kin import Kinship, Ties, kinship
from linkage.model import Model
from linkage.pairs import Pairs, any_of, moved
from linkage.patterns import Levels, distinct_rows
from linkage.persons import Matched, Persons, Run, Weights, levels, scorer_of, untied
from linkage.records import People
from linkage.rules import Rules
from linkage.spec import Settings
from linkage.vocabulary import Codes, used

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, repr=False)
class By:
    """What records are matched by: a model, settings, and how many threads."""

    model: Model
    settings: Settings
    threads: int


@dataclass(frozen=True, repr=False)
class Paired:
    """Pairs by place: the candidates, compared, and others that were `asked` for, in no order.

    Of the candidates `base` stays as it is and `since` came since; those of records that are gone are among them still.
    Both have the same patterns, and a pattern keeps its number. `counts`: how many candidates of living records have
    each. `by_rule`: how many pairs each blocking rule's blocks hold.
    """

    base: Compared
    since: Compared
    asked: Compared
    counts: npt.NDArray[np.float64]
    by_rule: dict[str, int]

    @classmethod
    def of(cls, candidates: Compared, asked: Compared, by_rule: dict[str, int]) -> Self:
        """Those of a whole table."""
        return cls(candidates, candidates.taken(slice(0)), asked, candidates.counts, by_rule)

    @property
    def patterns(self) -> Levels:
        """The levels of each pattern."""
        return self.since.patterns

    @property
    def layers(self) -> tuple[Compared, Compared]:
        """All candidates."""
        return self.base, self.since

    def touching(self, some: Mask) -> Compared:
        """The candidates of which a record is among some."""
        base, since = (layer.taken(np.flatnonzero(any_of(layer.pairs, some))) for layer in self.layers)
        return base.beside_like(since)

    def grown(self, found: Compared, lost: Compared, radices: Sequence[int]) -> "Paired":
        """With candidates that were found now, and less those that were lost, which still stand among them."""
        both = np.concatenate([self.patterns, found.patterns])
        index, first = distinct_rows(both, radices)
        patterns = both[first]
        counts = np.zeros(len(patterns))
        counts[: len(self.counts)] = self.counts
        counts[: len(lost.patterns)] -= lost.counts
        renumbered = index[len(self.patterns) :]
        counts += np.bincount(renumbered, found.counts, minlength=len(patterns))
        here = Compared(found.pairs, renumbered[found.index], patterns)
        base, since = replace(self.base, patterns=patterns), replace(self.since, patterns=patterns)
        return replace(self, base=base, since=since.beside_like(here), counts=counts)

    def moved(self, to: Codes) -> "Paired":
        """All of it as a base again, the records at their new places; without those of which one is -1."""
        base = self.base.beside_like(self.since).moved(to)
        chosen, renumbered = used(len(self.patterns), [base.index])
        base = Compared(base.pairs, renumbered[base.index], self.patterns[chosen])
        return Paired(base, base.taken(slice(0)), self.asked.moved(to), self.counts[chosen], self.by_rule)


@dataclass(frozen=True, repr=False)
class Standing:
    """Records by place, the candidates among them, and who is who by a model and rules.

    `order`: the places of those that live, in the order of their ids. `first`: clusters by what the records themselves
    say; `last`: once it is known whose kin is whose, which is `kinship`, None where no relations were given. The other
    pairs are as of `Matched`, in no order.
    """

    people: People
    order: Codes
    paired: Paired
    rules: Rules
    ties: Ties | None
    kinship: Kinship | None
    first: Grouped
    last: Grouped
    pairs: Pairs
    weights: Weights
    renumbered: Pairs
    regardless: Weights

    def __repr__(self) -> str:
        return f"<Standing: {len(self.order)} records>"

    @cached_property
    def positions(self) -> Codes:
        """For each place the position of its record, -1 where it is gone."""
        positions = np.full(len(self.people), -1, np.int32)
        positions[self.order] = np.arange(len(self.order), dtype=np.int32)
        return positions

    def levels(self) -> dict[str, list[float]]:
        """See `linkage.persons.levels`."""
        return levels(self.people, self.paired.patterns, self.paired.counts)

    def matched(self) -> Matched:
        """Who is who, by position."""
        at = self.positions
        return Matched(
            pairs=moved(self.pairs, at)[0],
            weights=self.weights,
            group=at[self.last.cluster[self.order]],
            renumbered=moved(self.renumbered, at)[0],
            regardless=self.regardless,
        )

    def persons(self, by: By) -> Persons:
        """Who is who, by position, pairs sorted, with what weighs them."""
        matched, people = self.matched(), self.people.among(self.order)
        tied = people if self.kinship is None else self.kinship.among(self.order, self.positions).told(people)
        order = np.argsort(matched.pairs)
        return Persons(
            pairs=matched.pairs[order],
            weights=matched.weights[order],
            group=matched.group,
            renumbered=matched.renumbered,
            regardless=matched.regardless,
            people=tied,
            scorer=scorer_of(
                tied, by.model, lambda pairs: compare(people, pairs, threads=by.threads), threads=by.threads
            ),
        )

    def settled(self) -> "Standing":
        """The same with every record's position for its place, and nothing of those that are gone."""
        at, order = self.positions, self.order
        people = replace(self.people.among(order), has_kin=None, shared_kin=None)
        kin = None if self.kinship is None else self.kinship.among(order, at)
        return replace(
            self,
            people=people if kin is None else untied(people),
            order=np.arange(len(order), dtype=np.int32),
            paired=self.paired.moved(at),
            rules=self.rules.among(order, at),
            ties=None if self.ties is None else self.ties.moved(at),
            kinship=kin,
            first=Grouped(at[self.first.cluster[order]], at[self.first.component[order]]),
            last=Grouped(at[self.last.cluster[order]], at[self.last.component[order]]),
            pairs=moved(self.pairs, at)[0],
            renumbered=moved(self.renumbered, at)[0],
        )

    def rules_by_position(self) -> Rules:
        """The rules, by position."""
        return self.rules.among(self.order, self.positions)


def stood(run: Run, by: By, rules: Rules, ties: Ties | None, pairs_by_rule: dict[str, int]) -> Standing:
    """A whole table's records matched; their places are their positions."""
    first = last = run.first(by.model, rules)
    kin = None
    if ties is not None:
        kin = kinship(len(run.people), ties, first.grouped.cluster)
        last = run.again(by.model, rules, kin.told(run.people))
    renumbered, regardless = run.renumbered(by.model)
    return Standing(
        people=run.people,
        order=np.arange(len(run.people), dtype=np.int32),
        paired=Paired.of(run.known.candidates, run.known.asked, pairs_by_rule),
        rules=rules,
        ties=ties,
        kinship=kin,
        first=first.grouped,
        last=last.grouped,
        pairs=last.pairs,
        weights=last.weights,
        renumbered=renumbered,
        regardless=regardless,
    )
