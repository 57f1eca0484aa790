"""The delivery report of one feed and month: its rows of `deliveries` and of `rejected_records`."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from feeds import reasons
from feeds.incoming import IncomingTable
from feeds.landing import FoundDelivery
from schemas import published
from schemas.frames import conform, empty
from schemas.vocabulary import DeliveryStatus


def of_late(found: FoundDelivery, last_delivered: str | None) -> pd.DataFrame:
    """The one row of a feed that delivered no table."""
    row = _row(found, status=DeliveryStatus.LATE, reason=reasons.late(last_delivered, found.unknown))
    return _deliveries([row])


def of_refused(
    found: FoundDelivery, extract_on: date | None, tables: Iterable[IncomingTable], reason: str
) -> pd.DataFrame:
    """One refused row a table, all for the same reason: the delivery as a whole cannot be trusted."""
    rows = [
        _row(found, status=DeliveryStatus.REFUSED, reason=reason, extract_on=extract_on) | _counts(table)
        for table in tables
    ]
    return _deliveries(rows)


def of_tables(found: FoundDelivery, extract_on: date, tables: Iterable[IncomingTable]) -> pd.DataFrame:
    """One row a table, used or refused by itself."""
    rows = [_row(found, extract_on=extract_on) | _counts(table) | _verdict(table, found) for table in tables]
    return _deliveries(rows)


def rejected_records(found: FoundDelivery, tables: Iterable[IncomingTable]) -> pd.DataFrame:
    """Every row that was set aside, those of a refused table among them."""
    parts = [
        table.screened.rejected.assign(
            feed=found.feed, table_name=table.name, file_name=table.found.file_name, received_for=found.month
        )
        for table in tables
        if table.screened is not None and len(table.screened.rejected)
    ]
    if not parts:
        return empty(published.RejectedRecord)
    return conform(pd.concat(parts, ignore_index=True), published.RejectedRecord)


def _row(
    found: FoundDelivery,
    *,
    status: DeliveryStatus = DeliveryStatus.USED,
    reason: str | None = None,
    extract_on: date | None = None,
) -> dict[str, Any]:
    return {
        "feed": found.feed,
        "received_for": found.month,
        "extract_on": extract_on,
        "status": status.value,
        "reason": reason,
        "rejected": 0,
        "repaired": 0,
        "accepted": 0,
    }


def _counts(table: IncomingTable) -> dict[str, Any]:
    return {
        "table_name": table.name,
        "file_name": table.found.file_name or None,
        "sha256": table.sha256,
        "rows": table.rows,
    }


def _verdict(table: IncomingTable, found: FoundDelivery) -> dict[str, Any]:
    clauses = [table.refusal, *_noticed(table), reasons.named("files ignored", found.unknown)]
    verdict: dict[str, Any] = {"reason": "; ".join(filter(None, clauses)) or None}
    if table.refusal:
        verdict["status"] = DeliveryStatus.REFUSED.value
    if table.screened is not None:
        verdict["rejected"] = len(table.screened.rejected)
        verdict["repaired"] = sum(table.screened.repaired.values())
    if table.used is not None:
        verdict["accepted"] = len(table.used.frame)
    return verdict


def _noticed(table: IncomingTable) -> list[str]:
    if table.screened is None or table.delivered is None:
        return []
    seen = table.screened
    # Where most rows fit no header, the header is suspect too, and nothing of it is told.
    extra = reasons.headings(seen.extra) if table.used is not None else []
    return reasons.of_screening(seen.rejected, seen.repaired, seen.doubtful, extra, table.delivered.notes)


def _deliveries(rows: list[Mapping[str, Any]] | list[dict[str, Any]]) -> pd.DataFrame:
    blank = empty(published.Delivery)
    frame = pd.DataFrame(rows, columns=list(blank.columns)).astype(blank.dtypes.to_dict())
    return conform(frame, published.Delivery)
