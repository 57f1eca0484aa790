"""A table beside what was held of it: records are told to stand as they were by a hash of all that they say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from linkage.errors import RecordsError
from linkage.prepared import Means, prepare
from linkage.renewal import Renewed, Roll, renewed
from linkage.spec import LinkSpec

SPEC = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"\n')
TABLE = pd.DataFrame({"id": ["a", "b", "c"], "name": ["Ann Oak", "Bo Ash", "Cy Elm"]}, dtype="string[pyarrow]")


@pytest.fixture(scope="module")
def roll() -> Roll:
    table = prepare(TABLE, SPEC, is_held=True)
    return Roll(table.run.people, table.told, np.arange(len(TABLE), dtype=np.int32))


def after(roll: Roll, told: np.ndarray) -> Renewed:
    with Means().engine() as engine:
        return renewed(roll, TABLE, told, SPEC, engine, threads=1)


def test_records_that_say_the_same_stand_where_they_stood(roll: Roll) -> None:
    now = after(roll, roll.told)
    assert now.roll.order.tolist() == [0, 1, 2]
    assert not len(now.fresh)
    assert not len(now.gone)


def test_two_held_records_of_one_hash_are_refused_rather_than_mixed_up(roll: Roll) -> None:
    alike = replace(roll, told=roll.told[[0, 0, 2]])
    with pytest.raises(RecordsError, match="the same hash"):
        after(alike, roll.told)


def test_a_row_of_another_records_hash_is_refused_rather_than_lost(roll: Roll) -> None:
    with pytest.raises(RecordsError, match="the same hash"):
        after(roll, roll.told[[0, 0, 2]])
