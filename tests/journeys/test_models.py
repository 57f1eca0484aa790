"""A feed that joins later changes what the model sees; the month is made all the same, and says so."""

import json
from dataclasses import replace

import pytest

from linkage.model import Model

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def grown(tmp_path_factory, council_type):
    from borough.council import make  # noqa: PLC0415

    council = council_type(tmp_path_factory.mktemp("grown"))
    make(council.landing, people=6_000, months=2, until="2026-10", seed=5)
    for feed in ("police", "mash", "nominations"):
        folder = council.landing / "2026-09" / feed
        folder.rename(council.root / f"kept-{feed}")
    return council, [council.run(month) for month in ("2026-09", "2026-10", "2026-10")]


def test_months_with_more_feeds_than_the_first_are_published(grown):
    _, results = grown
    assert [result.exit_code for result in results] == [0, 0, 0], results[-1].stderr


def test_a_month_made_again_is_made_by_the_same_model(grown):
    council, _ = grown
    made = council.published("run", "2026-10")["model_sha256"].iloc[0]
    assert (council.store / "models" / f"{made}.toml").is_file()
    council.run("2026-10")
    assert council.published("run", "2026-10")["model_sha256"].iloc[0] == made


def test_a_model_of_an_older_version_that_compared_fewer_fields_does_not_stop_a_month(grown):
    council, _ = grown
    made = council.published("run", "2026-10")["model_sha256"].iloc[0]
    model = Model.from_text((council.store / "models" / f"{made}.toml").read_text("utf-8"))
    older = replace(model, fields=tuple(field for field in model.fields if field.name != "age by children"))
    (council.store / "models" / "adopted.toml").write_text(older.to_text(), "utf-8")
    assert council.run("2026-10").exit_code == 0
    assert council.published("run", "2026-10")["model_sha256"].iloc[0] == made
    counts = json.loads(council.published("matching", "2026-10")["counts"].iloc[0])
    assert "this version of Hearth compares" in counts["drifted"][0]
