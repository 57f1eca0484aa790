import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from linkage.engine import Linked, link
from linkage.errors import ModelError, RecordsError
from linkage.evaluation import pairwise
from linkage.spec import LinkSpec

People = Callable[..., pd.DataFrame]


def together(linked: Linked, *ids: str) -> bool:
    return linked.clusters.set_index("id").loc[list(ids), "cluster_id"].nunique() == 1


@pytest.fixture(scope="module")
def linked(town: pd.DataFrame, people_spec: LinkSpec) -> Linked:
    return link(town.drop(columns="person"), people_spec)


def with_town(town: pd.DataFrame, *more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([town.drop(columns="person"), *more], ignore_index=True)


def test_a_town_with_slips_is_put_together(linked: Linked, town: pd.DataFrame) -> None:
    truth = town.set_index("id").loc[linked.clusters["id"], "person"].reset_index(drop=True)
    found = pairwise(linked.clusters["cluster_id"], truth)
    assert found.precision > 0.98
    assert found.recall > 0.98


def test_a_cluster_is_called_by_its_smallest_id(linked: Linked) -> None:
    smallest = linked.clusters.groupby("cluster_id")["id"].min()
    assert (smallest == smallest.index).all()


def test_twins_are_two_people(town: pd.DataFrame, people: People, people_spec: LinkSpec) -> None:
    twin = {
        "source": "school",
        "surname": "Penfold",
        "dob": "2012-05-06",
        "sex": "M",
        "address": "3 High Lane",
        "postcode": "ZZ9 9AA",
    }
    twins = people(
        dict(twin, id="liam-1", forename="Liam", upn="A1"),
        dict(twin, id="luke-1", forename="Luke", upn="A2"),
        dict(twin, id="liam-2", forename="Liam", source="police"),
        dict(twin, id="luke-2", forename="Luke", source="police"),
    )
    linked = link(with_town(town, twins), people_spec)
    assert together(linked, "liam-1", "liam-2")
    assert together(linked, "luke-1", "luke-2")
    assert not together(linked, "liam-1", "luke-1")


def test_father_and_son_of_one_name_are_two_people(town: pd.DataFrame, people: People, people_spec: LinkSpec) -> None:
    smith = {"forename": "John", "surname": "Smith", "sex": "M", "address": "8 Elm Row", "postcode": "ZZ8 8AA"}
    smiths = people(
        dict(smith, id="father-1", source="school", dob="1970-03-04"),
        dict(smith, id="son-1", source="school", dob="1998-09-10"),
        dict(smith, id="father-2", source="police", dob="1970-03-04"),
        dict(smith, id="son-2", source="police", dob="1998-09-10"),
    )
    linked = link(with_town(town, smiths), people_spec)
    assert together(linked, "father-1", "father-2")
    assert together(linked, "son-1", "son-2")
    assert not together(linked, "father-1", "son-1")


def test_a_parent_without_a_date_is_not_the_child_of_the_same_name(
    town: pd.DataFrame, people: People, people_spec: LinkSpec
) -> None:
    smith = {"forename": "John", "surname": "Smith", "sex": "M", "address": "8 Elm Row", "postcode": "ZZ8 8AA"}
    smiths = people(
        dict(smith, id="father", source="school", age_group="adult"),
        dict(smith, id="son", source="police", dob="2014-09-10", age_group="child"),
    )
    model = link(with_town(town, smiths), people_spec).model
    assert not together(link(with_town(town, smiths), people_spec, model=model), "father", "son")


def test_consecutive_national_insurance_numbers_are_no_evidence(
    town: pd.DataFrame, people: People, people_spec: LinkSpec
) -> None:
    home = {"surname": "Marsh", "address": "1 Quay", "postcode": "ZZ7 7AA", "source": "school"}
    brothers = people(
        dict(home, id="b1", forename="Ned", nino="QQ123456A"), dict(home, id="b2", forename="Ned", nino="QQ123457A")
    )
    linked = link(with_town(town, brothers), people_spec)
    assert not together(linked, "b1", "b2")


def test_part_of_a_double_barrelled_name_is_one_person_or_a_question(
    town: pd.DataFrame, people: People, people_spec: LinkSpec
) -> None:
    woman = {"forename": "Bryony", "dob": "1984-02-11", "sex": "F", "postcode": "ZZ6 6AA", "address": "4 The Green"}
    records = people(
        dict(woman, id="w1", source="school", surname="Smith-Jones"),
        dict(woman, id="w2", source="police", surname="Jones"),
    )
    linked = link(with_town(town, records), people_spec)
    pair = linked.links.query("left_id == 'w1' and right_id == 'w2'")
    assert pair["decision"].tolist()[0] in {"same", "review"}


def test_a_former_surname_finds_the_person(town: pd.DataFrame, people: People, people_spec: LinkSpec) -> None:
    woman = {"forename": "Bryony", "dob": "1984-02-11", "sex": "F"}
    records = people(
        dict(woman, id="w1", source="school", surname="Okafor", former_surname="Pemberton"),
        dict(woman, id="w2", source="police", surname="Pemberton"),
    )
    assert together(link(with_town(town, records), people_spec), "w1", "w2")


def test_weights_of_fields_add_up_to_the_weight_of_the_pair(linked: Linked) -> None:
    links = linked.links
    fields = pd.DataFrame([{k: v[1] for k, v in json.loads(levels).items()} for levels in links["levels"]])
    before = links["weight"] - fields.sum(axis=1)
    assert np.allclose(before, before.iloc[0], atol=0.05)


def test_every_pair_kept_has_a_decision_and_who_made_it(linked: Linked) -> None:
    assert set(linked.links["decision"]) <= {"same", "review", "different"}
    assert set(linked.links["decided_by"]) <= {"model", "rule", "clerical"}
    assert linked.links["probability"].between(0, 1).all()


def test_no_records_are_no_people(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    linked = link(town.head(0), people_spec)
    assert linked.clusters.empty
    assert linked.links.empty


def test_one_record_is_one_person(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    linked = link(town.head(1), people_spec)
    assert linked.clusters["basis"].tolist() == ["alone"]


def test_a_table_without_a_declared_column_is_refused_by_name(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    with pytest.raises(RecordsError, match="lacks postcode"):
        link(town.drop(columns="postcode"), people_spec)


def test_repeated_ids_are_refused(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    with pytest.raises(RecordsError, match="1 repeated"):
        link(pd.concat([town, town.head(1)]), people_spec)


def test_a_model_of_another_kind_of_table_is_refused(town: pd.DataFrame, linked: Linked) -> None:
    names_only = LinkSpec.from_toml_text('id = "id"\n[columns]\nforename = "forename"\nsurname = "surname"\n')
    with pytest.raises(ModelError, match="Train a model"):
        link(town, names_only, model=linked.model)


def test_a_full_name_column_is_enough(people_spec: LinkSpec) -> None:
    table = pd.DataFrame(
        {
            "id": ["1", "2", "3"],
            "name": ["Dr. Anna Maria Kowalska", "KOWALSKA, Anna", "Tomasz Nowak"],
            "born": ["1980-01-02", "02/01/1980", "1975-07-07"],
        }
    )
    spec = LinkSpec.from_toml_text('id = "id"\n[columns]\nname = "full_name"\nborn = "date_of_birth"\n')
    assert link(table, spec).clusters["cluster_id"].tolist() == ["1", "1", "3"]
