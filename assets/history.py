"""What earlier months published of the families that are on the programme."""

import pandas as pd
import pyarrow as pa

from assets.store import Store

_MET = """
    select family_id, criterion_id, state, $month as month
    from needs semi join attached using (family_id) where state = 'met' order by family_id, criterion_id
"""


def needs_met_before(store: Store, month: str, family_ids: pd.Series) -> pd.DataFrame | None:
    """`family_id`, `criterion_id`, `state` and `month` of every need that these families met in an earlier month."""
    wanted = pa.table({"family_id": pa.array(sorted(set(family_ids)), pa.string())})
    parts = []
    for earlier in (other for other in store.months() if other < month):
        with store.connect(store.published_file(earlier), read_only=True) as snapshot:
            snapshot.register("attached", wanted)
            parts.append(snapshot.execute(_MET, {"month": earlier}).df())
    return pd.concat(parts, ignore_index=True) if parts else None
