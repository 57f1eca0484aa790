"""Questions for people: doubtful pairs only, one for each question, no more than the settings allow."""

import numpy as np
import numpy.typing as npt

from linkage.pairs import Pairs, in_pairs, pack, unpack
from linkage.records import Codes
from linkage.rules import Rules
from linkage.spec import Settings


def questions(pairs: Pairs, weights: npt.NDArray[np.float32], group: Codes, rules: Rules, settings: Settings) -> Pairs:
    """The pairs to ask about, sorted: of each two clusters that may be one person, the strongest pair."""
    left, right = unpack(pairs)
    open_ = (weights >= settings.review_from) & (group[left] != group[right])
    open_ &= ~in_pairs(pairs, rules.apart)
    chosen = np.flatnonzero(open_)
    question = pack(group[left[chosen]], group[right[chosen]])
    order = np.lexsort((pairs[chosen], -weights[chosen], question))
    first = np.ones(len(order), bool)
    first[1:] = question[order][1:] != question[order][:-1]
    strongest = chosen[order[first]]
    likeliest = strongest[np.lexsort((pairs[strongest], -weights[strongest]))]
    return np.sort(pairs[likeliest[: settings.review_limit]])
