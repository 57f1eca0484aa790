"""Whom a linkage serves worse: how often each group's records are missed or falsely joined, against the others'."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.match_rates import AGE_BAND, origins_of

UNKNOWN = "not known"
FEWEST = 30
SMALLER_AREAS = "smaller areas"
_CHANCE = 0.05
# The postcode sector, which some thousand homes share. A protected record has no postcode here, and an area of so few
# records that it might tell of one home is not named.
_AREA = "nullif(regexp_extract(upper(d.postcode), '^([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9])[A-Z]{2}$', 1), '')"
_GROUPS = f"""
SELECT d.feed || '|' || d.table_name || '|' || d.source_id AS record,
    coalesce(d.sex, '{UNKNOWN}') AS sex, {AGE_BAND} AS age, coalesce(g.ethnicity, '{UNKNOWN}') AS ethnicity,
    coalesce(n.name_origin, '{UNKNOWN}') AS name_origin,
    CASE WHEN {_AREA} IS NULL THEN '{UNKNOWN}' WHEN count(*) OVER (PARTITION BY {_AREA}) < {FEWEST}
        THEN '{SMALLER_AREAS}' ELSE {_AREA} END AS area
FROM details d LEFT JOIN ethnicities g USING (feed, table_name, source_id)
LEFT JOIN origins n USING (feed, table_name, source_id)
ORDER BY record
"""


def groups_of(
    record_details: pd.DataFrame,
    ethnicities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    settings: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """sex, age (a band), ethnicity, name_origin and area of each record, indexed by `feed|table|source id`.

    `area` is the postcode sector, `smaller areas` where it has fewer than 30 records; a protected record's is not
    known. `name_origin`: see name_origins. `ethnicities`: feed, table_name, source_id, ethnicity of the records that
    state one.
    """
    with duckdb.connect(config=dict(settings or {})) as connection:
        frames = {"details": record_details, "ethnicities": ethnicities, "origins": origins_of(record_details)}
        for name, frame in frames.items():
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        found = connection.execute(_GROUPS, {"as_of": as_of.to_pydatetime()}).to_arrow_table()
    text = pd.StringDtype("pyarrow")
    return pd.DataFrame(found.to_pandas(types_mapper={pa.string(): text}.get)).set_index("record")


def of_records(groups: pd.DataFrame, records: pd.Series) -> pd.DataFrame:
    """The groups of these records, in their order; `not known` where the month says nothing of a record."""
    return groups.reindex(records).fillna(UNKNOWN).reset_index(drop=True)


def of_pairs(groups: pd.DataFrame, left: pd.Series, right: pd.Series) -> pd.DataFrame:
    """The groups of pairs: what the first record says, or where it says nothing the second."""
    first, second = of_records(groups, left), of_records(groups, right)
    return first.where(first != UNKNOWN, second)


def served(wrong: pd.Series, groups: pd.DataFrame, weight: pd.Series | None = None) -> pd.DataFrame:
    """For each grouping and group: grouping, group, cases, share (wrong), others (share wrong), is_worse.

    The others are the rest of those whose group is known. A group is worse where at least 30 of it and of the others
    are known and its share is higher by more than chance: Fisher's exact test of two proportions at 5 %, divided by the
    number of groups compared (Bonferroni), for among twenty groups one would always seem worse. `weight`: how many
    cases each one stands for; then the sample's effective size is what counts.
    """
    weights = np.ones(len(wrong)) if weight is None else weight.to_numpy(float)
    cases = pd.DataFrame(
        {"cases": 1, "weight": weights, "squared": weights**2, "wrong": weights * wrong.to_numpy(bool)}
    )
    parts = [_compared(cases.groupby(groups[name].to_numpy(object)).sum(), str(name)) for name in groups]
    return pd.concat(parts, ignore_index=True)


def _compared(sums: pd.DataFrame, grouping: str) -> pd.DataFrame:
    known = sums.drop(index=UNKNOWN, errors="ignore")
    rest = known.sum() - known
    odds = {group: _odds(known.loc[group], rest.loc[group]) for group in known.index}
    compared = [each for each in odds.values() if each is not None]
    worse = {group for group, each in odds.items() if each is not None and each * len(compared) < _CHANCE}
    others = (rest["wrong"] / rest["weight"].where(rest["weight"] > 0)).reindex(sums.index)
    return pd.DataFrame(
        {
            "grouping": grouping,
            "group": sums.index.astype(str),
            "cases": sums["cases"].to_numpy(int),
            "share": (sums["wrong"] / sums["weight"]).to_numpy(float),
            "others": others.to_numpy(float),
            "is_worse": [group in worse for group in sums.index],
        }
    )


def _odds(own: pd.Series, rest: pd.Series) -> float | None:
    """How likely chance alone puts so many of the wrong into the group; None where too few are known to say."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - it takes a second to import

    (size, wrong), (others, elsewhere) = _effective(own), _effective(rest)
    if min(size, others) < FEWEST:
        return None
    return float(hypergeom.sf(wrong - 1, size + others, wrong + elsewhere, size))


def _effective(sums: pd.Series) -> tuple[int, int]:
    """How many equally weighted cases would say as much, and how many of them are wrong."""
    if sums["weight"] <= 0:
        return 0, 0
    size = round(sums["weight"] ** 2 / sums["squared"])
    return size, round(size * sums["wrong"] / sums["weight"])
