"""The command as its users meet it: help everywhere, clear refusals, and what it writes."""

from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli import app
from programme.profile import shipped

RUN = CliRunner()
DOCS = Path(__file__).parents[2] / "docs" / "commands.md"


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def every_command(group=None, name="hearth"):
    command = group or typer.main.get_command(app)
    for own, each in getattr(command, "commands", {}).items():
        yield from every_command(each, f"{name} {own}") if hasattr(each, "commands") else [(f"{name} {own}", each)]


def test_every_command_has_help_and_stands_in_the_documentation():
    documented = DOCS.read_text("utf-8")
    found = dict(every_command())
    assert len(found) > 15
    for name, command in found.items():
        assert command.help, name
        assert f"`{name}" in documented, name
        result = RUN.invoke(app, [*name.split()[1:], "--help"])
        assert result.exit_code == 0, name


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-1"])
def test_a_month_that_is_none_is_refused_with_what_was_expected(month):
    result = RUN.invoke(app, ["run", "--month", month])
    assert result.exit_code == 2
    assert "YYYY-MM" in result.output


def test_a_wrong_setting_is_one_sentence(tmp_path):
    (tmp_path / "hearth.toml").write_text("profil = 1\n")
    result = RUN.invoke(app, ["list"])
    assert result.exit_code == 1
    assert result.stderr.startswith("hearth: Setting 'profil' in hearth.toml is unknown. Known settings: ")
    assert "Traceback" not in result.output


def test_a_list_of_an_empty_store_says_how_to_make_a_month():
    result = RUN.invoke(app, ["list"])
    assert result.exit_code == 1
    assert "hearth run --month" in result.stderr


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_profile_can_be_shown(name):
    result = RUN.invoke(app, ["profile", "show", name])
    assert result.exit_code == 0
    assert len(result.output) > 500


def test_a_profile_that_there_is_not_is_refused_with_those_that_there_are():
    result = RUN.invoke(app, ["profile", "show", "atlantis"])
    assert result.exit_code == 1
    assert "wirral-phase-1" in result.stderr


def people(tmp_path, **changes):
    rows = pd.DataFrame(
        {
            "uid": [f"r{n}" for n in range(8)],
            "first": ["Anna", "Anna", "Bertram", "Bertram", "Clarice", "Dov", "Edwina", "Ferdinand"],
            "last": ["Okonjo", "Okonjo", "Ellery", "Elery", "Vance", "Marsh", "Quill", "Stott"],
            "born": ["1980-02-03", "1980-02-03", "1975-07-08", "1975-07-08", *["1990-01-01"] * 4],
            "ref": ["0012", "0012", "0034", "0034", "0056", "0078", "0090", "0091"],
        }
    )
    (tmp_path / "people.csv").write_text(rows.to_csv(index=False))
    columns = {"first": "forename", "last": "surname", "born": "date_of_birth", "ref": "identifier", **changes}
    kinds = "\n".join(f'{name} = "{kind}"' for name, kind in columns.items())
    (tmp_path / "link.toml").write_text(f'id = "uid"\n[columns]\n{kinds}\n')


def test_any_table_of_people_can_be_linked(tmp_path):
    people(tmp_path)
    words = ["link", "people.csv", "--spec", "link.toml", "--out", "out.csv", "--links", "links.parquet"]
    result = RUN.invoke(app, words)
    assert result.exit_code == 0, result.output
    found = pd.read_csv(tmp_path / "out.csv").set_index("id")["cluster_id"]
    assert found["r0"] == found["r1"]
    assert found["r2"] == found["r3"]
    assert found.nunique() == 6
    assert {"left_id", "right_id", "weight", "levels"} <= set(pd.read_parquet(tmp_path / "links.parquet").columns)


def test_a_list_that_comes_again_begins_from_what_was_held_of_it(tmp_path):
    people(tmp_path)
    words = ["link", "people.csv", "--spec", "link.toml", "--out", "out.csv", "--held", "held"]
    first = RUN.invoke(app, words)
    assert first.exit_code == 0, first.output
    table = pd.read_csv(tmp_path / "people.csv", dtype=str)
    table.loc[[0], "last"] = "Changed"
    table.to_csv(tmp_path / "people.csv", index=False)
    again = RUN.invoke(app, words)
    assert again.exit_code == 0, again.output
    assert f"{len(table)} of them new or changed" in " ".join(first.output.split())
    assert "1 of them new or changed" in " ".join(again.output.split())
    by_change = (tmp_path / "out.csv").read_text()
    assert RUN.invoke(app, words[:-2]).exit_code == 0
    assert (tmp_path / "out.csv").read_text() == by_change
    assert (tmp_path / "held").stat().st_mode & 0o077 == 0


def test_what_was_held_and_cut_short_is_made_anew(tmp_path):
    people(tmp_path)
    words = ["link", "people.csv", "--spec", "link.toml", "--out", "out.csv", "--held", "held"]
    assert RUN.invoke(app, words).exit_code == 0
    said = (tmp_path / "out.csv").read_text()
    records = tmp_path / "held/records.arrow"
    records.write_bytes(records.read_bytes()[:100])
    again = RUN.invoke(app, words)
    assert again.exit_code == 0, again.output
    size = len(pd.read_csv(tmp_path / "people.csv"))
    assert f"{size} of them new or changed" in " ".join(again.output.split())
    assert "held holds a table described otherwise, or what other software held, or what was cut short" in again.stderr
    assert (tmp_path / "out.csv").read_text() == said
    assert "0 of them new or changed" in " ".join(RUN.invoke(app, words).output.split())


def test_a_held_list_whose_description_changed_is_said_to_be_matched_anew_by_another_model(tmp_path):
    people(tmp_path)
    words = ["link", "people.csv", "--spec", "link.toml", "--out", "out.csv", "--held", "held"]
    for _ in range(2):
        same = RUN.invoke(app, words)
        assert same.exit_code == 0, same.output
        assert "described otherwise" not in same.stderr
    people(tmp_path, ref="category")
    other = RUN.invoke(app, words)
    assert other.exit_code == 0, other.output
    assert "the whole table is matched, by a model learnt anew from it" in other.stderr


def test_an_answer_is_not_written_into_what_is_held(tmp_path):
    people(tmp_path)
    result = RUN.invoke(app, ["link", "people.csv", "--spec", "link.toml", "--out", "held/out.csv", "--held", "held"])
    assert result.exit_code == 1
    (tmp_path / "held").mkdir()
    result = RUN.invoke(app, ["link", "people.csv", "--spec", "link.toml", "--out", "held/out.csv", "--held", "held"])
    assert result.exit_code == 1
    assert "held holds a matching and nothing else" in result.stderr


def test_an_unknown_kind_of_column_is_refused_with_the_kinds_that_there_are(tmp_path):
    people(tmp_path, last="family_name")
    result = RUN.invoke(app, ["link", "people.csv", "--spec", "link.toml", "--out", "out.csv"])
    assert result.exit_code == 1
    assert "surname" in result.stderr
    assert "Traceback" not in result.output
