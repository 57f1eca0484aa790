"""Which pairs are compared at all."""

from itertools import product

import pandas as pd
import pytest

from linkage import candidates
from linkage.prepared import prepare
from linkage.spec import LinkSpec


def test_people_of_whom_a_table_has_many_records_are_found_whole() -> None:
    spec = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"')
    letters = "BCDFGHJKLMNPRSTVW"
    names = [f"{one}arl{two}a {two}un{one}et" for one in letters for two in letters for _ in range(20)]
    table = pd.DataFrame({"id": [f"{number:05d}" for number in range(len(names))], "name": names})
    compared = prepare(table, spec).run.known.candidates
    left, right = compared.pairs >> 32, compared.pairs & 0xFFFFFFFF
    assert int((left // 20 == right // 20).sum()) == 17 * 17 * 20 * 19 // 2


TABLE = """
id = "id"
[columns]
forename = "forename"
surname = "surname"
dob = "date_of_birth"
postcode = "postcode"
birth_place = "category"
"""
PAIRS = {
    "two names and the year": (("Ada", "Tredent", "1911", "", ""), ("Ada", "Trundel", "1911-06-07", "", "")),
    "initials and the postcode": (("Adda", "Tarrent", "", "ZA1 5QR", ""), ("Adia", "Tbrrant", "", "ZA1 5QR", "")),
    "forename, year and place": (
        ("Ada", "", "1911", "", "Upperfold"),
        ("Ada", "Tarrant", "1911-06-07", "", "Upperfold"),
    ),
    "surname, year and place": (
        ("", "Tarrant", "1911", "", "Upperfold"),
        ("Ada", "Tarrant", "1911-06-07", "", "Upperfold"),
    ),
}


@pytest.mark.parametrize("one", PAIRS)
def test_what_two_records_share_brings_them_together_in_a_crowd(one: str) -> None:
    # So many of one name or the other that no rule of one key can be afforded.
    crowd = [
        ("Ada", f"T{'aeio'[n % 4]}rrant{n % 50}", f"{1920 + n % 40}", f"ZA{2 + n % 30} 1QR", "Upperfold")
        if n % 2
        else (f"{'BCDF'[n // 2 % 4]}ada{n % 50}", "Tarrant", f"{1920 + n % 40}", f"ZA{2 + n % 30} 1QR", "Upperfold")
        for n in range(4_000)
    ]
    table = pd.DataFrame([*PAIRS[one], *crowd], columns=["forename", "surname", "dob", "postcode", "birth_place"])
    table = table.assign(id=[f"{n:05d}" for n in range(len(table))]).replace("", None)
    assert 1 in prepare(table, LinkSpec.from_toml_text(TABLE)).run.known.candidates.pairs.tolist()


def test_rules_that_need_a_birth_date_are_the_first_to_ask_for_more_where_pairs_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowd = [
        {"id": f"{group:02d}{at:02d}", "forename": "Ada", "surname": surname, "dob": f"1911-06-{1 + at % 28:02d}"}
        for group, surname in enumerate(f"{one}{two}rant" for one, two in product("BDLMN", "aeio"))
        for at in range(50)
    ]
    table = pd.DataFrame(crowd).assign(postcode="", birth_place="")
    both = 20 * 50 * 49 // 2
    few = prepare(table, LinkSpec.from_toml_text(TABLE)).pairs_by_rule
    assert (few["both_names"], few["surname + birth_month"]) == (both, both)
    monkeypatch.setattr(candidates, "_FEW", 0)
    many = prepare(table, LinkSpec.from_toml_text(TABLE)).pairs_by_rule
    assert (many["both_names"], many.get("surname + birth_month", 0)) == (both, 0)
