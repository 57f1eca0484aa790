"""Writes docs/criteria.md and docs/profiles.md from the specs and the rule packs: `make docs`."""

import tomllib
from pathlib import Path

from programme import describe, profile
from programme.catalogue import MEASURES, Measure

SPECS = Path(__file__).parent
DOCS = SPECS.parents[1] / "docs"
ORDER = ("money", "counts", "eligibility", "results")

CRITERIA = """# Criteria, results and money: the worked cases

Each case below is a test (`tests/specs/`); this page is written from the same tables by `make docs`.

How sure a case is: **A** from a council's document or a found source; **B** arithmetic on such figures; **C** rests on
remembered wording of a framework and is to be verified before it is relied on; **DESIGN** a choice of this software.
"""

PROFILES = """# Profiles

A profile is a dated rule pack in TOML (`profiles/`). A council's profile `extends` a national one and says only what it
changes; `drop` names rules that it does not take over. Editors complete and check a pack with
`profiles/profile.schema.json` (first line: `#:schema ./profile.schema.json`). This page is written from the packs by
`make docs`.

## What a criterion is made of

    [criteria."WIRRAL2.ED.1"]
    headline = "2"                     # a key of [headlines]
    label = "attendance"               # two or three words for lists
    name = "A child with attendance below 90% over the last three terms"
    source = "S-WIRRAL"
    confidence = "A"                   # A B C, M-H M-M M-L (remembered), DESIGN
    any_of = [{ measure = "attendance", operator = "<", threshold = 90, window = "3 terms", counts = "any child" }]

`any_of` holds one condition or more; a need is met when one of them is. `window` is `current`, a count of completed
terms (`3 terms`) or of whole months (`12 months`). `counts` is `any child`, `each child`, `any adult`, `any member`,
`family`, `children together` or `adults together`; `age_from` and `age_to` narrow it. Boundaries are compared in whole
numbers.

A need is `met` when rows prove it, `not_met` only when every feed that it rests on spoke this month and none shows it,
else `unknown`: no delivery, a pupil of school age without sessions, Universal Credit without its conditionality.

## Measures

| measure | counts | feed and table | options |
|---|---|---|---|
"""


def criteria() -> str:
    """The worked cases as one page."""
    parts = [CRITERIA]
    for name in ORDER:
        spec = tomllib.loads((SPECS / f"{name}.toml").read_text(encoding="utf-8"))
        rows = [
            f"| {case['id']} | {_cell(case['given'])} | {_cell(case['expected'])} | {case['confidence']} |"
            for case in spec["case"]
        ]
        table = ["| # | given | expected | sure |", "|---|---|---|---|", *rows]
        parts.append("\n".join([f"## {spec['title']}", "", spec["about"], "", *table, ""]))
    return "\n".join(parts)


def profiles() -> str:
    """How packs are written, the measures there are, and every shipped pack in words."""
    rows = [_measure(measure) for measure in MEASURES.values()]
    packs = [f"## {name}\n\n```text\n{describe.show(profile.load(name))}```\n" for name in profile.shipped()]
    return PROFILES + "\n".join([*rows, "", _councils(), *packs])


def _councils() -> str:
    """What the five councils' documents state, and the line of the profile in words that says it."""
    spec = tomllib.loads((SPECS / "councils.toml").read_text(encoding="utf-8"))
    parts = [f"## {spec['title']}", "", spec["about"], ""]
    for council in (each for each in spec.values() if isinstance(each, dict)):
        head = [f"### {council['council']}", "", "| what | stated | shown in | as |", "|---|---|---|---|"]
        lines = [[_cell(cell.replace("\n    ", ": ")) for cell in line] for line in council["lines"]]
        parts += [*head, *(f"| {what} | {stated} | `{name}` | {line} |" for what, stated, name, line in lines), ""]
    return "\n".join(parts)


def _measure(measure: Measure) -> str:
    options = ", ".join(f"`{name}`" for name in sorted(measure.option_names)) or "none"
    return f"| `{measure.name}` | {measure.says} | {measure.feed.value} `{measure.table}` | {options} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    (DOCS / "criteria.md").write_text(criteria(), encoding="utf-8")
    (DOCS / "profiles.md").write_text(profiles(), encoding="utf-8")
