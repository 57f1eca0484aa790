"""What the programme's own code makes of claims, handed in by whoever puts the desk together: the desk knows it not."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from casebook.events import ExportForm


@dataclass(frozen=True)
class ClaimPapers:
    """`pack` makes a claim's evidence pack of a month in a form; it raises KeyError where the month has no such claim.

    `sample` draws a spot-check sample of claims: a share in per cent of each route, the same for the same seed.
    """

    pack: Callable[[str, str, ExportForm], bytes]
    sample: Callable[[pd.DataFrame, float, int], pd.DataFrame]
