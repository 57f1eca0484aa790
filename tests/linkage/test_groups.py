import numpy as np
import pandas as pd
import pytest

from linkage.groups import groups_of, of_pairs, served

TEXT = pd.StringDtype("pyarrow")


def of(rates: pd.DataFrame, group: str) -> pd.Series:
    return rates.set_index("group").loc[group]


def rates_of(**wrong_of_cases: tuple[int, int]) -> pd.DataFrame:
    names = [name for name, (_, cases) in wrong_of_cases.items() for _ in range(cases)]
    wrong = [number < bad for bad, cases in wrong_of_cases.values() for number in range(cases)]
    return served(pd.Series(wrong), pd.DataFrame({"kind": [name.replace("_", " ") for name in names]}))


def test_a_group_served_worse_by_more_than_chance_is_named() -> None:
    rates = rates_of(first=(30, 200), second=(10, 300))
    assert of(rates, "first")["is_worse"]
    assert not of(rates, "second")["is_worse"]
    assert of(rates, "first")["share"] == pytest.approx(0.15)
    assert of(rates, "first")["others"] == pytest.approx(10 / 300)


def test_a_difference_that_chance_would_make_is_no_warning() -> None:
    assert not rates_of(first=(12, 200), second=(12, 300))["is_worse"].any()


def test_of_fewer_than_thirty_nothing_is_said() -> None:
    assert not rates_of(few=(29, 29), many=(0, 300))["is_worse"].any()
    assert of(rates_of(few=(30, 30), many=(0, 300)), "few")["is_worse"]


def test_those_whose_group_is_not_known_are_shown_and_compared_with_nobody() -> None:
    rates = rates_of(not_known=(200, 300), first=(5, 100), second=(5, 100))
    assert of(rates, "not known")["share"] == pytest.approx(2 / 3)
    assert not rates["is_worse"].any()
    assert of(rates, "first")["others"] == pytest.approx(0.05)


def test_among_many_groups_one_that_seems_worse_by_luck_is_not_named() -> None:
    one_of_two = rates_of(odd=(8, 50), rest=(50, 950))
    one_of_twenty = rates_of(odd=(8, 50), **{f"g{n:02d}": (5 if n % 2 else 6, 100) for n in range(20)})
    assert of(one_of_two, "odd")["is_worse"]
    assert not of(one_of_twenty, "odd")["is_worse"]


def test_pairs_that_stand_for_many_say_no_more_than_they_are() -> None:
    groups = pd.DataFrame({"kind": ["one"] * 20 + ["other"] * 100})
    wrong = pd.Series([True] * 20 + [False] * 100)
    assert not served(wrong, groups, pd.Series([50.0] * 120))["is_worse"].any()


def test_a_record_has_its_groups_as_of_the_month_and_a_pair_those_of_either() -> None:
    details = pd.DataFrame(
        {
            "feed": ["school", "police"],
            "table_name": ["pupils", "nominals"],
            "source_id": ["A1", "N1"],
            "sex": pd.array([pd.NA, "F"], dtype=TEXT),
            "date_of_birth": pd.to_datetime(["2015-11-01", None]),
            "forename": pd.array(["Adaeze", "Ngozi"], dtype=TEXT),
            "surname": pd.array([pd.NA, "Tarrant"], dtype=TEXT),
            "postcode": pd.array(["ZZ1 1AA", pd.NA], dtype=TEXT),
        }
    )
    told = pd.DataFrame(
        {"feed": ["school"], "table_name": ["pupils"], "source_id": ["A1"], "ethnicity": ["WBRI"]}, dtype=TEXT
    )
    groups = groups_of(details, told, as_of=pd.Timestamp("2026-10-31"))
    first = ["not known", "under 11", "WBRI", "on no list", "smaller areas"]
    assert groups.loc["school|pupils|A1"].tolist() == first
    pair = of_pairs(groups, pd.Series(["school|pupils|A1"]), pd.Series(["police|nominals|N1"]))
    assert pair.iloc[0].tolist() == ["F", *first[1:]]
    assert np.all(of_pairs(groups, pd.Series(["gone"]), pd.Series(["gone too"])) == "not known")


def test_an_area_is_named_where_thirty_records_are_in_it_and_a_protected_record_is_in_none() -> None:
    # Of the second area there are thirty records too, but one of them is protected: its postcode is withheld.
    postcodes = ["ZZ1 1AA", "zz1 1ab"] * 15 + ["ZZ1 2AA"] * 29 + [None, "elsewhere"]
    details = pd.DataFrame({"source_id": [f"{n:03d}" for n in range(len(postcodes))], "postcode": postcodes})
    details = details.assign(feed="school", table_name="pupils", sex="F", forename="Ada", surname="Tarrant")
    details = details.assign(date_of_birth=pd.Timestamp("2015-11-01")).convert_dtypes()
    told = details[["feed", "table_name", "source_id"]].assign(ethnicity="WBRI")
    areas = groups_of(details, told, as_of=pd.Timestamp("2026-10-31"))["area"].value_counts().to_dict()
    assert areas == {"ZZ1 1": 30, "smaller areas": 29, "not known": 2}
