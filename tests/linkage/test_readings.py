import pandas as pd
import pytest

from linkage.errors import ReadingsError
from linkage.readings import LABEL_COLUMNS, labels_of, numbered, readings_of, sample_name, sheet

DRAWN = pd.DataFrame(
    {
        "left_id": ["school|pupils|A1", "police|nominals|N1", "mash|people|M1"],
        "right_id": ["mash|people|M1", "mash|people|M2", "police|nominals|N9"],
        "is_joined": [True, False, False],
        "band": [4, 2, 1],
        "stands_for": [7.0, 1.0, 1.0],
    }
)
DETAILS = pd.DataFrame(
    {
        "feed": ["school", "mash", "mash", "police", "police"],
        "table_name": ["pupils", "people", "people", "nominals", "nominals"],
        "source_id": ["A1", "M1", "M2", "N1", "N9"],
        "forename": ["Orlando", "Orlando", "Isolde", "Leopold", "Barnaby"],
        "fingerprint": "f",
        **dict.fromkeys(
            "middle_names surname other_names date_of_birth sex address postcode phone upn school extract_on".split()
        ),
        "address_withheld": [False, True, False, False, False],
    }
)


@pytest.fixture
def drawn() -> pd.DataFrame:
    return numbered(DRAWN, "2026-10")


@pytest.fixture
def filled(drawn: pd.DataFrame) -> pd.DataFrame:
    return sheet(drawn, DETAILS).assign(reading=["same", "different", "cannot tell"])


def test_both_records_stand_side_by_side_and_nothing_says_what_was_decided(drawn: pd.DataFrame) -> None:
    row = sheet(drawn, DETAILS).iloc[0]
    assert (row["left_forename"], row["right_forename"], row["reading"]) == ("Orlando", "Orlando", "")
    assert row["right_address_withheld"]
    assert not {"is_joined", "band", "stands_for", "left_id", "left_fingerprint"} & set(row.index)


def test_a_sample_of_other_pairs_has_another_name(drawn: pd.DataFrame) -> None:
    names = {sample_name(pair) for pair in drawn["pair"]}
    other = numbered(DRAWN.iloc[::-1].reset_index(drop=True), "2026-10")
    assert len(names) == 1
    assert sample_name(other["pair"].iloc[0]) not in names


def test_readings_come_back_in_the_order_drawn_however_rows_and_capitals_were_left(drawn, filled) -> None:
    turned = filled.iloc[::-1].assign(reading=["Cannot Tell", " different", "SAME "])
    assert readings_of(turned, drawn, told="a.csv").tolist() == ["same", "different", "cannot tell"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.iloc[1:], "lacks 1 of the 3 pairs"),
        (lambda rows: pd.concat([rows, rows.iloc[:1]]), "more than once"),
        (lambda rows: rows.assign(pair=["s1-0001", *rows["pair"][1:]]), "1 of its rows are of no pair of this sample"),
        (lambda rows: rows.assign(reading=["", "same", "same"]), "1 of 3 pairs have no reading yet"),
        (
            lambda rows: rows.assign(reading=["it is Orlando", "same", "same"]),
            "other than same, different, cannot tell",
        ),
        (lambda rows: rows.drop(columns="reading"), "no column reading"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused_without_what_it_says(drawn, filled, change, words) -> None:
    with pytest.raises(ReadingsError, match=words) as refused:
        readings_of(change(filled), drawn, told="a.csv")
    assert "Orlando" not in str(refused.value)


def labelled(*rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split() for row in rows], columns=list(LABEL_COLUMNS))


def test_a_pair_labelled_twice_alike_counts_once_whichever_record_is_first() -> None:
    table = labelled("school pupils A1 mash people M1 same", "mash people M1 school pupils A1 same")
    assert labels_of(table, told="l.csv").to_dict("records") == [
        {"left_id": "mash|people|M1", "right_id": "school|pupils|A1", "is_same": True}
    ]


def test_a_pair_with_two_labels_is_refused() -> None:
    table = labelled("school pupils A1 mash people M1 same", "mash people M1 school pupils A1 different")
    with pytest.raises(ReadingsError, match="both same and different"):
        labels_of(table, told="l.csv")


def test_a_label_that_is_none_is_told_by_its_line() -> None:
    with pytest.raises(ReadingsError, match="line 3"):
        labels_of(labelled("a b 1 c d 2 same", "a b 1 c d 3 yes"), told="l.csv")
