"""What stood worked out again where records, rules or kin changed, and nowhere else.

No cluster reaches beyond its component, so a component of which no record, no pair and no rule changed stands as it
did. The others are taken out, records in the order of their ids, and matched as a table of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from linkage.clusters import Grouped
from linkage.compared import Compared, compare
from linkage.comparisons import features_of
from linkage.kin import Kinship, Ties, kinship
from linkage.pairs import Pairs, any_of, both_of, in_pairs, moved, unpack
from linkage.parts import Looked, Part, Weighed, marked
from linkage.records import People
from linkage.rules import Rules
from linkage.standing import By, Mask, Paired, Standing
from linkage.vocabulary import Codes


@dataclass(frozen=True, repr=False)
class Change:
    """What changed in a table, by place.

    `people` and `order` as of Standing, now. `fresh`: places of records that are new or say something else; `gone`:
    places left since; `found`: packed pairs with a fresh record, sorted; `by_rule`: by how many pairs each blocking
    rule's blocks grew.
    """

    people: People
    order: Codes
    fresh: Codes
    gone: Codes
    found: Pairs
    by_rule: dict[str, int]

    @classmethod
    def nothing(cls, before: Standing) -> "Change":
        """No change in the records."""
        none = np.empty(0, np.int32)
        return cls(before.people, before.order, none, none, np.empty(0, np.int64), {})


def revised(before: Standing, change: Change, rules: Rules, ties: Ties | None, by: By) -> Standing:
    """Who is who after a change of records, rules or kin, as if all had been matched anew.

    `by`: what it was matched by before.
    """
    return _Revision(before, change, rules, ties, by).standing()


@dataclass(frozen=True, repr=False)
class _Grown:
    """Clusters of all places where those of a part were worked out again, and that part's pairs, by place.

    `paired`: all pairs, with those that were asked for.
    """

    grouped: Grouped
    part: Part
    weighed: Weighed
    paired: Paired


class _Revision:
    def __init__(self, before: Standing, change: Change, rules: Rules, ties: Ties | None, by: By) -> None:
        self._before = before
        self._by = by
        self._change = change
        self._rules = rules
        self._ties = ties
        self._size = len(change.people)
        self._gone = self._marked(change.gone)
        # Names and streets are fewer than records, and several parts of these are compared.
        change.people.work_out()

    def standing(self) -> Standing:
        """See `revised`."""
        before, change = self._before, self._change
        looked = self._compared_anew(change.found)
        paired, weighed = self._paired(looked.by_place()), looked.weighed(self._by)
        touched = [change.fresh, *self._under_other_rules()]
        first = last = self._grown(before.first, touched, weighed, paired, None)
        kin, otherwise = None, change.fresh
        if self._ties is not None:
            kin = kinship(self._size, self._ties, first.grouped.cluster)
            retold = self._with_kin_now_or_no_more(kin)
            otherwise = np.concatenate([change.fresh, retold])
            sharing = self._sharing_anew(kin)
            weighed = self._weighed_again([looked, sharing], retold, kin)
            touched += [retold, *self._sharing_otherwise(kin)]
            paired = replace(first.paired, asked=first.paired.asked.beside(sharing.by_place()))
            last = self._grown(before.last, touched, weighed, paired, kin)
        pairs, weights = self._kept(last, weighed, otherwise)
        renumbered, regardless = self._renumbered(looked)
        return replace(
            before,
            people=change.people,
            order=change.order,
            paired=last.paired,
            rules=self._rules,
            ties=self._ties,
            kinship=kin,
            first=first.grouped,
            last=last.grouped,
            pairs=pairs,
            weights=weights,
            renumbered=renumbered,
            regardless=regardless,
        )

    def _compared_anew(self, pairs: Pairs) -> Looked:
        """Pairs of places, compared."""
        part = self._part(_ends(pairs))
        here = np.sort(moved(pairs, part.at)[0])
        return Looked(part, part.run(compare(part.people, here, threads=self._by.threads), self._by))

    def _sharing_anew(self, kin: Kinship) -> Looked:
        """The pairs of a fresh record that share kin and were not found, compared."""
        shared = kin.shared[any_of(kin.shared, self._marked(self._change.fresh))]
        return self._compared_anew(shared[~in_pairs(shared, self._change.found)])

    def _looked(self, pairs: Compared) -> Looked:
        part = self._part(_ends(pairs.pairs))
        return Looked(part, part.run(part.here(pairs), self._by))

    def _paired(self, found: Compared) -> Paired:
        """All pairs, and how many of living records have each pattern."""
        paired = self._before.paired
        lived = np.zeros(self._size, bool)
        lived[self._before.order] = True
        lost = paired.touching(self._gone)
        lost = lost.taken(both_of(lost.pairs, lived))
        radices = [len(feature.ladder.levels) for feature in features_of(self._change.people)]
        before, grew = paired.by_rule, self._change.by_rule
        by_rule = {rule: before.get(rule, 0) + grew.get(rule, 0) for rule in {**before, **grew}}
        asked = paired.asked.taken(~any_of(paired.asked.pairs, self._gone)).compact(radices)[0]
        return replace(paired.grown(found, lost, radices), asked=asked, by_rule=by_rule)

    def _grown(
        self, before: Grouped, touched: Sequence[Codes], weighed: Weighed, paired: Paired, kin: Kinship | None
    ) -> _Grown:
        """The components matched again in which a record is touched, or that a pair found now ties to another."""
        grouped = _widened(before, self._size)
        pairs, weights = weighed
        strong = unpack(pairs[weights >= self._by.settings.same])
        hit = self._marked(grouped.component[np.concatenate([*touched, *strong, self._change.gone])])
        part = self._part(np.flatnonzero(hit[grouped.component]).astype(np.int32))
        asked = part.here(paired.asked)
        run, rules = part.run(part.here(*paired.layers), self._by, asked), self._rules.among(part.places, part.at)
        if kin is None:
            grown = run.first(self._by.model, rules)
        else:
            grown = run.again(self._by.model, rules, kin.among(part.places, part.at).told(part.people))
        cluster, component = grouped.cluster.copy(), grouped.component.copy()
        cluster[part.places] = part.places[grown.grouped.cluster]
        component[part.places] = part.places[grown.grouped.component]
        since = run.known.asked.taken(~in_pairs(run.known.asked.pairs, asked.pairs))
        paired = replace(paired, asked=paired.asked.beside(replace(since, pairs=part.by_place(since.pairs))))
        return _Grown(Grouped(cluster, component), part, (part.by_place(grown.pairs), grown.weights), paired)

    def _under_other_rules(self) -> list[Codes]:
        """Places of records of which another rule says something now."""
        before, now = self._before.rules, self._rules
        joined = _in_one(before.joined, now.joined)
        touched = [*unpack(self._of_standing(_in_one(before.apart, now.apart))), *unpack(joined)]
        if len(joined):
            # Numbers that a decision makes one number of are so wherever else they stand.
            ends = _ends(np.concatenate([before.joined, now.joined]))
            for codes in self._change.people.exclusive.values():
                borne = np.isin(codes, codes[ends][codes[ends] >= 0])
                touched.append(np.flatnonzero(borne).astype(np.int32))
        return touched

    def _with_kin_now_or_no_more(self, kin: Kinship) -> Codes:
        """Places of records, otherwise as they were, of which one says that they have kin and the other that not."""
        had = np.zeros(self._size, bool)
        if self._before.kinship is not None:
            had[: len(self._before.people)] = self._before.kinship.has_kin
        differs = had != kin.has_kin
        differs[self._change.fresh] = differs[self._change.gone] = False
        return np.flatnonzero(differs).astype(np.int32)

    def _sharing_otherwise(self, kin: Kinship) -> list[Codes]:
        before = np.empty(0, np.int64) if self._before.kinship is None else self._before.kinship.shared
        return list(unpack(self._of_standing(_in_one(before, kin.shared))))

    def _of_standing(self, pairs: Pairs) -> Pairs:
        """Those of two records that stand as they did.

        What is said of a pair with another one touches the record that stands only where the two are tied: a record
        that is gone was in its component, and a fresh one is tied to it by a pair that was found or shares kin.
        """
        return pairs[~any_of(pairs, self._gone | self._marked(self._change.fresh))]

    def _weighed_again(self, looked: Sequence[Looked], retold: Codes, kin: Kinship) -> Weighed:
        """Pairs looked at and those of records of which kinship is told now or no more, with kinship told."""
        beside = self._before.paired.touching(self._marked(retold))
        found = [*looked, self._looked(beside)] if len(retold) else looked
        weighed = [each.weighed_again(kin, self._by) for each in found]
        return np.concatenate([pairs for pairs, _ in weighed]), np.concatenate([weights for _, weights in weighed])

    def _kept(self, last: _Grown, weighed: Weighed, otherwise: Codes) -> Weighed:
        """All pairs at or above the floor: as before, of the part worked out again, and between it and the others."""
        within, anew = self._marked(last.part.places), self._marked(otherwise)
        pairs = self._before.pairs
        stand = ~any_of(pairs, self._gone | anew) & ~both_of(pairs, within)
        between = any_of(weighed[0], anew) & ~both_of(weighed[0], within)
        return (
            np.concatenate([pairs[stand], last.weighed[0], weighed[0][between]]),
            np.concatenate([self._before.weights[stand], last.weighed[1], weighed[1][between]]),
        )

    def _renumbered(self, looked: Looked) -> Weighed:
        pairs, weights = looked.run.renumbered(self._by.model)
        stand = ~any_of(self._before.renumbered, self._gone)
        return (
            np.concatenate([self._before.renumbered[stand], looked.part.by_place(pairs)]),
            np.concatenate([self._before.regardless[stand], weights]),
        )

    def _part(self, places: Codes) -> Part:
        """The living records among some places."""
        return Part.of(self._change.people, self._change.order, places)

    def _marked(self, places: Codes) -> Mask:
        return marked(self._size, places)


def _widened(grouped: Grouped, size: int) -> Grouped:
    """The same, records at the places beyond being alone."""
    alone = np.arange(len(grouped.cluster), size, dtype=np.int32)
    return Grouped(np.append(grouped.cluster, alone), np.append(grouped.component, alone))


def _ends(pairs: Pairs) -> Codes:
    return np.concatenate(unpack(pairs))


def _in_one(some: Pairs, others: Pairs) -> Pairs:
    """The pairs that stand in only one of two tables, in each of which every pair stands once; sorted."""
    both = np.concatenate([some, others])
    both.sort()
    alone = np.ones(len(both), bool)
    twice = np.flatnonzero(both[1:] == both[:-1])
    alone[twice] = alone[twice + 1] = False
    return both[alone]
