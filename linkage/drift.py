"""Whether a table still looks like the one that a model was trained on."""

import numpy as np

from linkage.errors import DriftError
from linkage.model import Model

FEWEST_PAIRS = 30_000  # in fewer candidate pairs the index is noise
_LEAST = 1e-4


def drift(model: Model, counts: dict[str, list[float]]) -> dict[str, float]:
    """Field to population stability index: how far the levels of candidate pairs have shifted since training.

    `counts`: for each field, candidate pairs on each level. A field that the training saw nothing of is left out.
    """
    found = {}
    for field, levels in counts.items():
        trained, now = model.profile[field], np.asarray(levels, float)
        if trained[0] < 1.0 and now.sum() > 0:
            before, after = np.maximum(trained, _LEAST), np.maximum(now / now.sum(), _LEAST)
            found[field] = float(((after - before) * np.log(after / before)).sum())
    return found


def refuse_drift(model: Model, counts: dict[str, list[float]], limit: float) -> None:
    """Raise DriftError where a field has shifted too far for the model's weights to be believed."""
    if min((sum(levels) for levels in counts.values()), default=0) < FEWEST_PAIRS:
        return
    shifted = {field: index for field, index in drift(model, counts).items() if index > limit}
    if shifted:
        fields = ", ".join(f"{field} {index:.2f}" for field, index in sorted(shifted.items()))
        found = (
            f"the data have drifted from what model {model.sha256[:12]} was trained on (stability index: {fields}; "
            f"limit {limit})"
        )
        raise DriftError(found, "See what changed in those columns, then train a new model and compare the two.")
