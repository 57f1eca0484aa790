"""Father and son of one name in one home, in a table that has no number to tell them apart."""

import numpy as np
import pandas as pd

from linkage.engine import link
from linkage.spec import LinkSpec

SPEC = """
id = "id"
[columns]
forename = "forename"
surname = "surname"
dob = "date_of_birth"
sex = "sex"
address = "address"
postcode = "postcode"
"""
FORENAMES = (
    "Alwyn Boris Clement Dinesh Edgar Farouk George Horace Imran Julius Kofi Lionel Marek Nikhil Owen Percy Quentin "
    "Rollo Samuel Tobias Umar Vikram Wesley Xavier Yusuf Zoltan"
).split()
ENDS = "ton ley ham field ford worth by thorpe well wick den land bourne croft gate shaw stone bury dale hurst".split()


def homes(count: int) -> pd.DataFrame:
    """Every tenth home has a father and a son of his name, each in two records; `person` says who is who."""
    chooser = np.random.default_rng(3)
    rows = []
    for number in range(count):
        name, other = chooser.choice(FORENAMES, 2, replace=False)
        home = {
            "surname": f"{chr(65 + number % 26)}ar{chr(97 + number // 26 % 26)}{ENDS[number % len(ENDS)]}",
            "sex": "M",
            "address": f"{number % 97 + 1} Upper Road",
            "postcode": f"ZZ{number % 40} {number % 9}AA",
        }
        father, son = (int(year) for year in (1955 + number % 25, 1985 + number % 30))
        named = [(name, father), (name if number % 10 == 0 else other, son)]
        for place, (forename, year) in enumerate(named):
            day = f"{year}-{number % 12 + 1:02d}-{(number + 7 * place) % 28 + 1:02d}"
            rows += [home | {"forename": forename, "dob": day, "person": f"{number}-{place}"}] * 2
    return pd.DataFrame(rows).assign(id=[f"{n:05d}" for n in range(len(rows))])


def test_a_father_and_a_son_of_his_name_stay_two_where_only_their_dates_tell() -> None:
    table = homes(600)
    clusters = link(table.drop(columns="person"), LinkSpec.from_toml_text(SPEC)).clusters
    person = table.set_index("id").loc[clusters["id"], "person"].to_numpy()
    people = pd.Series(person).groupby(clusters["cluster_id"].to_numpy()).nunique()
    assert (people > 1).sum() <= 6
    assert pd.Series(clusters["cluster_id"].to_numpy()).groupby(person).nunique().gt(1).sum() <= 6
