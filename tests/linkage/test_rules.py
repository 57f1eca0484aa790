from collections.abc import Callable

import pandas as pd
import pytest

from linkage.engine import Linked, link
from linkage.errors import DecisionsError
from linkage.spec import LinkSpec

People = Callable[..., pd.DataFrame]
WOMAN = {
    "forename": "Greta",
    "surname": "Halloran",
    "dob": "1990-04-05",
    "sex": "F",
    "address": "5 Dock St",
    "postcode": "ZZ5 5AA",
}


def together(linked: Linked, *ids: str) -> bool:
    return linked.clusters.set_index("id").loc[list(ids), "cluster_id"].nunique() == 1


@pytest.fixture(scope="module")
def linking(town: pd.DataFrame, people: People, people_spec: LinkSpec) -> Callable[..., Linked]:
    model = link(town.drop(columns="person"), people_spec).model

    def run(*rows: dict[str, str], **known: pd.DataFrame) -> Linked:
        return link(people(*rows), people_spec, model=model, **known)

    return run


def pairs(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["left_id", "right_id", "decision"][: len(rows[0])])


def test_two_different_numbers_never_share_a_cluster_even_through_a_third_record(
    linking: Callable[..., Linked],
) -> None:
    linked = linking(
        dict(WOMAN, id="a", source="x", nino="QQ111111A"),
        dict(WOMAN, id="b", source="y"),
        dict(WOMAN, id="c", source="z", nino="QQ222222B"),
    )
    assert not together(linked, "a", "c")
    assert together(linked, "a", "b") or together(linked, "b", "c")


def test_a_former_pupil_number_explains_a_difference(linking: Callable[..., Linked]) -> None:
    linked = linking(
        dict(WOMAN, id="a", source="x", upn="A000200005001"),
        dict(WOMAN, id="b", source="y", upn="B000200005002", former_upn="A000200005001"),
    )
    assert together(linked, "a", "b")


def test_the_former_number_of_one_record_explains_two_others(linking: Callable[..., Linked]) -> None:
    linked = linking(
        dict(WOMAN, id="a", source="x", upn="A000200005001"),
        dict(WOMAN, id="b", source="y", upn="B000200005002"),
        dict(WOMAN, id="c", source="z", upn="B000200005002", former_upn="A000200005001"),
    )
    assert together(linked, "a", "b", "c")


def test_a_temporary_pupil_number_excludes_nothing(linking: Callable[..., Linked]) -> None:
    linked = linking(
        dict(WOMAN, id="a", source="x", upn="A000200005001"), dict(WOMAN, id="b", source="y", upn="V00020000500A")
    )
    assert together(linked, "a", "b")


def test_a_never_link_pair_stays_apart_through_any_third_record(linking: Callable[..., Linked]) -> None:
    rows = [dict(WOMAN, id=name, source=name) for name in "abcd"]
    linked = linking(*rows, never=pairs(("a", "d")))
    assert not together(linked, "a", "d")
    assert linked.clusters["cluster_id"].nunique() == 2


def test_a_decision_of_different_is_kept(linking: Callable[..., Linked]) -> None:
    rows = [dict(WOMAN, id=name, source=name) for name in "ab"]
    assert together(linking(*rows), "a", "b")
    assert not together(linking(*rows, decisions=pairs(("b", "a", "different"))), "a", "b")


def test_a_decision_of_same_joins_what_the_model_would_not(linking: Callable[..., Linked]) -> None:
    other = dict(WOMAN, forename="Mabel", dob="1951-12-12", address="9 Far Lane", postcode="ZZ1 1ZZ")
    rows = [dict(WOMAN, id="a", source="x"), dict(other, id="b", source="y")]
    assert not together(linking(*rows), "a", "b")
    linked = linking(*rows, decisions=pairs(("a", "b", "same")))
    assert together(linked, "a", "b")
    assert linked.clusters["basis"].tolist() == ["clerical", "clerical"]


def test_a_person_may_join_two_numbers_and_a_third_number_stays_out(linking: Callable[..., Linked]) -> None:
    numbers = {"a": "QQ111111A", "b": "QQ222222B", "c": "QQ333333C"}
    rows = [dict(WOMAN, id=name, source=name, nino=nino) for name, nino in numbers.items()]
    linked = linking(*rows, decisions=pairs(("a", "b", "same")))
    assert together(linked, "a", "b")
    assert not together(linked, "a", "c")


def test_a_person_may_join_two_numbers_through_a_record_without_one(linking: Callable[..., Linked]) -> None:
    rows = (
        dict(WOMAN, id="a", source="x", nino="QQ111111A"),
        dict(WOMAN, id="b", source="y"),
        dict(WOMAN, id="c", source="z", nino="QQ222222B"),
    )
    linked = linking(*rows, decisions=pairs(("a", "b", "same"), ("b", "c", "same")))
    assert together(linked, "a", "b", "c")


def test_the_last_decision_about_a_pair_stands(linking: Callable[..., Linked]) -> None:
    rows = [dict(WOMAN, id=name, source=name) for name in "ab"]
    decisions = pairs(("a", "b", "same"), ("b", "a", "different"))
    assert not together(linking(*rows, decisions=decisions), "a", "b")


def test_never_link_is_stronger_than_a_decision(linking: Callable[..., Linked]) -> None:
    rows = [dict(WOMAN, id=name, source=name) for name in "ab"]
    assert not together(linking(*rows, never=pairs(("a", "b")), decisions=pairs(("a", "b", "same"))), "a", "b")


def test_a_source_that_holds_each_person_once_is_believed(
    town: pd.DataFrame, people: People, people_spec: LinkSpec
) -> None:
    rows = [dict(WOMAN, id=name, source="roll") for name in "ab"] + [dict(WOMAN, id="c", source="other")]
    once = LinkSpec(people_spec.id, people_spec.columns, people_spec.source, frozenset({"roll"}))
    table = pd.concat([town.drop(columns="person"), people(*rows)], ignore_index=True)
    assert not together(link(table, once), "a", "b")
    assert together(link(table, people_spec), "a", "b")


def test_decisions_without_their_columns_are_refused(linking: Callable[..., Linked]) -> None:
    with pytest.raises(DecisionsError, match="left_id"):
        linking(dict(WOMAN, id="a", source="x"), decisions=pd.DataFrame({"left": ["a"]}))
