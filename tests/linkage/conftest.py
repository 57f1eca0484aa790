from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from linkage.spec import LinkSpec

SPEC = """
id = "id"
source = "source"

[columns]
forename = "forename"
middle = "middle_names"
surname = "surname"
former_surname = "surname"
dob = "date_of_birth"
age_group = "age_group"
sex = "sex"
address = "address"
postcode = "postcode"
upn = { kind = "identifier", exclusive = true, former = "former_upn", temporary = "[A-Z]$" }
nino = { kind = "identifier", exclusive = true }
"""
COLUMNS = [
    "id", "source", "forename", "middle", "surname", "former_surname", "dob", "age_group", "sex", "address", "postcode",
    "upn", "former_upn", "nino",
]  # fmt: skip


@pytest.fixture(scope="session")
def people_spec() -> LinkSpec:
    return LinkSpec.from_toml_text(SPEC)


@pytest.fixture(scope="session")
def people() -> Callable[..., pd.DataFrame]:
    """Records of people from keyword rows; what a row does not say is missing."""

    def build(*rows: dict[str, str]) -> pd.DataFrame:
        table = pd.DataFrame(list(rows), columns=COLUMNS)
        return table.astype(pd.StringDtype("pyarrow"))

    return build


FORENAMES = (
    "Alice Boris Carla Dinesh Erin Farah George Hana Imran Julia Kofi Lena Marek Nadia Owen Priya Rosa Sam Tara Umar"
).split()
SURNAMES = (
    "Ashdown Birkett Choudhury Dvorak Ellison Farrow Grantham Hussain Ibrahim Jarvis Kowalski Lindqvist Mistry".split()
)


@pytest.fixture(scope="session")
def town(people: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """A small town: 120 homes of three, each person in two sources, some with a slip. The truth stands in `person`."""
    chance = np.random.default_rng(11)
    rows = []
    for home in range(120):
        surname = SURNAMES[chance.integers(len(SURNAMES))] + chance.choice(["", "son", "worth", "field"])
        address, postcode = (
            f"{chance.integers(1, 90)} Mill Road",
            f"ZZ{1 + home // 40} {home % 10}{chance.choice(list('ABDEFGHJ'))}A",
        )
        for place in range(3):
            number = home * 3 + place
            person = {
                "forename": chance.choice(FORENAMES),
                "surname": surname,
                "dob": f"{chance.integers(1950, 2020)}-{chance.integers(1, 13):02d}-{chance.integers(1, 29):02d}",
                "sex": "FM"[number % 2],
                "address": address,
                "postcode": postcode,
            }
            for source in ("school", "police"):
                record = dict(person, id=f"{source}-{number:03d}", source=source)
                if source == "police" and number % 5 == 0:
                    record["forename"] = person["forename"][:-1]
                if source == "police" and number % 7 == 0:
                    del record["dob"]
                rows.append(record)
    return people(*rows).assign(person=[row["id"][-3:] for row in rows])
