"""A table that was held and changed gives what the whole of it gives: people, links, questions and counts."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage import held as held_module
from linkage import plan
from linkage.blocks import Blocked
from linkage.engine import Linked, again, link
from linkage.errors import RecordsError
from linkage.held import Held
from linkage.held_parts import held_of, parts_of
from linkage.model import Model
from linkage.plan import Plan
from linkage.spec import LinkSpec

SPEC = LinkSpec.from_toml_text(
    'id = "id"\nsource = "source"\nonce_per_person = ["s"]\n[columns]\nforename = "forename"\nmiddle = "middle_names"\n'
    'surname = "surname"\ndob = "date_of_birth"\naddress = "address"\npostcode = "postcode"\nuprn = "uprn"\n'
    'phone = "phone"\nplace = "category"\n'
    'number = { kind = "identifier", exclusive = true, former = "number_before" }\ncard = "identifier"\n'
)
PERSON_COLUMNS = [
    "forename", "middle", "surname", "dob", "address", "postcode", "uprn", "phone", "place", "number", "number_before",
    "card", "source",
]  # fmt: skip
PERSON = st.fixed_dictionaries({
    "forename": st.sampled_from(["Ann Marie", "Annmarie", "Ann", "Bob", "Robert", None]),
    "middle": st.sampled_from(["Marie", "Jo", None]),
    "surname": st.sampled_from(["Hill", "Hull", "Dale-Hill", "Moor", None]),
    "dob": st.sampled_from(["1980-02-03", "1980-03-02", "2011-05-05", None]),
    "address": st.sampled_from(["1 Mill Road", "2 Mill Road", "Flat 2, 2 Mill Road", None]),
    "postcode": st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", None]),
    "uprn": st.sampled_from(["100", "200", None]),
    "phone": st.sampled_from(["01234 567890", "01234 567891", None]),
    "place": st.sampled_from(["Leeds", "York", None]),
    "number": st.sampled_from(["N1", "N2", "N3", None, None]),
    "number_before": st.sampled_from(["N1", "N4", None, None, None]),
    "card": st.sampled_from(["C12", "C21", None]),
    "source": st.sampled_from(["s", "t", "t"]),
})  # fmt: skip
IDS = [f"r{at:02d}" for at in range(16)]
TABLES = st.dictionaries(st.sampled_from(IDS), PERSON, min_size=1, max_size=14)
RELATIONS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), st.sampled_from(["child", "parent", "partner"])), max_size=8
)
PAIRS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1]), max_size=3
)
DECISIONS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), st.sampled_from(["same", "different"])).filter(
        lambda said: said[0] != said[1]
    ),
    max_size=3,
)
LENIENT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table_of(people: dict[str, dict[str, str | None]]) -> pd.DataFrame:
    rows = [{"id": key, **person} for key, person in people.items()]
    return pd.DataFrame(rows, columns=["id", *PERSON_COLUMNS]).astype(pd.StringDtype("pyarrow"))


def related(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "kin_id", "way"]).astype(pd.StringDtype("pyarrow"))


def paired(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["left_id", "right_id"]).astype(pd.StringDtype("pyarrow"))


def decided(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["left_id", "right_id", "decision"]).astype(pd.StringDtype("pyarrow"))


def assert_same(one: Linked, other: Linked) -> None:
    pd.testing.assert_frame_equal(one.clusters, other.clusters)
    pd.testing.assert_frame_equal(one.links, other.links)
    assert one.counts == other.counts
    np.testing.assert_array_equal(one.reviews, other.reviews)


@pytest.fixture(scope="module")
def model() -> Model:
    chance = np.random.default_rng(3)
    people: dict[str, dict[str, str | None]] = {}
    for at in range(240):
        person = {
            "forename": ["Ann", "Bob", "Cy", "Dee", "Eve", "Flo"][chance.integers(6)] + "abcd"[chance.integers(4)],
            "middle": "ABCDEFGHIJ"[chance.integers(10)] + "opqrst"[chance.integers(6)] + "ne",
            "surname": ["Hill", "Moor", "Dale", "Hull", "Fenn"][chance.integers(5)],
            "dob": f"{chance.integers(1950, 2015)}-{chance.integers(1, 13):02d}-{chance.integers(1, 29):02d}",
            "address": f"{at} Mill Road",
            "postcode": f"ZZ{1 + at % 9} {at % 7}AA",
            "uprn": str(1000 + at),
            "phone": f"01234 5{at:05d}",
            "place": ["Leeds", "York"][at % 2],
            "number": f"N{at}",
            "number_before": None,
            "card": f"C{at}",
        }
        people |= {f"{source}{at:03d}": {**person, "source": source} for source in "st"}
    relations = related([(f"s{at:03d}", f"t{at + 1:03d}", "child") for at in range(0, 200, 2)])
    return link(table_of(people), SPEC, relations=relations).model


@LENIENT
@given(
    before=TABLES,
    after=TABLES,
    kin=RELATIONS,
    kin_before=RELATIONS,
    never=PAIRS,
    decisions=DECISIONS,
    before_that=PAIRS,
)
def test_what_changed_gives_what_the_whole_gives(
    model: Model, before: Any, after: Any, kin: Any, kin_before: Any, never: Any, decisions: Any, before_that: Any
) -> None:
    # Most records of the earlier state stand as they were.
    after = {**{key: before.get(key, person) for key, person in after.items()}, **dict(list(after.items())[:3])}
    first = link(
        table_of(before),
        SPEC,
        model=model,
        relations=related(kin_before),
        never=paired(before_that),
        decisions=decided([(*pair, "same") for pair in before_that[:1]]),
        is_held=True,
    )
    held = first.held
    assert held is not None
    known = {"model": model, "relations": related(kin), "never": paired(never), "decisions": decided(decisions)}
    whole = link(table_of(after), SPEC, plan=first.plan, **known)
    assert_same(link(table_of(after), SPEC, held=held, **known), whole)
    read_back = held_of(parts_of(held))
    assert_same(link(table_of(after), SPEC, held=read_back, **known), whole)


@LENIENT
@given(table=TABLES, kin=RELATIONS, never=PAIRS, later=PAIRS, decisions=DECISIONS)
def test_other_rules_on_the_same_table_give_what_they_give_from_the_start(
    model: Model, table: Any, kin: Any, never: Any, later: Any, decisions: Any
) -> None:
    known = {"model": model, "relations": related(kin)}
    first = link(table_of(table), SPEC, never=paired(never), is_held=True, **known)
    rules = {"never": paired(later), "decisions": decided(decisions)}
    other = again(first, **rules)
    assert_same(other, link(table_of(table), SPEC, plan=first.plan, **rules, **known))
    assert other.held is not None
    assert_same(link(table_of(table), SPEC, held=other.held, **rules, **known), other)


@pytest.mark.parametrize("loose", [0.2, 1000.0])
@LENIENT
@given(states=st.lists(st.tuples(TABLES, RELATIONS), min_size=3, max_size=4))
def test_many_changes_one_after_the_other_give_what_the_whole_gives(
    model: Model, monkeypatch: pytest.MonkeyPatch, states: list[Any], loose: float
) -> None:
    monkeypatch.setattr(held_module, "_LOOSE", loose)
    held, planned = None, None
    for people, kin in states:
        known = {"model": model, "relations": related(kin), "plan": planned}
        linked = link(table_of(people), SPEC, held=held, is_held=True, **known)
        held, planned = linked.held, linked.plan
    assert_same(linked, link(table_of(people), SPEC, **known))


def test_nothing_that_only_a_record_which_is_gone_said_is_held(model: Model) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    stays = {**nobody, "forename": "Ann", "surname": "Hill", "dob": "1980-02-03", "source": "t"}
    left = {**nobody, "forename": "Zebedee", "surname": "Hill", "uprn": "777", "number": "N777", "source": "t"}
    relations = related([])
    held = link(table_of({"r1": stays, "secret": left}), SPEC, model=model, relations=relations, is_held=True).held
    assert held is not None
    assert {"ZEBEDEE", "N777", "777"} <= texts_in(held)
    now = link(table_of({"r1": stays}), SPEC, model=model, relations=relations, held=held).held
    assert now is not None
    assert not {text for text in texts_in(now) if text in {"ZEBEDEE", "N777", "777"}}
    assert {"ANN", "HILL"} <= texts_in(now)
    assert not {"r1", "secret"} & (texts_in(held) | texts_in(now))


def test_names_that_were_forgotten_lend_no_word_to_others(model: Model) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    person = {**nobody, "forename": "Ann", "dob": "1980-02-03", "uprn": "100", "number": "N1", "source": "t"}
    relations = related([])
    before = {f"r{at}": {**person, "surname": name} for at, name in enumerate(["Hill", "Hull", "Fenn"])}
    first = link(table_of(before), SPEC, model=model, relations=relations, is_held=True)
    after = table_of({f"r{at}": {**person, "surname": name} for at, name in enumerate(["Dale Hill", "Moor"])})
    again = link(after, SPEC, model=model, relations=relations, held=first.held)
    assert_same(again, link(after, SPEC, model=model, relations=relations, plan=first.plan))
    assert again.links["levels"].str.contains('"surname": ["different"', regex=False).all()


def texts_in(held: Held) -> set[str]:
    columns = [column for part in parts_of(held).values() for column in part.columns]
    return {text for column in columns if pa.types.is_string(column.type) for text in column.to_pylist() if text}


def test_a_table_held_is_matched_by_the_model_that_it_was_held_by(model: Model) -> None:
    person = {**dict.fromkeys(PERSON_COLUMNS), "forename": "Ann", "surname": "Hill", "source": "t"}
    relations = related([])
    held = link(table_of({"a": person}), SPEC, model=model, relations=relations, is_held=True).held
    now = link(table_of({"a": person, "b": person}), SPEC, relations=relations, held=held)
    assert now.model.sha256 == model.sha256
    assert now.fresh == 1


def test_only_what_changed_is_looked_at(model: Model) -> None:
    person = {"forename": "Ann", "surname": "Hill", "dob": "1980-02-03", "source": "t"}
    nobody = dict.fromkeys(PERSON_COLUMNS)
    people = {f"r{at:02d}": {**nobody, **person, "dob": f"1980-02-{at + 1:02d}"} for at in range(20)}
    relations = related([])
    first = link(table_of(people), SPEC, model=model, relations=relations, is_held=True)
    people["r03"] = {**people["r03"], "surname": "Moor"}
    del people["r04"]
    again = link(table_of(people), SPEC, model=model, relations=relations, held=first.held)
    assert (first.fresh, again.fresh) == (20, 1)


def test_a_number_that_another_record_explains_now_is_looked_at_again(model: Model) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    people: dict[str, dict[str, str | None]] = {
        "a": {**nobody, "forename": "Ann", "surname": "Hill", "dob": "1980-02-03", "number": "N1", "source": "t"},
        "b": {**nobody, "forename": "Ann", "surname": "Hill", "dob": "1980-02-03", "number": "N2", "source": "t"},
    }
    relations = related([])
    first = link(table_of(people), SPEC, model=model, relations=relations, is_held=True)
    assert first.clusters["cluster_id"].nunique() == 2
    people["c"] = {**nobody, "forename": "Bob", "surname": "Moor", "number": "N2", "number_before": "N1", "source": "t"}
    again = link(table_of(people), SPEC, model=model, relations=relations, held=first.held)
    assert_same(again, link(table_of(people), SPEC, model=model, relations=relations, plan=first.plan))
    assert again.clusters.set_index("id").loc[["a", "b"], "cluster_id"].nunique() == 1


def test_a_block_that_has_outgrown_its_plan_is_planned_anew(model: Model) -> None:
    def at_one_home(count: int) -> pd.DataFrame:
        nobody = dict.fromkeys(PERSON_COLUMNS)
        return table_of({
            f"r{at:03d}": {**nobody, "forename": f"Ann{at}", "surname": "Hill", "uprn": "100", "source": "t"}
            for at in range(count)
        })  # fmt: skip

    relations = related([])
    first = link(at_one_home(50), SPEC, model=model, relations=relations, is_held=True)
    again = link(at_one_home(300), SPEC, model=model, relations=relations, held=first.held, is_held=True)
    assert again.plan.sha256 != first.plan.sha256
    assert again.fresh == 300
    assert_same(again, link(at_one_home(300), SPEC, model=model, relations=relations))


def test_what_was_held_of_a_table_described_otherwise_is_not_used(model: Model) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    table = table_of(
        {"a": {**nobody, "forename": "Ann", "source": "t"}, "b": {**nobody, "forename": "Ann", "source": "t"}}
    )
    first = link(table, SPEC, model=model, relations=related([]), is_held=True)
    other = LinkSpec(SPEC.id, SPEC.columns, SPEC.source)
    again = link(table, other, model=model, relations=related([]), held=first.held, is_held=True)
    assert again.fresh == 2
    assert again.held is not None
    assert again.held.described != first.held.described  # type: ignore[union-attr]


@pytest.mark.parametrize("changed", [("a", "a"), ("a", "b"), ("b", "b")])
def test_an_id_that_stands_twice_is_refused_as_in_a_whole_table(model: Model, changed: tuple[str, str]) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    people = {name: {**nobody, "forename": said, "source": "t"} for name, said in (("a", "Ann"), ("b", "Bob"))}
    relations = related([])
    held = link(table_of({"r1": people["a"]}), SPEC, model=model, relations=relations, is_held=True).held
    twice = pd.concat([table_of({"r1": people[name]}) for name in changed], ignore_index=True)
    with pytest.raises(RecordsError, match="1 repeated"):
        link(twice, SPEC, model=model, relations=relations, held=held)


def test_what_other_software_held_is_not_used(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    person = {**dict.fromkeys(PERSON_COLUMNS), "forename": "Ann", "source": "t"}
    held = link(table_of({"a": person}), SPEC, model=model, relations=related([]), is_held=True).held
    assert held is not None
    parts = parts_of(held)
    assert held_of(parts) is not None
    monkeypatch.setattr(plan, "_MADE_BY", "duckdb 0.0")
    assert held_of(parts) is None
    assert Plan.of_table(parts["plan"]) is None


def test_a_plan_that_lacks_a_rule_is_made_anew(model: Model) -> None:
    person = {**dict.fromkeys(PERSON_COLUMNS), "forename": "Ann", "source": "t"}
    known = {"model": model, "relations": related([])}
    made = link(table_of({"a": person}), SPEC, **known).plan
    poorer = Plan({rule: levels for rule, levels in made.large.items() if rule != "uprn"}, made.cap, made.is_precise)
    again = link(table_of({"a": person, "b": person}), SPEC, plan=poorer, **known)
    assert "uprn" in again.plan.large


@pytest.mark.parametrize("begun_from", ["held", "plan"])
def test_no_pair_is_made_of_a_block_that_has_outgrown_its_plan(
    model: Model, monkeypatch: pytest.MonkeyPatch, begun_from: str
) -> None:
    nobody = dict.fromkeys(PERSON_COLUMNS)
    one = {**nobody, "forename": "Ann", "surname": "Hill", "uprn": "100", "source": "t"}
    known = {"model": model, "relations": related([])}
    first = link(table_of({"a": one}), SPEC, is_held=True, **known)
    made, pairs = [], Blocked.pairs

    def noted(blocked: Blocked, blocks: Any = None) -> Any:
        sizes = blocked.sizes if blocks is None else blocked.sizes[blocks]
        made.append(int(sizes.max(initial=0)))
        return pairs(blocked, blocks)

    monkeypatch.setattr(Blocked, "pairs", noted)
    crowd = table_of({f"r{at:03d}": {**one, "forename": f"Ann{at}"} for at in range(400)})
    link(crowd, SPEC, plan=first.plan, held=first.held if begun_from == "held" else None, **known)
    assert max(made) <= 240
