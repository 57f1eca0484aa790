import pandas as pd
import pytest

from assets.indicators import unknown_indicators, with_unknown_indicators
from programme.profile import load


@pytest.fixture(scope="module")
def profile():
    return load("supporting-families-2022")


def nominated(*indicators):
    return pd.DataFrame({"indicator": pd.Series(indicators, dtype="string[pyarrow]")})


def test_indicators_of_the_profile_are_passed_over(profile):
    assert unknown_indicators(nominated("SF9.2", "SF3.1"), profile) == ""


def test_an_unknown_indicator_is_counted_and_named_unless_it_may_be_a_name(profile):
    told = unknown_indicators(nominated("ZZ-9", "SF9.2", "ZZ-9", "seen with Someone Real"), profile)
    assert told == "indicators the profile does not know: 2 ZZ-9, 1 in other words"


def test_the_report_says_so_on_the_row_of_the_nominations():
    report = pd.DataFrame(
        {
            "feed": ["nominations", "school", "nominations"],
            "status": ["used", "used", "refused"],
            "reason": pd.Series(["1 row", None, None], dtype="string[pyarrow]"),
        }
    )
    assert with_unknown_indicators(report, "told")["reason"].tolist() == ["1 row; told", pd.NA, pd.NA]
    bare = report.assign(reason=pd.Series([None] * 3, dtype="string[pyarrow]"))
    assert with_unknown_indicators(bare, "told")["reason"].iloc[0] == "told"
    assert with_unknown_indicators(report, "") is report
