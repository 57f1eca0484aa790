"""Questions for people: doubtful pairs only, one for each question, no more than the settings allow."""

import numpy as np
import numpy.typing as npt

from linkage.pairs import Pairs, in_pairs, pack, unpack
from linkage.persons import Persons, Weights
from linkage.rules import Rules
from linkage.spec import Settings


def questions(persons: Persons, rules: Rules, settings: Settings) -> Pairs:
    """The pairs to ask about, sorted: of each two clusters that may be one person, the strongest pair.

    Two numbers of which a person has one part two clusters and no score joins them; where all else says that they are
    one person, a pupil who was given a fresh UPN by a new school say, that is a question too, and comes first.
    """
    pairs, weights = _doubts(persons, rules, settings)
    group = persons.group
    left, right = unpack(pairs)
    chosen = np.flatnonzero((group[left] != group[right]) & ~in_pairs(pairs, rules.apart))
    question = pack(group[left[chosen]], group[right[chosen]])
    order = np.lexsort((pairs[chosen], -weights[chosen], question))
    first = np.ones(len(order), bool)
    first[1:] = question[order][1:] != question[order][:-1]
    strongest = chosen[order[first]]
    likeliest = strongest[np.lexsort((pairs[strongest], -weights[strongest]))]
    return np.sort(pairs[likeliest[: settings.review_limit]])


def _doubts(persons: Persons, rules: Rules, settings: Settings) -> tuple[Pairs, Weights]:
    """Pairs that no rule keeps apart and that weigh enough, and those that only their numbers keep apart."""
    doubtful = persons.weights >= settings.review_from
    doubtful &= ~rules.conflicts(*unpack(persons.pairs))
    explained: npt.NDArray[np.bool_] = rules.conflicts(*unpack(persons.renumbered))
    pairs = np.concatenate([persons.pairs[doubtful], persons.renumbered[explained]])
    return pairs, np.concatenate([persons.weights[doubtful], persons.regardless[explained]])
