"""A published month's matching in pictures, from what was published and its model: counts, levels, weights only."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from linkage.charts import bars, document, levels_and_weights, most_first, scores, sizes
from linkage.model import Model
from linkage.spec import Settings
from schemas.vocabulary import MatchGrouping

_NO_BLOCKING = "This month was published without the counts of its blocking rules. Run it again to have them."
_NO_MODEL = "The model that made this month is not in the store, so neither levels nor weights can be told."
_NO_REASONS = "This month was published without match rates. Run it again to have them."
_NOT_THIN = (
    "Shown are records that no other agency's feed knows, by the first reason that holds. Whether a record is too thin "
    "to be linked even to a copy of itself is not published."
)


@dataclass(frozen=True)
class MonthMatching:
    """What a month published of its matching. `blocking`: pairs by rule; empty, and `model` None, where not kept."""

    month: str
    links: pd.DataFrame
    person_records: pd.DataFrame
    match_rates: pd.DataFrame
    blocking: dict[str, int]
    model_sha256: str
    model: Model | None


def month_page(matching: MonthMatching, settings: Settings) -> str:
    """The page: what is missing of a month is said in its place."""
    records = matching.person_records
    tables = records["feed"] + " " + records["table_name"]
    parts = [
        (
            "Pairs found by each blocking rule",
            _or(bars(most_first(matching.blocking)), _NO_BLOCKING, matching.blocking),
        ),
        ("Scores of the pairs kept", scores(matching.links["weight"].dropna().to_numpy(float), settings)),
        ("What was decided of them, and by what", bars(_decided(matching.links))),
        ("People by how many records they have", bars(sizes(records["person_id"].astype(str).to_numpy(object)))),
        ("Records joined to no other", bars(_counted(tables[records["basis"] == "alone"]))),
        ("Records unlinked, and why", _unlinked(matching.match_rates)),
    ]
    told = (
        levels_and_weights(matching.links, matching.model)
        if matching.model
        else [("Levels and weights", _p(_NO_MODEL))]
    )
    return document(f"Matching of {matching.month}", matching.model_sha256, len(records), [*parts, *told])


def _unlinked(rates: pd.DataFrame) -> str:
    """Why records were found in no other feed."""
    reasons = rates[rates["grouping"] == MatchGrouping.UNMATCHED.value].groupby("group_name")["records"].sum()
    picture = bars(most_first({str(reason): int(count) for reason, count in reasons.items()}))
    return _or(_p(_NOT_THIN) + picture, _NO_REASONS, rates)


def _decided(links: pd.DataFrame) -> list[tuple[str, float]]:
    return _counted(links["decision"] + ", by " + links["decided_by"])


def _counted(names: pd.Series) -> list[tuple[str, float]]:
    return most_first({str(name): int(count) for name, count in names.value_counts().items()})


def _or(picture: str, missing: str, there: "pd.DataFrame | dict[str, int]") -> str:
    return picture if len(there) else _p(missing)


def _p(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>"
