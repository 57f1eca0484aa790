"""What changed, what is asked, and what became of an id: `hearth diff`, `hearth reviews`, `hearth resolve`."""

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from assets.casebook import marked
from assets.snapshots import ask, read_published
from assets.store import Store
from pipelines.commands.console import counted, fail, out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, month_text, settings_with
from pipelines.commands.people_tables import refuse_unwritable
from pipelines.commands.published import published_month
from pipelines.commands.typed import typed
from schemas.casebook import Standing
from schemas.vocabulary import Cause, ReviewKind

_COUNTED = ["kind", "change", "cause"]
_CAUSES = {
    Cause.DATA: "new data",
    Cause.MODEL: "another matching model",
    Cause.RULE: "other rules",
    Cause.HUMAN: "a person's decision",
}
_NAMED = ("family_id", "other_id", "criterion_id", "feed")


def compare_months(
    before: Annotated[str, typer.Argument(help="A published month, as 2026-09.", callback=month_text)],
    after: Annotated[str, typer.Argument(help="The month to set beside it.", callback=month_text)],
    store: StoreFolder = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the differences to this file as JSON.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Show so many of each kind; --json has them all.")] = 20,
) -> None:
    """Say what changed from one published month to another, and why: ids and words, no names."""
    from assets.comparing import Side, compare  # noqa: PLC0415 - Dagster takes seconds to import

    with spoken_errors():
        refuse_unwritable(as_json)
        settings = settings_with(store=store)
        opened, _ = published_month(settings, before)
        published_month(settings, after)
        sides = [Side(month, opened.published_file(month)) for month in (before, after)]
        changes = compare(opened, *sides)
    _summarise(before, after, changes)
    for kind, rows in changes.groupby("kind", sort=False):
        _table(str(kind), rows, top)
    if as_json:
        as_json.write_text(_json(changes), "utf-8")
        out.print(f"\n{counted(len(changes), 'difference')} written to {as_json}", highlight=False)


def _summarise(before: str, after: str, changes: pd.DataFrame) -> None:
    out.print(f"[bold]{before} to {after}[/]  {counted(len(changes), 'difference')}", highlight=False)
    for row in changes.groupby(_COUNTED, sort=True).size().rename("rows").reset_index().itertuples(index=False):
        out.print(f"  {row.kind:8} {row.change:7} {row.cause:6} {row.rows:>7,}", highlight=False)


def _table(kind: str, rows: pd.DataFrame, top: int) -> None:
    out.print(f"\n[bold]{kind}[/]")
    for row in rows.head(top).astype(object).to_dict("records"):
        what = " ".join(str(row[name]) for name in _NAMED if not pd.isna(row[name]))
        sides = " to ".join(str(row[side]) for side in ("before", "after") if not pd.isna(row[side]))
        line = f"  {row['change']:7} {what:28} {sides:20} {row['cause']}: {row['because']}"
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    if len(rows) > top:
        out.print(f"  first {top} of {len(rows):,}", highlight=False)


def _json(changes: pd.DataFrame) -> str:
    rows = changes.astype(object).to_dict("records")
    told = [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def list_reviews(
    month: Month = None,
    kind: Annotated[ReviewKind | None, typer.Option(help="Only questions of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show the first so many.")] = 20,
    store: StoreFolder = None,
) -> None:
    """List what people are asked, in the order of what the answers would change: ids and words, no names."""
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        asked = marked(opened, read_published(opened, chosen, "reviews"))
    chosen_kind = asked if kind is None else asked[asked["kind"].eq(kind.value)]
    out.print(f"[bold]{chosen}[/]  {counted(len(chosen_kind), 'question')}", highlight=False)
    for row in chosen_kind.sort_values("rank").head(limit).itertuples(index=False):
        _question(row, store, month)
    if len(chosen_kind) > limit:
        out.print(f"first {limit} of {len(chosen_kind):,}", highlight=False)


def _question(row: object, store: Path | None, month: str | None) -> None:
    question = row._asdict()  # type: ignore[attr-defined]
    out.print(
        f"\n{question['rank']:>4}  {question['review_id']}  {question['question']}", highlight=False, markup=False
    )
    more = _more(question, store, month)
    lines = (_asked_of(question), f"because {question['why']}", question["effect"], _answered(question), more)
    for line in filter(None, lines):
        out.print(f"      {line}", highlight=False, markup=False, soft_wrap=True)


def _asked_of(question: dict[str, object]) -> str:
    if question["kind"] == ReviewKind.HOUSEHOLD.value:
        return f"{question['left_person_id']} and {question['right_person_id']} in {question['household_id']}"
    left, right = (
        f"{question[f'{side}_feed']}/{question[f'{side}_table']} {question[f'{side}_id']}" for side in ("left", "right")
    )
    return f"{left} and {right}, {question['weight']:+.1f} bits"


def _answered(question: dict[str, object]) -> str:
    """What was answered at the desk since the month was made."""
    if question["standing"] != Standing.DECIDED.value:
        return ""
    return f"answered since this month was made: {str(question['decision']).replace('_', ' ')}"


def _more(question: dict[str, object], store: Path | None, month: str | None) -> str:
    """What to type to see why a pair is doubtful."""
    if question["kind"] == ReviewKind.HOUSEHOLD.value:
        return ""
    sides = (
        "|".join(str(question[f"{side}_{part}"]) for part in ("feed", "table", "id")) for side in ("left", "right")
    )
    return typed("explain", *sides, store=store, month=month)


def resolve_id(
    asked: Annotated[str, typer.Argument(metavar="ID", help="An id of a person, a household or a family.")],
    month: Month = None,
    store: StoreFolder = None,
) -> None:
    """Say what an id of a person, a household or a family has become by a published month."""
    from linkage.identity_events import history, resolve  # noqa: PLC0415 - the matcher takes seconds to import

    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        events = _events(opened, chosen, asked)
    found = resolve(events, asked)
    if found.state == "unknown":
        fail(f"No published month up to {chosen} knows the id {asked}.")
    since = f" since {found.since}" if found.since else ""
    told = {
        "lives": f"{asked} stands in {chosen}{since}",
        "joined": f"{asked} has joined {found.id}{since}",
        "gone": f"{asked} is gone{since}",
    }
    out.print(told[found.state], highlight=False)
    for row in history(events, asked).itertuples(index=False):
        out.print(f"  {row.month}  {_happened(row, asked)} ({_CAUSES[Cause(str(row.cause))]})", highlight=False)


def _happened(event: object, asked: str) -> str:
    """What happened to the id asked for, in words."""
    row = event._asdict()  # type: ignore[attr-defined]
    told = {
        "new": "seen for the first time",
        "gone": "seen no more",
        "joined": f"became part of {row['other_id']}",
        "split": f"split from {row['other_id']}",
    }[row["event"]]
    return told if row["id"] == asked else f"{row['id']} {told.replace(asked, 'it')}"


def _events(store: Store, month: str, asked: str) -> pd.DataFrame:
    """The identity events of every published month up to this one."""
    # Most ids are kept in most months, which says nothing of what became of any other.
    query = "SELECT * FROM identity_events WHERE event <> 'kept' OR id = $asked"
    files = [store.published_file(other) for other in store.months() if other <= month]
    return pd.concat([ask(store, file, query, asked=asked) for file in files], ignore_index=True)
