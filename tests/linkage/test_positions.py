"""Where the records stand that another table names by their ids."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from linkage.cleaning import hashing_by, open_engine
from linkage.encoding import encode
from linkage.errors import RecordsError
from linkage.records import People
from linkage.spec import LinkSpec

SPEC = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"\n')


@pytest.fixture
def few() -> People:
    table = pd.DataFrame({"id": ["c", "a", "b"], "name": ["Ann Oak", "Bo Ash", "Cy Elm"]}, dtype="string[pyarrow]")
    with open_engine(1) as engine:
        return encode(table, SPEC, engine)


def places(people: People, *columns: list[str | None]) -> list[list[int]]:
    named = [pd.Series(column, dtype="string[pyarrow]") for column in columns]
    with open_engine(1) as engine:
        return [found.tolist() for found in people.positions(*named, hashed=hashing_by(engine))]


def test_each_column_is_told_where_its_records_stand_in_the_order_of_ids(few: People) -> None:
    assert places(few, ["b", "a", "b"], ["c"], []) == [[1, 0, 1], [2], []]


def test_an_id_that_the_table_lacks_or_that_is_missing_stands_nowhere(few: People) -> None:
    assert places(few, ["A", None, "c"]) == [[-1, -1, 2]]


def test_a_record_that_is_gone_is_not_found(few: People) -> None:
    hashes = few.key_hashes.copy()
    hashes[1] = 0
    assert places(replace(few, key_hashes=hashes), ["a", "b", "c"]) == [[0, -1, 2]]


def test_two_ids_of_one_hash_are_refused_rather_than_mixed_up(few: People) -> None:
    alike = replace(few, key_hashes=np.full(3, 7, np.uint64))
    with pytest.raises(RecordsError, match="the same hash"):
        places(alike, ["a"])
