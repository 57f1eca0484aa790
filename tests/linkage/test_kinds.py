"""What is known beforehand of the kinds that are no match: twins, father and son of one name."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from linkage.comparisons import features_of
from linkage.engine import link
from linkage.ladders import ADDRESS, BIRTH, EXACT, EXCLUSIVE, FORENAME, SURNAME
from linkage.learning import Sample, strangers_of
from linkage.mixture import Mixture, patterns_of
from linkage.model import Model
from linkage.prepared import prepare
from linkage.spec import LinkSpec
from linkage.training import sample_of

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


STREETS = [f"{name} {kind}" for name in ("Mill", "Quarry", "Abbey", "Orchard", "Tannery") for kind in ("Row", "Close")]


def short_list() -> pd.DataFrame:
    """Six hundred people, each in two records without a slip, who live alone but for two sets of twins and two fathers
    with a son of their name; `person` says who is who, and `home` which of the people of one home."""
    chooser = np.random.default_rng(5)

    def one(number: int) -> dict[str, str]:
        return {
            "forename": str(chooser.choice(FORENAMES)),
            "surname": f"{chr(65 + number % 26)}o{chr(97 + number // 26)}{chooser.choice(ENDS)}",
            "dob": f"{chooser.integers(1940, 2018)}-{chooser.integers(1, 13):02d}-{chooser.integers(1, 29):02d}",
            "sex": "FM"[number % 2],
            "address": f"{chooser.integers(1, 150)} {chooser.choice(STREETS)}",
            "postcode": f"ZZ{chooser.integers(1, 40)} {chooser.integers(1, 10)}{chooser.choice(list('ABDEF'))}A",
            "nino": f"AB{chooser.integers(10**6):06d}C",
        }

    people = [one(number) | {"home": ""} for number in range(600)]
    for number in (0, 2):
        shared = {name: people[number][name] for name in ("surname", "dob", "sex", "address", "postcode")}
        other = "Zebedee" if people[number]["forename"] != "Zebedee" else "Alwyn"
        people[number + 1] |= shared | {"forename": other}
        people[number]["home"] = people[number + 1]["home"] = f"twins {number}"
    for number, born in ((10, ("1961-03-09", "1990-11-21")), (12, ("1957-08-30", "1984-02-02"))):
        shared = {name: people[number][name] for name in ("forename", "surname", "sex", "address", "postcode")}
        people[number + 1] |= shared
        for place, day in enumerate(born):
            people[number + place] |= {"dob": day, "home": f"father and son {number}"}
    rows = [person | {"person": str(number)} for number, person in enumerate(people) for _ in range(2)]
    return pd.DataFrame(rows).assign(id=[f"{n:05d}" for n in range(len(rows))])


def test_the_only_twins_and_namesakes_of_a_short_list_stay_two_where_numbers_tell_them() -> None:
    table = short_list()
    spec = LinkSpec.from_toml_text(SPEC + 'nino = "identifier"')
    clusters = link(table.drop(columns=["person", "home"]), spec).clusters.set_index("id")["cluster_id"]
    found = table.assign(cluster=clusters.reindex(table["id"]).to_numpy())
    assert found.groupby("person")["cluster"].nunique().max() == 1
    assert found[found["home"] != ""].groupby("home")["cluster"].nunique().eq(2).all()


LADDERS = {"forename": FORENAME, "surname": SURNAME, "dob": BIRTH, "address": ADDRESS, "nino": EXCLUSIVE}
HOME = {"surname": {"exact": 0.8, "different": 0.2}, "address": {"same dwelling": 0.95, "same door": 0.05}}
OTHER = {"forename": {"different": 1.0}, "nino": {"missing": 0.5, "different": 0.5}}
AGES = {"dob": {"near year": 0.5, "same year": 0.05, "different": 0.45}}
BORN_TOGETHER = {"dob": {"exact": 1.0}}
STRANGERS = {"surname": {"different": 1.0}, "address": {"different": 1.0}, "dob": {"near year": 0.1, "different": 0.9}}
MATCH = {
    "forename": {"exact": 0.95, "near": 0.05},
    "surname": {"exact": 0.95, "near": 0.05},
    "dob": {"exact": 0.97, "one digit": 0.03},
    "address": {"same dwelling": 0.8, "different": 0.2},
    "nino": {"missing": 0.5, "exact": 0.5},
}
HOUSEHOLD, TWINS = 2_000, 40


def learnt(*, of_one_name: float = 0.0) -> Model:
    """A model of made pairs: in homes half of them are born within some years of each other, and few are twins."""
    chooser = np.random.default_rng(2)

    def pairs(count: int, shares: dict[str, dict[str, float]]) -> npt.NDArray[np.uint8]:
        columns = []
        for name, ladder in LADDERS.items():
            levels = [ladder.levels.index(level) for level in shares[name]]
            columns.append(chooser.choice(levels, count, p=list(shares[name].values())))
        return np.column_stack(columns).astype(np.uint8)

    made = [
        pairs(1_000, MATCH),
        pairs(HOUSEHOLD, HOME | OTHER | AGES),
        pairs(TWINS, HOME | OTHER | BORN_TOGETHER),
        pairs(3_000, STRANGERS | OTHER),
    ]
    all_pairs = 2_000_000.0
    chance = [all_pairs * strangers_of(ladder) for ladder in LADDERS.values()]
    sample = Sample(2_000, all_pairs, chance, frequencies={}, rare={}, of_one_name=of_one_name)
    return Mixture(LADDERS, sample=sample).learn(*patterns_of(np.vstack(made)))


def test_twins_are_as_alike_as_two_records_of_one_person() -> None:
    model = learnt()
    twins = next(kind for kind in model.non_matches if kind.name == "twins")
    match = {field.name: field.match for field in model.fields}
    assert twins.shares == {name: match[name] for name in ("surname", "dob", "address")}


def test_brothers_and_sisters_of_near_ages_are_not_taken_for_twins() -> None:
    pairs = {kind.name: kind.pairs for kind in learnt().non_matches}
    assert pairs["household"] + pairs["twins"] == pytest.approx(HOUSEHOLD + TWINS, rel=0.1)
    assert pairs["twins"] < 0.1 * pairs["household"]


def test_namesakes_whom_blocking_left_out_are_counted_in_the_table() -> None:
    """Of twenty thousand pairs of one name some nine hundred are matches and a few are strangers."""
    agreeing = 20_000.0
    model = learnt(of_one_name=agreeing)
    namesakes = next(kind for kind in model.non_matches if kind.name == "namesakes")
    by_name = namesakes.shares["forename"][EXACT] * namesakes.shares["surname"][EXACT]
    assert namesakes.pairs * by_name == pytest.approx(agreeing - 900, rel=0.02)


def test_pairs_of_one_name_are_told_but_within_a_source_that_holds_each_person_once() -> None:
    spec = LinkSpec.from_toml_text("""
        id = "id"
        source = "source"
        once_per_person = ["roll"]
        [columns]
        forename = "forename"
        surname = "surname"
        dob = "date_of_birth"
    """)
    names = [("Ada", "Brook"), ("Ada", "Brook"), ("Ada", "Brook"), ("Ada", "Hill"), ("Cy", "Brook"), (None, "Brook")]
    table = pd.DataFrame(names, columns=["forename", "surname"]).assign(
        id=[f"{n}" for n in range(len(names))],
        dob="1990-03-07",
        source=["roll", "roll", "list", "list", "list", "list"],
    )
    people = prepare(table, spec).run.people
    assert sample_of(people, features_of(people), spec.settings, threads=1).of_one_name == 2
