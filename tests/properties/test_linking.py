"""What must hold whatever the records: order, threads, symmetry, rules."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.cleaning import open_engine
from linkage.comparisons import features_of
from linkage.encoding import encode
from linkage.engine import link
from linkage.model import Model
from linkage.spec import LinkSpec

SPEC = LinkSpec.from_toml_text(
    'id = "id"\nsource = "source"\n[columns]\nforename = "forename"\nsurname = "surname"\ndob = "date_of_birth"\n'
    'address = "address"\npostcode = "postcode"\nnumber = { kind = "identifier", exclusive = true }\n'
)
PERSON = st.fixed_dictionaries({
    "forename": st.sampled_from(["Ann", "Anne", "Bob", "Robert", "Cy", None]),
    "surname": st.sampled_from(["Hill", "Hull", "Dale-Hill", "Moor", None]),
    "dob": st.sampled_from(["1980-02-03", "1980-03-02", "2011-05-05", None]),
    "address": st.sampled_from(["1 Mill Road", "2 Mill Road", None]),
    "postcode": st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", None]),
    "number": st.sampled_from(["N1", "N2", None, None, None]),
    "source": st.sampled_from(["s", "t"]),
})  # fmt: skip
TABLES = st.lists(PERSON, min_size=1, max_size=14)
LENIENT = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table_of(people: list[dict[str, str | None]]) -> pd.DataFrame:
    columns = ["id", "forename", "surname", "dob", "address", "postcode", "number", "source"]
    rows = [dict(person, id=f"r{at:02d}") for at, person in enumerate(people)]
    return pd.DataFrame(rows, columns=columns).astype(pd.StringDtype("pyarrow"))


@pytest.fixture(scope="module")
def model() -> Model:
    chance = np.random.default_rng(3)
    names = [("Ann", "Hill"), ("Bob", "Moor"), ("Cy", "Dale"), ("Dee", "Hull"), ("Eve", "Fenn"), ("Flo", "Gale")]
    people = []
    for at in range(200):
        forename, surname = names[chance.integers(6)][0], names[chance.integers(6)][1]
        dob = f"{chance.integers(1950, 2015)}-{chance.integers(1, 13):02d}-{chance.integers(1, 29):02d}"
        place = {"address": f"{at} Mill Road", "postcode": f"ZZ{1 + at % 9} {at % 7}AA"}
        people += [{"forename": forename, "surname": surname, "dob": dob, "source": source, **place} for source in "st"]
    rows = [dict(person, id=f"t{at:03d}", number=None) for at, person in enumerate(people)]
    return link(pd.DataFrame(rows), SPEC).model


@LENIENT
@given(people=TABLES, chance=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(model: Model, people: list[dict[str, str | None]], chance: object) -> None:
    table = table_of(people)
    order = list(range(len(table)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    one, other = link(table, SPEC, model=model), link(table.iloc[order], SPEC, model=model)
    pd.testing.assert_frame_equal(one.clusters, other.clusters)
    pd.testing.assert_frame_equal(one.links, other.links)


@LENIENT
@given(people=TABLES)
def test_two_numbers_never_share_a_person(model: Model, people: list[dict[str, str | None]]) -> None:
    linked = link(table_of(people), SPEC, model=model)
    numbers = linked.clusters.assign(number=table_of(people)["number"]).dropna(subset="number")
    assert numbers.groupby("cluster_id")["number"].nunique().le(1).all()


@LENIENT
@given(people=TABLES, data=st.data())
def test_never_link_and_decisions_are_never_broken(
    model: Model, people: list[dict[str, str | None]], data: st.DataObject
) -> None:
    table = table_of(people)
    ids = st.sampled_from(table["id"].tolist())
    pairs = data.draw(st.lists(st.tuples(ids, ids), max_size=5))
    never = pd.DataFrame([pair for pair in pairs if pair[0] != pair[1]], columns=["left_id", "right_id"])
    linked = link(table, SPEC, model=model, never=never)
    cluster = linked.clusters.set_index("id")["cluster_id"]
    assert all(cluster[left] != cluster[right] for left, right in never.itertuples(index=False))


@LENIENT
@given(people=TABLES, data=st.data())
def test_decisions_bind_through_any_third_record(
    model: Model, people: list[dict[str, str | None]], data: st.DataObject
) -> None:
    table = table_of(people)
    ids = st.sampled_from(table["id"].tolist())
    said = data.draw(st.lists(st.tuples(ids, ids, st.sampled_from(["same", "different"])), max_size=5))
    said = [row for row in said if row[0] != row[1]]
    decisions = pd.DataFrame(said, columns=["left_id", "right_id", "decision"])
    cluster = link(table, SPEC, model=model, decisions=decisions).clusters.set_index("id")["cluster_id"]
    last = {frozenset(pair): decision for *pair, decision in said}
    apart = [pair for pair, decision in last.items() if decision == "different"]
    assert all(len({cluster[record] for record in pair}) == 2 for pair in apart)
    joined = connected([pair for pair, decision in last.items() if decision == "same"])
    # Where a coordinator's words contradict each other through third records, `different` stands.
    free = [group for group in joined if not any(pair <= group for pair in apart)]
    assert all(len({cluster[record] for record in group}) == 1 for group in free)


def connected(pairs: list[frozenset[str]]) -> list[frozenset[str]]:
    groups: list[frozenset[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + [pair.union(*touched)]
    return groups


@LENIENT
@given(people=TABLES)
def test_a_source_that_holds_each_person_once_is_never_joined_with_itself(
    model: Model, people: list[dict[str, str | None]]
) -> None:
    once = replace(SPEC, once_per_person=frozenset({"s"}))
    linked = link(table_of(people), once, model=model)
    of_s = linked.clusters[table_of(people)["source"].eq("s").to_numpy()]
    assert of_s["cluster_id"].is_unique


@LENIENT
@given(people=TABLES)
def test_two_sources_exchanged_give_the_same_people(model: Model, people: list[dict[str, str | None]]) -> None:
    other = {"s": "t", "t": "s"}
    table, exchanged = table_of(people), table_of([{**person, "source": other[person["source"]]} for person in people])
    pd.testing.assert_frame_equal(link(table, SPEC, model=model).clusters, link(exchanged, SPEC, model=model).clusters)


@LENIENT
@given(people=TABLES)
def test_a_pair_weighs_the_same_from_either_side(people: list[dict[str, str | None]]) -> None:
    with open_engine(1) as engine:
        encoded = encode(table_of(people), SPEC, engine)
    left, right = np.triu_indices(len(people), 1)
    for feature in features_of(encoded):
        columns = [encoded.codes[column] for column in feature.labels_left]
        one, other = [codes[left] for codes in columns], [codes[right] for codes in columns]
        np.testing.assert_array_equal(feature.levels(one, other), feature.levels(other, one))


@LENIENT
@given(people=TABLES)
def test_every_record_is_in_one_cluster_called_by_its_smallest_id(
    model: Model, people: list[dict[str, str | None]]
) -> None:
    linked = link(table_of(people), SPEC, model=model)
    assert linked.clusters["id"].tolist() == sorted(linked.clusters["id"])
    assert len(linked.clusters) == len(people)
    assert (linked.clusters.groupby("cluster_id")["id"].min() == sorted(set(linked.clusters["cluster_id"]))).all()


def test_threads_change_nothing(town_table: pd.DataFrame) -> None:
    one, two = link(town_table, SPEC, threads=1), link(town_table, SPEC, threads=2)
    assert one.model.to_text() == two.model.to_text()
    pd.testing.assert_frame_equal(one.links, two.links)


def test_a_model_does_not_depend_on_the_order_of_rows(town_table: pd.DataFrame) -> None:
    backwards = town_table.iloc[::-1]
    assert link(town_table, SPEC).model.to_text() == link(backwards, SPEC).model.to_text()


@pytest.fixture(scope="module")
def town_table() -> pd.DataFrame:
    chance = np.random.default_rng(8)
    forenames, surnames = ["Ann", "Bob", "Cy", "Dee", "Eve", "Flo"], ["Hill", "Moor", "Dale", "Hull", "Fenn", "Gale"]
    rows = []
    for at in range(300):
        person = {
            "forename": forenames[chance.integers(6)] + "abcdef"[chance.integers(6)],
            "surname": surnames[chance.integers(6)] + "xyzuvw"[chance.integers(6)],
            "dob": f"{chance.integers(1950, 2015)}-{chance.integers(1, 13):02d}-{chance.integers(1, 29):02d}",
            "address": f"{at} Mill Road",
            "postcode": f"ZZ{1 + at % 9} {at % 7}AA",
            "number": None,
        }
        rows += [dict(person, id=f"{source}{at:03d}", source=source) for source in "st"]
    return pd.DataFrame(rows)
