"""Why two records were joined, or were not."""

import numpy as np
import numpy.typing as npt

from linkage.mixture import RARITY_STEPS, Mixture, log2_sum


def field_weights(classifier: Mixture, vectors: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """How each level vector's weight comes about; rows add up to the weight.

    First the weight before anything is known, then what each field adds, in the fields' order, given those before it.
    """
    model = classifier.model
    if model is None:
        raise AssertionError
    fields = len(model.fields)
    rarity = (vectors[:, fields:].astype(np.int16) - 128) / RARITY_STEPS
    match = np.full(len(vectors), np.log2(model.matches))
    others = np.tile(np.log2([kind.pairs for kind in model.non_matches]), (len(vectors), 1))
    steps = [match - log2_sum(others)]
    for row, table in enumerate(classifier.tables):
        match = match + table[vectors[:, row], 0]
        others = others + table[vectors[:, row], 1:]
        if row in classifier.rare_fields:
            column = classifier.rare_fields.index(row)
            others = others + rarity[:, [column]] * classifier.rarity_counts[column]
        steps.append(match - log2_sum(others))
    running = np.column_stack(steps)
    return np.column_stack([running[:, :1], np.diff(running, axis=1)])
