"""The sentences of the delivery report: counts, headings, file names and rules, never a value."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd

from feeds.judged import Counts

MOST_NAMES = 12
HEADING = re.compile(r"[A-Za-z][A-Za-z_ ./()?#-]{0,39}\d{0,2}")


def of_screening(
    rejected: pd.DataFrame, repaired: Counts, doubtful: Counts, extra: Iterable[str], notes: Iterable[str]
) -> list[str]:
    """What was noticed in one table, one clause a subject."""
    broken = Counter(zip(rejected["rule"], rejected["column_name"].fillna(""), strict=True))
    clauses = [
        counted("rejected", broken),
        counted("repaired", repaired),
        counted("doubtful", doubtful),
        named("extra columns ignored", extra),
        *notes,
    ]
    return [clause for clause in clauses if clause]


def counted(subject: str, counts: Mapping[tuple[str, str], int]) -> str:
    """`subject: rows rule (column), …`, the most frequent first; empty text where nothing was counted."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{rows} {_rule(rule, column)}" for (rule, column), rows in ordered]
    return f"{subject}: {', '.join(parts)}" if parts else ""


def named(subject: str, names: Iterable[str]) -> str:
    """`subject: name, …`, cut after a dozen; empty text where there is none."""
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMES} more" if len(listed) > MOST_NAMES else ""
    return f"{subject}: {', '.join(listed[:MOST_NAMES])}{more}" if listed else ""


def headings(found: Iterable[str]) -> list[str]:
    """The headings that read as headings, and how many do not: a row of data taken for a header must not be quoted."""
    listed = list(found)
    readable = [heading for heading in listed if HEADING.fullmatch(heading)]
    others = len(listed) - len(readable)
    return [*readable, *([f"{others} that do not read as headings"] if others else [])]


def late(last_delivered: str | None, unknown: Iterable[str]) -> str:
    """Why nothing of a feed is used this month, and what is used instead."""
    instead = f"used is what it delivered for {last_delivered}" if last_delivered else "it has never delivered"
    return "; ".join(filter(None, [f"no table of this feed was delivered; {instead}", named("files ignored", unknown)]))


def _rule(rule: str, column: str) -> str:
    return rule if not column or rule == column else f"{rule} ({column})"
