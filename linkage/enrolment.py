"""Which pupils' records tell of a school that the child has left."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]


def is_previous(pupils: pd.DataFrame) -> Flags:
    """Whether a school says of each row of `school/pupils` that it is of a former pupil (status P, `feeds.md`)."""
    return np.asarray(pupils["enrolment_status"].eq("P").fillna(value=False).to_numpy(bool))


def has_left(pupils: pd.DataFrame) -> Flags:
    """The same, or that it gives a day of leaving, whichever that is."""
    return np.asarray(is_previous(pupils) | pupils["left_on"].notna().to_numpy(bool))
