"""Questions for people: doubtful pairs only, one for each question, no more than the settings allow."""

import numpy as np

from linkage.pairs import Pairs, in_pairs, pack, unpack
from linkage.persons import Matched, Weights
from linkage.rules import Rules
from linkage.spec import Settings
from linkage.vocabulary import Codes


def questions(matched: Matched, rules: Rules, settings: Settings) -> Pairs:
    """The pairs to ask about, sorted: of each two clusters that may be one person, the strongest pair.

    Two numbers of which a person has one part two clusters and no score joins them; where all else says that they are
    one person, a pupil who was given a fresh UPN by a new school say, that is a question too, and comes first.
    """
    pairs, weights = _doubts(matched, rules, settings)
    group = matched.group
    left, right = unpack(pairs)
    question = pack(group[left], group[right])
    order = np.lexsort((pairs, -weights, question))
    first = np.ones(len(order), bool)
    first[1:] = question[order][1:] != question[order][:-1]
    strongest = order[first]
    likeliest = strongest[np.lexsort((pairs[strongest], -weights[strongest]))]
    return np.sort(pairs[likeliest[: settings.review_limit]])


def _doubts(matched: Matched, rules: Rules, settings: Settings) -> tuple[Pairs, Weights]:
    """Pairs between clusters that no rule keeps apart and that weigh enough, and those that only numbers keep apart."""
    pairs, weights = _between(matched.group, matched.pairs, matched.weights, settings.review_from)
    allowed = ~rules.conflicts(*unpack(pairs))
    renumbered, regardless = _between(matched.group, matched.renumbered, matched.regardless, -np.inf)
    explained = rules.conflicts(*unpack(renumbered)) & ~in_pairs(renumbered, rules.apart)
    return (
        np.concatenate([pairs[allowed], renumbered[explained]]),
        np.concatenate([weights[allowed], regardless[explained]]),
    )


def _between(group: Codes, pairs: Pairs, weights: Weights, least: float) -> tuple[Pairs, Weights]:
    """The pairs of two clusters that weigh so much at least."""
    heavy = np.flatnonzero(weights >= least)
    left, right = unpack(pairs[heavy])
    chosen = heavy[group[left] != group[right]]
    return pairs[chosen], weights[chosen]
