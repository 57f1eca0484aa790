"""One run in pictures: a single HTML page that needs no network. Counts, levels and weights only, never a value."""

import re
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.engine import Linked
from linkage.model import Field, Model
from linkage.spec import Settings
from schemas.vocabulary import Decision

# A picture keeps a width at which its words can be read; on a telephone it is moved sideways, and the page is not.
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:15px sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}h2{{margin-top:2em;font-size:1.2em}}
figure{{margin:0;overflow-x:auto}}svg{{width:100%;min-width:46em;height:auto;display:block}}
</style><h1>{title}</h1><p>Model {sha}, {records:,} records.</p>{body}</html>
"""
_LETTER = 7.5  # how wide a letter of a label is at most, on average


Bars = Sequence[tuple[str, float]]
_LOWEST, _HIGHEST, _STEP = -6, 42, 2


def page(linked: Linked, settings: Settings) -> str:
    """Pairs by blocking rule, scores with their thresholds, cluster sizes, unlinkable records, levels and weights."""
    persons, links = linked.persons, linked.links
    parts = [
        ("Pairs found by each blocking rule", bars(most_first(linked.counts["blocking"]))),
        ("Scores of the pairs kept", scores(persons.weights, settings)),
        ("Records in a cluster", bars(sizes(persons.group))),
        ("Records too thin to be linked on their own", bars(_unlinkable(linked))),
        *levels_and_weights(links, linked.model),
    ]
    return document("Linkage run", linked.model.sha256, len(persons.people), parts)


def document(title: str, model: str, records: int, parts: Iterable[tuple[str, str]]) -> str:
    """The whole page of headed pictures; `model`: its hash."""
    body = "".join(
        f'<h2 id="p{place}">{escape(heading)}</h2><figure aria-labelledby="p{place}" tabindex="0">{picture}</figure>'
        for place, (heading, picture) in enumerate(parts)
    )
    return _PAGE.format(title=escape(title), sha=escape(model[:12]), records=records, body=body)


def levels_and_weights(links: pd.DataFrame, model: Model) -> list[tuple[str, str]]:
    """For each field of the model a picture of how many pairs stand on each level, and one of what the levels weigh."""
    counted = [(f"Levels: {name}", bars(rows)) for name, rows in level_frequencies(links, model.fields)]
    return counted + [(f"Weights: {name}", bars(rows)) for name, rows in match_weights(model)]


def level_frequencies(links: pd.DataFrame, fields: Iterable[Field]) -> list[tuple[str, list[tuple[str, float]]]]:
    """For each field, how many of the pairs kept stand on each level: of those joined, and of those not.

    `links`: decision and levels, as the matcher gives them.
    """
    joined = links["decision"].eq(Decision.SAME.value).to_numpy(bool)
    texts = pa.array(links["levels"], pa.string())
    return [(field.name, _counted(_levels_of(texts, field.name), joined, field.levels)) for field in fields]


def _levels_of(texts: pa.Array, field: str) -> npt.NDArray[np.object_]:
    found = pc.extract_regex(texts, f'"{re.escape(field)}": \\["(?P<level>[^"]*)"')
    return np.asarray(pc.struct_field(found, "level").to_numpy(zero_copy_only=False), dtype=object)


def _counted(
    found: npt.NDArray[np.object_], joined: npt.NDArray[np.bool_], levels: Iterable[str]
) -> list[tuple[str, float]]:
    kinds = (("joined", joined), ("not joined", ~joined))
    return [(f"{level}, {kind}", float((found[of] == level).sum())) for level in levels for kind, of in kinds]


def match_weights(model: Model) -> list[tuple[str, list[tuple[str, float]]]]:
    """For each field, the bits that each level says for a match against strangers."""
    return [(field.name, _level_weights(field)) for field in model.fields]


def _level_weights(field: Field) -> list[tuple[str, float]]:
    levels = zip(field.levels[1:], field.match[1:], field.chance[1:], strict=True)
    return [(level, float(np.log2(match / chance))) for level, match, chance in levels if match > 0 and chance > 0]


def scores(weights: npt.NDArray[np.floating], settings: Settings) -> str:
    """A histogram of weights, with a line at each threshold."""
    edges = np.arange(_LOWEST, _HIGHEST, _STEP)
    counts, _ = np.histogram(np.clip(weights, edges[0], edges[-1]), edges)
    names = [f"{low:+d} to {low + _STEP:+d}" for low in edges[:-1]]
    names[-1] = f"{edges[-2]:+d} and more"
    rows = [(name, float(count)) for name, count in zip(names, counts, strict=True)]
    thresholds = (("asked about from", settings.review_from), ("joined from", settings.same))
    marks = [((bits - _LOWEST) / _STEP, f"{words} {bits:+.1f} bits") for words, bits in thresholds]
    return bars(rows, marks)


def sizes(group: npt.ArrayLike) -> list[tuple[str, float]]:
    """How many clusters have one record, two, and so on; `group`: each record's cluster."""
    counted = np.bincount(np.unique(np.asarray(group), return_counts=True)[1])
    small = [(str(size), float(counted[size])) for size in range(1, min(len(counted), 10))]
    return [*small, ("10 or more", float(counted[10:].sum()))]


def most_first(counts: dict[str, int]) -> list[tuple[str, float]]:
    """Counts by name, the largest first."""
    return [(name, float(count)) for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def _unlinkable(linked: Linked) -> list[tuple[str, float]]:
    """Records that would not reach the threshold even against a copy of themselves."""
    own = np.arange(len(linked.persons.people), dtype=np.int64)
    weights = linked.persons.scorer.weights(own << 32 | own)
    thin = float((weights < linked.same).sum())
    return [("too thin", thin), ("enough", float(len(own)) - thin)]


def bars(rows: Bars, marks: Sequence[tuple[float, str]] = ()) -> str:
    """A bar for each row, those below nothing to the left; a mark is a place between rows and its words."""
    largest = max((abs(value) for _, value in rows), default=1.0) or 1.0
    labels = max(120.0, _LETTER * max((len(label) for label, _ in rows), default=0))
    negative = any(value < 0 for _, value in rows)
    zero, width = ((labels + 700) / 2, (700 - labels) / 2) if negative else (labels, 700 - labels)
    drawn = "".join(
        _bar(22 * row, label, value, (zero, width * value / largest)) for row, (label, value) in enumerate(rows)
    )
    lines = "".join(_mark(22 * place, label) for place, label in marks)
    height = 22 * len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}">{drawn}{lines}</svg>'


def _bar(top: int, label: str, value: float, span: tuple[float, float]) -> str:
    zero, reach = span
    left, colour = (zero + min(reach, 0), "#b3462f" if value < 0 else "#2a7f62")
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:+.1f}"
    return (
        f'<text x="0" y="{top + 14}" font-size="13">{escape(label)}</text>'
        f'<rect x="{left:.1f}" y="{top + 2}" width="{max(abs(reach), 0.5):.1f}" height="16" fill="{colour}"/>'
        f'<text x="720" y="{top + 14}" font-size="13">{text}</text>'
    )


def _mark(top: float, label: str) -> str:
    return (
        f'<line x1="90" x2="700" y1="{top:.1f}" y2="{top:.1f}" stroke="#1d3557" stroke-dasharray="4 3"/>'
        f'<text x="520" y="{top - 3:.1f}" font-size="12" fill="#1d3557">{escape(label)}</text>'
    )
