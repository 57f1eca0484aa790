"""The reference pages say what the models say."""

from pathlib import Path

from schemas.document import BEGIN, END, published_tables, with_feed_tables, write
from schemas.frames import contract_columns
from schemas.registry import FEED_TABLES, PUBLISHED_TABLES

DOCS = Path(__file__).parents[2] / "docs"
STALE = "run `make docs` and commit what it writes"


def test_the_page_of_published_tables_is_not_stale() -> None:
    assert (DOCS / "tables.md").read_text(encoding="utf-8") == published_tables(), STALE


def test_the_page_of_feeds_is_not_stale() -> None:
    page = (DOCS / "feeds.md").read_text(encoding="utf-8")
    assert page == with_feed_tables(page), STALE


def test_every_table_and_column_is_documented() -> None:
    page = with_feed_tables(f"{BEGIN}{END}")
    for (feed, table), model in FEED_TABLES.items():
        section = page.partition(f"### {feed}/{table} ")[2].partition("###")[0]
        assert all(f"| `{name}` |" in section for name in contract_columns(model))
    assert all(f"## {table}\n" in published_tables() for table in PUBLISHED_TABLES)


def test_what_people_wrote_around_the_marks_stays(tmp_path: Path) -> None:
    (tmp_path / "feeds.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write(tmp_path)
    page = (tmp_path / "feeds.md").read_text(encoding="utf-8")
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert "### school/pupils (roster)" in page
