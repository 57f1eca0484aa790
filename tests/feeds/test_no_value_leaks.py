"""No value of a delivery in a reason, an error or a log, however it is broken."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from feeds.errors import FeedsError
from schemas.registry import FEED_TABLES

CANARY = "Zzyzxcanary"
BROKEN = {
    "every cell": ",".join(["{columns}"]) + "\n{cells}\n",
    "ragged": "{columns}\n{cells},more\n",
    "a mark not closed": '{columns}\n"{cells}\n{cells}\n',
    "no header": "{cells}\n{cells}\n",
    "twice": "{columns}\n{cells}\n{cells}\n",
    "a column missing": "pupil_id,surname,mash_id\n{cells}\n",
}


@pytest.mark.parametrize("how", sorted(BROKEN))
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_no_reason_of_any_table_quotes_a_value(
    council: Any, how: str, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for feed, table in FEED_TABLES:
        columns = list(FEED_TABLES[feed, table].to_schema().columns)[5:]
        text = BROKEN[how].format(columns=",".join(columns), cells=",".join([CANARY] * len(columns)))
        council.deliver("2026-10", feed, f"{table}{suffix}", text)
    for feed in sorted({feed for feed, _ in FEED_TABLES}):
        received = council.run("2026-10", feed)
        assert CANARY not in received.deliveries.to_csv()
        assert CANARY not in received.rejected.drop(columns="record").to_csv()
    assert CANARY not in caplog.text


@pytest.mark.parametrize("note", [f'extract_on = "{CANARY}"', f"{CANARY} = ", f'[tables.pupils]\nrows = "{CANARY}"'])
def test_no_reason_quotes_the_note(council: Any, note: str) -> None:
    council.deliver("2026-10", "school", "pupils.csv", "pupil_id,school_urn\nP1,1\n")
    council.deliver("2026-10", "school", "delivery.toml", note)
    assert CANARY not in council.receive("2026-10", "school").deliveries.to_csv()


def test_an_error_of_reading_carries_no_value_in_its_chain(screened: Callable[..., object]) -> None:
    with pytest.raises(FeedsError) as caught:
        screened("school", "pupils", f'pupil_id,school_urn\n"{CANARY},1\n{CANARY},1\n')
    assert caught.value.__cause__ is None
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_header_that_ran_into_the_first_row_is_not_quoted(council: Any) -> None:
    columns = list(FEED_TABLES["school", "pupils"].to_schema().columns)[5:]
    cells = ",".join([CANARY] * len(columns))
    council.deliver("2026-10", "school", "pupils.csv", ",".join(columns) + f",{cells}\n" + f"{cells}\n" * 3)
    deliveries = council.receive("2026-10", "school").deliveries
    assert deliveries["status"].tolist() == ["refused"]
    assert CANARY not in deliveries.to_csv()


def test_a_heading_that_is_none_is_counted_and_not_quoted(council: Any) -> None:
    council.deliver("2026-10", "school", "pupils.csv", "pupil_id,House,2015-02-03,12 High Street\nP1,x,y,z\n")
    reason = council.receive("2026-10", "school").deliveries["reason"].iloc[0]
    assert reason.endswith("found are pupil_id, House, 2 that do not read as headings")
