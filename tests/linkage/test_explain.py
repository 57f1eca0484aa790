import pandas as pd
import pytest

from linkage.engine import Linked, link
from linkage.errors import RecordsError
from linkage.explain import explain
from linkage.spec import LinkSpec


@pytest.fixture(scope="module")
def linked(town: pd.DataFrame, people_spec: LinkSpec) -> Linked:
    never = pd.DataFrame({"left_id": ["school-003"], "right_id": ["police-003"]})
    return link(town, people_spec, never=never)


def test_steps_add_up_to_the_weight(linked: Linked) -> None:
    found = explain(linked, "school-001", "police-001")
    assert found.before + sum(step.bits for step in found.steps) == pytest.approx(found.weight)
    assert found.steps[-1].so_far == pytest.approx(found.weight)
    assert found.reasons[0] == "Joined: one person."


def test_the_weight_explained_is_the_weight_kept(linked: Linked) -> None:
    row = linked.links.iloc[0]
    assert explain(linked, row["left_id"], row["right_id"]).weight == pytest.approx(row["weight"], abs=1e-4)


def test_why_two_records_were_not_joined_is_said(linked: Linked) -> None:
    assert "A certain fact keeps them apart" in explain(linked, "school-003", "police-003").as_text()
    assert "Not joined" in explain(linked, "school-001", "school-200").as_text()


def test_kinds_of_pair_are_shares(linked: Linked) -> None:
    kinds = explain(linked, "school-001", "school-002").kinds
    assert sum(kinds.values()) == pytest.approx(1.0)
    assert kinds["household"] > kinds["match"]


def test_the_picture_names_fields_and_no_one(linked: Linked, town: pd.DataFrame) -> None:
    svg = explain(linked, "school-001", "police-001").as_svg()
    assert svg.startswith("<svg")
    assert "surname: exact" in svg
    assert town.loc[town["id"].eq("school-001"), "surname"].iloc[0] not in svg


def test_an_unknown_record_is_named(linked: Linked) -> None:
    with pytest.raises(RecordsError, match="school-999"):
        explain(linked, "school-999", "school-001")


def test_nothing_personal_is_in_a_repr(linked: Linked, town: pd.DataFrame) -> None:
    text = repr(linked) + repr(linked.persons) + repr(linked.model)
    assert not any(name.upper() in text.upper() for name in town["surname"].unique())
