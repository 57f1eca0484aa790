"""A spot-check sample of claims that can be drawn again: seeded, stratified by route, in lasting order."""

import numpy as np
import pandas as pd


def sample(claims: pd.DataFrame, *, percent: float, seed: int) -> pd.DataFrame:
    """The share of standing claims of each route, rounded up, at least one of each; ordered by route and id.

    The same claims and seed draw the same sample, in whatever order the claims come.
    """
    standing = claims[claims["status"] != "withdrawn"].sort_values(["route", "claim_id"], kind="stable")
    draw = np.random.default_rng(seed)
    parts = [_drawn(rows, percent, draw) for _, rows in standing.groupby("route", sort=True)]
    return pd.concat(parts, ignore_index=True) if parts else standing.reset_index(drop=True)


def _drawn(rows: pd.DataFrame, percent: float, draw: np.random.Generator) -> pd.DataFrame:
    wanted = min(len(rows), max(1, int(np.ceil(round(len(rows) * percent / 100, 9)))))
    chosen = np.sort(draw.choice(len(rows), size=wanted, replace=False))
    return rows.iloc[chosen]
