"""The comparable form of what people write."""

import pyarrow as pa
import pytest

from linkage.cleaning import apply_forms, open_engine

FORMS = {
    "category_form(x)": {
        "12 Acacia Road": "12 ACACIA ROAD",
        "12  Acacia Road": "12 ACACIA ROAD",
        " Acacia ": "ACACIA",
        "St. Mary's-Road": "ST MARY S ROAD",
        "Łódź 1": "LODZ 1",
        "ß": "SS",
        "a": "A",
        "--": None,
        "": None,
    },
    "date_form(x)": {
        "1985-03-07": "19850307",
        "1985/3/7": "19850307",
        "1985-03-07 00:00:00": "19850307",
        "07/03/1985": "19850307",
        "7.3.1985": "19850307",
        "19850307": "19850307",
        "7 March 1985": "19850307",
        "7th March, 1985": "19850307",
        "07-Mar-1985": "19850307",
        "March 7, 1985": "19850307",
        "1985": "19850000",
        "07/03/85": None,
        "31 February 1985": None,
        "March": None,
        "unknown": None,
        "": None,
    },
    "postcode_within(x)": {
        "17 VICTORIA ROAD UPPERFOLD ZA48 2FA": "ZA48 2FA",
        "17 VICTORIA ROAD ZA482FA": "ZA482FA",
        "17 VICTORIA ROAD Z1A 1AA UNITED KINGDOM": None,
        "17 VICTORIA ROAD Z1A 1AA UK": "Z1A 1AA",
        "17 VICTORIA ROAD": None,
        "ZA48 2FA HOUSE VICTORIA ROAD": None,
        "": None,
    },
    "identifier_form(x)": {
        "c8eb34b0": "C8EB34B0",
        "QQ 12-34 56/a": "QQ123456A",
        "QQ123456A": "QQ123456A",
        "é1": "E1",
        " ": None,
        "": None,
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_one_way_or_another_has_one_form(form: str) -> None:
    with open_engine(1) as engine:
        found = apply_forms(engine, pa.array([*FORMS[form], None], pa.string()), [form])[0]
    assert found.to_pylist() == [*FORMS[form].values(), None]
