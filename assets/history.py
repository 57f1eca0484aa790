"""What this month and those before it say of the needs of families that are on the programme."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from assets.store import Store

_MET = """
    select family_id, criterion_id, state, $month as month
    from needs semi join attached using (family_id) where state = 'met' order by family_id, criterion_id
"""


def needs_met_before(store: Store, month: str, family_ids: pd.Series) -> pd.DataFrame | None:
    """`family_id`, `criterion_id`, `state` and `month` of every need that these families met in an earlier month."""
    earlier = [other for other in store.months() if other < month]
    parts = [_met(store, store.published_file(other), other, family_ids) for other in earlier]
    return pd.concat(parts, ignore_index=True) if parts else None


def needs_met_by(store: Store, month: str, family_ids: pd.Series) -> pd.DataFrame:
    """The same, with the month in the making."""
    making = _met(store, store.work_file(month), month, family_ids)
    before = needs_met_before(store, month, family_ids)
    return making if before is None else pd.concat([before, making], ignore_index=True)


def _met(store: Store, file: Path, month: str, family_ids: pd.Series) -> pd.DataFrame:
    wanted = pa.table({"family_id": pa.array(sorted(set(family_ids)), pa.string())})
    with store.connect(file, read_only=True) as snapshot:
        snapshot.register("attached", wanted)
        return snapshot.execute(_MET, {"month": month}).df()
