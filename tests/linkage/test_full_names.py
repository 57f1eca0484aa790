"""Whole names in one column: who is meant, whatever stands before and after."""

import pandas as pd
import pyarrow as pa
import pytest

from linkage.cleaning import apply_forms, open_engine
from linkage.comparisons import features_of
from linkage.encoding import encode
from linkage.spec import LinkSpec


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Alwyn Tarrant, 1st Baron Tarrant of Upperfold", "ALWYN TARRANT"),
        ("Sir Alwyn Tarrant, 3rd Baronet", "ALWYN TARRANT"),
        ("Alwyn Tarrant 4th Earl of Upperfold", "ALWYN TARRANT"),
        ("Alwyn Tarrant, Duke of Upperfold", "ALWYN TARRANT"),
        ("The Hon. Ada Mary Tarrant", "ADA MARY TARRANT"),
        ("Capt. Alwyn Tarrant", "ALWYN TARRANT"),
        ("Alwyn Tarrant Jr.", "ALWYN TARRANT"),
        ("Tarrant, Alwyn", "ALWYN TARRANT"),
        ("Tarrant, Earl", "EARL TARRANT"),
        ("Van Tarrant, Barton", "BARTON VAN TARRANT"),
        ("Alwyn Baron", "ALWYN BARON"),
        ("Major Tarrant", "MAJOR TARRANT"),
        ("Lord Tarrant", "LORD TARRANT"),
    ],
)
def test_a_rank_is_no_name(written: str, form: str) -> None:
    with open_engine(1) as engine:
        assert apply_forms(engine, pa.array([written]), ["full_name_form(x)"])[0].to_pylist() == [form]


def test_without_doors_a_postcode_is_compared_letter_by_letter() -> None:
    spec = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"\npostcode = "postcode"')
    table = pd.DataFrame({"id": ["1", "2"], "name": ["Ada Tarrant"] * 2, "postcode": ["ZA1 5QR", "AZ1 5QR"]})
    with open_engine(1) as engine:
        people = encode(table, spec, engine)
    postcode = next(feature for feature in features_of(people) if feature.label == "postcode")
    codes = [people.codes[column] for column in postcode.labels_left]
    level = postcode.levels([column[:1] for column in codes], [column[1:] for column in codes])[0]
    assert postcode.ladder.levels[level] == "near"
