"""The reference pages of the tables, written from their models: `python -m schemas.document [DOCS]`.

`docs/tables.md` is written whole. `docs/feeds.md` is written by people but for the part between its two marks.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from schemas.columns import FeedColumn, Kind
from schemas.frames import Model, contract_columns, sql_types
from schemas.registry import FEED_TABLES, PUBLISHED_TABLES, ROSTERS

BEGIN = "<!-- from here on written by `make docs` -->"
END = "<!-- to here -->"
READ_AS = {
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.WHOLE: "whole number",
    Kind.FLAG: "`Y` or `N`",
    Kind.CODE: "code",
    Kind.CODES: "codes, `;` between",
    Kind.UPN: "unique pupil number",
    Kind.NINO: "National Insurance number",
    Kind.NHS_NUMBER: "NHS number",
    Kind.POSTCODE: "postcode",
    Kind.UPRN: "property reference number",
    Kind.ATTENDANCE_CODE: "attendance code",
}
HELD_AS = {
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "instant",
    "BIGINT": "whole number",
    "BOOLEAN": "yes or no",
    "DOUBLE": "number",
}
TABLES_INTRODUCTION = """# The tables that a month publishes

Every table stands in schema `main` of `<store>/published/<YYYY-MM>.duckdb`. Tables and columns may be added; none is
renamed or dropped without a new version. A column that may be empty is marked; an empty one means that it is not known,
never zero and never no. This page is written from the models by `make docs`.
"""


def feed_tables() -> str:
    """Every feed table as a section of Markdown, in the contract's order."""
    return "\n".join(_lines_of_feeds()) + "\n"


def published_tables() -> str:
    """The page of the published tables."""
    return TABLES_INTRODUCTION + "\n" + "\n".join(_lines_of_published()) + "\n"


def with_feed_tables(page: str) -> str:
    """The page with the part between its marks written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{feed_tables()}\n{END}{after}"


def write(docs: Path) -> None:
    """Write both pages in the folder of the documentation."""
    (docs / "tables.md").write_text(published_tables(), encoding="utf-8")
    feeds = docs / "feeds.md"
    feeds.write_text(with_feed_tables(feeds.read_text(encoding="utf-8")), encoding="utf-8")


def _lines_of_feeds() -> Iterator[str]:
    for (feed, table), model in FEED_TABLES.items():
        nature = "roster" if (feed, table) in ROSTERS else "events"
        yield f"### {feed}/{table} ({nature})\n"
        yield f"{_sentence(model)}\n"
        yield "| column | | read as | |"
        yield "|---|---|---|---|"
        descriptions = _descriptions(model)
        for name, column in sorted(contract_columns(model).items(), key=_key_first):
            yield f"| `{name}` | {_place(column)} | {READ_AS[column.kind]} | {_says(column, descriptions[name])} |"
        yield ""


def _lines_of_published() -> Iterator[str]:
    for table, model in PUBLISHED_TABLES.items():
        yield f"## {table}\n"
        yield f"{_sentence(model)}\n"
        yield "| column | type | | what it says |"
        yield "|---|---|---|---|"
        columns, descriptions = model.to_schema().columns, _descriptions(model)
        for name, kind in sql_types(model).items():
            empty = "may be empty" if columns[name].nullable else ""
            yield f"| `{name}` | {HELD_AS[kind]} | {empty} | {descriptions[name]}{_allowed(columns[name])} |"
        yield ""


def _key_first(item: tuple[str, FeedColumn]) -> tuple[bool, bool]:
    _, column = item
    return not column.key, not column.required


def _sentence(model: Model) -> str:
    return " ".join((model.__doc__ or "").split())


def _descriptions(model: Model) -> dict[str, str]:
    return {name: column.description or "" for name, column in model.to_schema().columns.items()}


def _place(column: FeedColumn) -> str:
    if column.key:
        return "key" if column.required and not column.optional_in_form else "key, may be empty"
    if column.required:
        return "required of its form" if column.optional_in_form else "required"
    return ""


def _says(column: FeedColumn, description: str) -> str:
    codes = " ".join(f"`{code}`" for code in sorted(map(str, column.codes)))
    repairs = ", ".join(f"`{wrong}` is read as `{right}`" for wrong, right in column.repairs.items())
    return "; ".join(filter(None, [description, codes, repairs]))


def _allowed(column: object) -> str:
    checks = getattr(column, "checks", [])
    allowed = [value for check in checks if check.name == "isin" for value in check.statistics["allowed_values"]]
    return f": {' '.join(f'`{value}`' for value in allowed)}" if allowed else ""


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs"))
