from dataclasses import replace

import pandas as pd
import pytest

from linkage.mentions import SPEC
from linkage.month_charts import MonthMatching, month_page
from linkage.shipped import borrowed_model

NOT_KEPT = {"blocking": {}, "model": None, "match_rates": pd.DataFrame(columns=["grouping", "group_name", "records"])}


@pytest.fixture
def matching() -> MonthMatching:
    levels = '{"forename": ["exact", 7.1], "surname": ["exact", 9.2]}'
    return MonthMatching(
        month="2026-10",
        links=pd.DataFrame(
            {
                "weight": [20.0, 1.0, -3.0],
                "decision": ["same", "review", "different"],
                "decided_by": ["model", "model", "clerical"],
                "levels": levels,
            }
        ),
        person_records=pd.DataFrame(
            {
                "feed": ["school", "mash", "police"],
                "table_name": ["pupils", "people", "nominals"],
                "person_id": ["p1", "p1", "p2"],
                "basis": ["model", "model", "alone"],
            }
        ),
        match_rates=pd.DataFrame(
            {"grouping": ["unmatched", "all"], "group_name": ["it has no birth date", "all"], "records": [1, 3]}
        ),
        blocking={"both_names": 12, "dob": 30},
        model_sha256=borrowed_model().sha256,
        model=borrowed_model(),
    )


def test_a_month_is_one_page_that_needs_no_network(matching: MonthMatching) -> None:
    html = month_page(matching, SPEC.settings)
    fields = borrowed_model().fields
    assert html.count("<svg") == 6 + 2 * len(fields)
    assert "src=" not in html
    assert "href=" not in html
    for words in (
        "different, by clerical",
        "police nominals",
        "it has no birth date",
        "both_names",
        "Levels: forename",
    ):
        assert words in html
    assert html.index("dob<") < html.index("both_names<")


def test_what_a_month_did_not_publish_is_said_and_not_invented(matching: MonthMatching) -> None:
    html = month_page(replace(matching, **NOT_KEPT), SPEC.settings)
    assert "without the counts of its blocking rules" in html
    assert "without match rates" in html
    assert "neither levels nor weights can be told" in html
    assert html.count("<svg") == 4
