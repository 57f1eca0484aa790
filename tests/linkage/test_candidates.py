"""Which pairs are compared at all."""

import pandas as pd

from linkage.engine import prepare
from linkage.spec import LinkSpec


def test_people_of_whom_a_table_has_many_records_are_found_whole() -> None:
    spec = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"')
    letters = "BCDFGHJKLMNPRSTVW"
    names = [f"{one}arl{two}a {two}un{one}et" for one in letters for two in letters for _ in range(20)]
    table = pd.DataFrame({"id": [f"{number:05d}" for number in range(len(names))], "name": names})
    compared = prepare(table, spec).run.compared
    left, right = compared.pairs >> 32, compared.pairs & 0xFFFFFFFF
    assert int((left // 20 == right // 20).sum()) == 17 * 17 * 20 * 19 // 2
