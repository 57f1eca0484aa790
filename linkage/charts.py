"""One run in pictures: a single HTML page that needs no network. Counts, levels and weights only, never a value."""

from collections.abc import Sequence
from html import escape

import numpy as np

from linkage.engine import Linked
from linkage.model import Field, Model
from linkage.spec import Settings

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Linkage run</title>
<style>body{{font:15px sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}h2{{margin-top:2em}}
svg{{width:100%;height:auto}}</style><h1>Linkage run</h1><p>Model {sha}, {records} records.</p>{body}</html>
"""


def page(linked: Linked, settings: Settings) -> str:
    """Pairs by blocking rule, scores with their thresholds, cluster sizes, unlinkable records and match weights."""
    rules = sorted(linked.counts["blocking"].items(), key=lambda rule: -rule[1])
    bounds = f"joined from {settings.same:+.1f} bits, asked about from {settings.review_from:+.1f}"
    parts = [
        ("Pairs found by each blocking rule", _bars(rules)),
        (f"Scores of the pairs kept ({bounds})", _bars(_histogram(linked.persons.weights))),
        ("Records in a cluster", _bars(_sizes(linked))),
        ("Records too thin to be linked on their own", _bars(_unlinkable(linked))),
        *((f"Weights: {name}", _bars(bars)) for name, bars in match_weights(linked.model)),
    ]
    body = "".join(f"<h2>{escape(title)}</h2>{picture}" for title, picture in parts)
    return _PAGE.format(sha=linked.model.sha256[:12], records=len(linked.persons.people), body=body)


def match_weights(model: Model) -> list[tuple[str, list[tuple[str, float]]]]:
    """For each field, the bits that each level says for a match against strangers."""
    return [(field.name, _level_weights(field)) for field in model.fields]


def _level_weights(field: Field) -> list[tuple[str, float]]:
    levels = zip(field.levels[1:], field.match[1:], field.chance[1:], strict=True)
    return [(level, float(np.log2(match / chance))) for level, match, chance in levels if match > 0 and chance > 0]


def _histogram(weights: np.ndarray) -> list[tuple[str, float]]:
    edges = np.arange(-6, 42, 2)
    counts, _ = np.histogram(np.clip(weights, edges[0], edges[-1]), edges)
    return [(f"{low:+d} to {low + 2:+d}", float(count)) for low, count in zip(edges[:-1], counts, strict=True)]


def _sizes(linked: Linked) -> list[tuple[str, float]]:
    sizes = np.bincount(np.unique(linked.persons.group, return_counts=True)[1])
    small = [(str(size), float(sizes[size])) for size in range(1, min(len(sizes), 10))]
    return [*small, ("10 or more", float(sizes[10:].sum()))]


def _unlinkable(linked: Linked) -> list[tuple[str, float]]:
    """Records that would not reach the threshold even against a copy of themselves."""
    own = np.arange(len(linked.persons.people), dtype=np.int64)
    weights = linked.persons.scorer.weights(own << 32 | own)
    thin = float((weights < linked.same).sum())
    return [("too thin", thin), ("enough", float(len(own)) - thin)]


def _bars(rows: Sequence[tuple[str, float]]) -> str:
    """A bar for each row, those below nothing to the left."""
    largest = max((abs(value) for _, value in rows), default=1.0) or 1.0
    negative = any(value < 0 for _, value in rows)
    zero, width = (480.0, 220.0) if negative else (260.0, 440.0)
    body = []
    for row, (label, value) in enumerate(rows):
        top, length = 22 * row, max(abs(value) / largest * width, 0.5)
        left, colour = (zero - length, "#b3462f") if value < 0 else (zero, "#2a7f62")
        text = f"{value:,.0f}" if float(value).is_integer() else f"{value:+.1f}"
        body.append(
            f'<text x="0" y="{top + 14}" font-size="13">{escape(label)}</text>'
            f'<rect x="{left:.1f}" y="{top + 2}" width="{length:.1f}" height="16" fill="{colour}"/>'
            f'<text x="720" y="{top + 14}" font-size="13">{text}</text>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {22 * len(rows)}">{"".join(body)}</svg>'
