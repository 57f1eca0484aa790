"""A number changed: two valid numbers never share a person, but who is clearly one person is asked about."""

from collections.abc import Callable

import pandas as pd
import pytest

from linkage.engine import Linked, link
from linkage.explain import explain
from linkage.spec import LinkSpec

People = Callable[..., pd.DataFrame]
Linking = Callable[..., Linked]
PUPIL = {"forename": "Ottoline", "surname": "Fairweather", "dob": "2012-09-17", "sex": "F"}
OLD_HOME = {"address": "7 Dock St", "postcode": "ZZ5 5AA"}
NEW_HOME = {"address": "31 Abbey Row", "postcode": "ZZ8 2BD"}
OLD, FRESH = "A000200005001", "B000300009002"


@pytest.fixture(scope="module")
def linking(town: pd.DataFrame, people: People, people_spec: LinkSpec) -> Linking:
    model = link(town.drop(columns="person"), people_spec).model

    def run(*rows: dict[str, str], **known: pd.DataFrame) -> Linked:
        return link(people(*rows), people_spec, model=model, **known)

    return run


def asked(linked: Linked) -> set[tuple[str, str]]:
    pairs = linked.links[linked.links["decision"].eq("review")]
    return set(zip(pairs["left_id"], pairs["right_id"], strict=True))


def test_a_fresh_number_at_a_new_school_and_home_is_asked_about(linking: Linking) -> None:
    linked = linking(
        dict(PUPIL, **OLD_HOME, id="a", source="x", upn=OLD), dict(PUPIL, **NEW_HOME, id="b", source="y", upn=FRESH)
    )
    assert linked.clusters["cluster_id"].nunique() == 2
    assert asked(linked) == {("a", "b")}
    reasons = explain(linked, "a", "b").reasons
    assert "They bear two different values of upn." in reasons
    assert "The question is put to a coordinator." in reasons


def test_two_persons_are_asked_about_once_however_many_records_they_have(linking: Linking) -> None:
    rows = [dict(PUPIL, **OLD_HOME, id=name, source="x", upn=OLD) for name in ("a", "b", "c")]
    rows += [dict(PUPIL, **OLD_HOME, id=name, source="y", upn=FRESH) for name in ("d", "e")]
    linked = linking(*rows)
    assert linked.clusters["cluster_id"].nunique() == 2
    assert len(asked(linked)) == 1


def test_brothers_who_differ_in_number_and_name_are_no_question(linking: Linking) -> None:
    linked = linking(
        dict(PUPIL, **OLD_HOME, id="a", source="x", upn=OLD),
        dict(PUPIL, **OLD_HOME, id="b", source="y", upn=FRESH, forename="Bertram", dob="2014-02-03", sex="M"),
    )
    assert asked(linked) == set()


@pytest.mark.parametrize("known", ["never", "different"])
def test_what_is_known_to_be_two_people_is_never_asked_again(linking: Linking, known: str) -> None:
    pair = {"left_id": ["a"], "right_id": ["b"]}
    said = {"never": pd.DataFrame(pair)}
    if known == "different":
        said = {"decisions": pd.DataFrame({**pair, "decision": [known]})}
    linked = linking(
        dict(PUPIL, **OLD_HOME, id="a", source="x", upn=OLD),
        dict(PUPIL, **OLD_HOME, id="b", source="y", upn=FRESH),
        **said,
    )
    assert asked(linked) == set()


def test_a_coordinator_joins_what_two_numbers_kept_apart(linking: Linking) -> None:
    decisions = pd.DataFrame({"left_id": ["a"], "right_id": ["b"], "decision": ["same"]})
    linked = linking(
        dict(PUPIL, **OLD_HOME, id="a", source="x", upn=OLD),
        dict(PUPIL, **NEW_HOME, id="b", source="y", upn=FRESH),
        decisions=decisions,
    )
    assert linked.clusters["cluster_id"].nunique() == 1
    assert asked(linked) == set()


def test_a_former_number_explains_the_difference_and_asks_nothing(linking: Linking) -> None:
    linked = linking(
        dict(PUPIL, **OLD_HOME, id="a", source="x", upn=OLD),
        dict(PUPIL, **OLD_HOME, id="b", source="y", upn=FRESH, former_upn=OLD),
    )
    assert linked.clusters["cluster_id"].nunique() == 1
    assert asked(linked) == set()
