"""The kind of a name, by lists."""

import pandas as pd
import pytest

from linkage.name_origins import name_origins


@pytest.mark.parametrize(
    ("forename", "surname", "origin"),
    [
        ("Ada", "Tarrant", "on no list"),
        ("Ada", "Singh", "Sikh"),
        ("Navpreet", "Tarrant", "Sikh"),
        ("Ada", "O'Brien", "Irish or Scottish Gaelic"),
        ("Zofia", "Kamińska", "Polish"),
        ("Fatima", "Nowak", "of several lists"),
        ("Ada", "Shah", "of several lists"),
        ("Priya", "Shah", "Indian"),
        ("Ayesha", "Shah", "Muslim"),
        ("Ada-Ngozi", None, "West African"),
        ("Ada", "Ska", "on no list"),
    ],
)
def test_every_listed_name_must_allow_the_origin(forename: str, surname: str | None, origin: str) -> None:
    assert name_origins(pd.Series([forename]), pd.Series([surname])).tolist() == [origin]


def test_without_a_name_nothing_is_said_and_the_order_stays() -> None:
    forenames, surnames = (
        pd.Series(["Ada", None, "Mei"], index=[7, 8, 9]),
        pd.Series(["Tarrant", None, None], index=[7, 8, 9]),
    )
    found = name_origins(forenames, surnames)
    assert found.index.tolist() == [7, 8, 9]
    assert found.fillna("").tolist() == ["on no list", "", "Chinese"]
