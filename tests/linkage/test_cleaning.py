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
