"""Why two records were joined, or were not: by record ids, fields and levels, never by a person's particulars."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from linkage.decided_since import decided_since
from linkage.engine import Linked
from linkage.errors import RecordsError
from linkage.pairs import in_pairs, pack, unpack


@dataclass(frozen=True)
class Step:
    """What one field adds to the weight: its level, bits, and the weight so far."""

    field: str
    level: str
    bits: float
    so_far: float


@dataclass(frozen=True)
class Explanation:
    """A pair's weight, how it came about, what kind of pair it is likely to be, and why it was joined or not."""

    left_id: str
    right_id: str
    weight: float
    before: float
    steps: tuple[Step, ...]
    kinds: dict[str, float]
    reasons: tuple[str, ...]

    def as_text(self) -> str:
        """The explanation for a terminal."""
        lines = [f"{self.left_id} and {self.right_id}: {self.weight:+.1f} bits", ""]
        lines.append(f"{'before any field':<32}{self.before:+8.1f}")
        lines += [f"{f'{step.field}: {step.level}':<32}{step.bits:+8.1f}{step.so_far:+9.1f}" for step in self.steps]
        likely = sorted(self.kinds.items(), key=lambda kind: -kind[1])[:3]
        lines += ["", "likely: " + ", ".join(f"{name} {share:.0%}" for name, share in likely if share >= 0.005)]
        return "\n".join([*lines, "", *self.reasons])

    def as_svg(self) -> str:
        """The explanation as a waterfall: a bar for each field, from the weight before it to the weight after."""
        ends = [0.0, self.before, *(step.so_far for step in self.steps)]
        low, high = min(ends), max(ends)
        scale = 320 / max(high - low, 1.0)
        bars = [_Bar("before any field", 0.0, self.before)]
        bars += [_Bar(f"{step.field}: {step.level}", step.so_far - step.bits, step.so_far) for step in self.steps]
        height = 24 * len(bars) + 20
        body = "".join(bar.svg(24 * row + 10, scale, low) for row, bar in enumerate(bars))
        title = f"<title>{escape(self.left_id)} and {escape(self.right_id)}</title>"
        zero = 230 + (0 - low) * scale
        axis = f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{height}" stroke="#888"/>'
        size = f'width="640" height="{height}" viewBox="0 0 640 {height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{title}{axis}{body}</svg>'


@dataclass(frozen=True)
class _Bar:
    label: str
    start: float
    end: float

    def svg(self, top: float, scale: float, low: float) -> str:
        left, width = 230 + (min(self.start, self.end) - low) * scale, max(abs(self.end - self.start) * scale, 1.0)
        colour = "#2a7f62" if self.end >= self.start else "#b3462f"
        text = f'<text x="0" y="{top + 13:.1f}" font-size="12">{escape(self.label)}</text>'
        bits = f'<text x="590" y="{top + 13:.1f}" font-size="12">{self.end - self.start:+.1f}</text>'
        bar = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="16" fill="{colour}"/>'
        return text + bar + bits


def explain(linked: Linked, left_id: str, right_id: str, *, decisions: pd.DataFrame | None = None) -> Explanation:
    """Explain a pair, whether it was ever compared or not.

    `decisions`, as of `linkage.engine.link`: those that stand now, where the table was matched by those of its time.
    Raises RecordsError for an id that the table lacks, and where both are the same.
    """
    if left_id == right_id:
        raise RecordsError("both are one and the same record. Name two records.")
    left, right = (_position(linked, record) for record in (left_id, right_id))
    pair = pack(np.array([left]), np.array([right]))
    scorer = linked.persons.scorer
    vector = scorer.vectors(pair)
    bits = scorer.classifier.steps(vector)[0]
    so_far = np.cumsum(bits)
    steps = tuple(
        Step(field.name, field.levels[vector[0, row]], float(bits[row + 1]), float(so_far[row + 1]))
        for row, field in enumerate(linked.model.fields)
        if vector[0, row]
    )
    kinds = scorer.classifier.classes(vector[0])
    reasons = _reasons(linked, left, right)
    reasons += [] if decisions is None else decided_since(linked, left, right, decisions)
    return Explanation(left_id, right_id, float(so_far[-1]), float(bits[0]), steps, kinds, tuple(reasons))


def _position(linked: Linked, record: str) -> int:
    place = int(np.searchsorted(linked.persons.people.ids, record))
    if place >= len(linked.persons.people) or linked.persons.people.ids[place] != record:
        known = linked.persons.people.ids
        example = f", such as {known[0]}" if len(known) else ""
        msg = f"no record is called {record!r}. Ids are as in the table that was linked{example}."
        raise RecordsError(msg)
    return place


def _reasons(linked: Linked, left: int, right: int) -> list[str]:
    group, rules = linked.persons.group, linked.rules
    pair = pack(np.array([left]), np.array([right]))
    one, other = unpack(pair)
    reasons = ["Joined: one person." if group[left] == group[right] else "Not joined: two people."]
    if in_pairs(pair, rules.joined)[0]:
        return [*reasons, "A coordinator decided that they are one."]
    if in_pairs(pair, rules.parted)[0]:
        reasons.append("A coordinator decided that they are two.")
    elif in_pairs(pair, rules.apart)[0]:
        reasons.append("A certain fact keeps them apart: a never-link pair, or a relationship between the two.")
    for column, codes in linked.persons.people.exclusive.items():
        if codes[left] >= 0 and codes[right] >= 0 and codes[left] != codes[right]:
            reasons.append(f"They bear two different values of {linked.persons.people.called[column]}.")
    if in_pairs(pair, linked.reviews)[0]:
        reasons.append("The question is put to a coordinator.")
    return reasons + _of_cluster(
        linked,
        left,
        right,
        compared=bool(in_pairs(pair, linked.persons.pairs)[0]),
        apart=bool(rules.conflicts(one, other)[0]),
    )


def _of_cluster(linked: Linked, left: int, right: int, *, compared: bool, apart: bool) -> list[str]:
    """What the records that each of the two was joined with have to do with it."""
    group = linked.persons.group
    if group[left] == group[right]:
        return [] if compared else ["They are joined through other records of the person, not by their own pair."]
    if not compared:
        return ["Their own pair stays below the floor, or shares no key by which records are compared."]
    weight = linked.persons.weights[np.searchsorted(linked.persons.pairs, pack(np.array([left]), np.array([right])))[0]]
    if weight >= linked.same and not apart:
        return ["Their own pair would join them, but records already joined with the one contradict the other."]
    return []
