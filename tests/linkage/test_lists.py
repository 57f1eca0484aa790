"""Lists that people keep: few columns, and all of a home or a contact in one of them."""

import pandas as pd
import pytest

from linkage.engine import link
from linkage.spec import LinkSpec

ROLL = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"\nhome = "address"\n')
MAIL = LinkSpec.from_toml_text('id = "id"\n[columns]\nfn = "forename"\nsn = "surname"\nmail = "email"\ntel = "phone"\n')
FORENAMES = ["Annabeth", "Bertram", "Clarice", "Dov", "Edwina", "Ferdinand", "Gwilym", "Hortense"]
SURNAMES = ["Okonjo", "Ellery", "Vance", "Marsh", "Quill", "Stott", "Tarrant"]
STREETS = ["High Street", "Mill Lane", "Church Road", "Station Road", "Park Avenue"]


def people(size: int = 400) -> pd.DataFrame:
    number = pd.Series(range(size))
    return pd.DataFrame(
        {
            "fn": number.map(lambda n: FORENAMES[n % 8]),
            "sn": number.map(lambda n: SURNAMES[n // 8 % 7]),
            "street": number.map(lambda n: STREETS[n * 7 // 5 % 5]),
            "number": number.map(lambda n: n * 13 % 97 + 1),
            "postcode": number.map(
                lambda n: f"ZA{n % 9 + 1} {n // 9 % 9 + 1}{'ABDEFGH'[n % 7]}{'ABDEFGH'[n // 7 % 7]}"
            ),
        }
    )


def pairs(clusters: pd.DataFrame) -> set[tuple[str, str]]:
    groups = clusters.groupby("cluster_id")["id"].apply(list)
    return {(a, b) for members in groups for place, a in enumerate(members) for b in members[place + 1 :]}


def test_a_postcode_at_the_end_of_an_address_tells_the_home() -> None:
    known = people()
    first = known["fn"] + " " + known["sn"], known["number"].astype(str) + " " + known["street"] + ", Upperfold, "
    again = known["sn"].str.upper() + ", " + known["fn"], known["number"].astype(str) + " " + known["street"] + " "
    one = pd.DataFrame({"id": known.index.astype(str) + "a", "name": first[0], "home": first[1] + known["postcode"]})
    short = known["postcode"].str.replace(" ", "")
    other = pd.DataFrame({"id": known.index.astype(str) + "b", "name": again[0], "home": again[1] + short})
    found = pairs(link(pd.concat([one, other.iloc[::3]], ignore_index=True), ROLL).clusters)
    true = {(f"{n}a", f"{n}b") for n in range(0, 400, 3)}
    assert len(found & true) >= 0.97 * len(true)
    assert len(found - true) <= 0.03 * len(true)


def test_namesakes_whose_electronic_addresses_are_much_alike_are_not_joined_by_them() -> None:
    known = people()
    number = pd.Series(known.index).mul(37).mod(997).astype(str)
    mail = (known["fn"] + "." + known["sn"] + number + "@example.org").str.lower()
    phone = "07700 " + pd.Series(known.index).mul(7919).mod(899_993).add(100_000).astype(str)
    one = pd.DataFrame({"id": known.index.astype(str) + "a", "fn": known["fn"], "sn": known["sn"], "mail": mail})
    one = one.assign(tel=phone)
    other = one.assign(id=known.index.astype(str) + "b", mail=mail.str.upper()).iloc[::3]
    found = pairs(link(pd.concat([one, other], ignore_index=True), MAIL).clusters)
    true = {(f"{n}a", f"{n}b") for n in range(0, 400, 3)}
    assert len(found & true) >= 0.97 * len(true)
    assert len(found - true) <= 0.03 * len(true)


@pytest.mark.parametrize("size", [0, 1])
def test_a_list_of_nobody_or_of_one_is_a_list(size: int) -> None:
    table = pd.DataFrame({"id": ["1"], "name": ["Annabeth Okonjo"], "home": ["1 High Street ZA1 1AA"]}).head(size)
    assert len(link(table, ROLL).clusters) == size
