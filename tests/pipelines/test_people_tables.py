"""`hearth link` on tables unlike the feeds: read whatever their form, or refused without a value of them."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.cli import app

RUN = CliRunner()
SPEC = 'id = "uid"\n[columns]\nfn = "forename"\nsn = "surname"\nborn = "date_of_birth"\n'
NAMES = ["Annabeth", "Bertram", "Clarice", "Dov", "Edwina", "Ferdinand"]
ROWS = [(f"00{n}", name, "Okonjó", f"0{n + 1}/05/1980") for n, name in enumerate(NAMES)]


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.toml").write_text(SPEC)


def delimited(delimiter=","):
    return "\n".join(delimiter.join(row) for row in [("uid", "fn", "sn", "born"), *ROWS])


def link(table, *more, spec="link.toml"):
    return RUN.invoke(app, ["link", table, "--spec", spec, "--out", "out.csv", *more])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_whatever_its_delimiter_and_encoding(tmp_path, delimiter, encoding):
    (tmp_path / "list.csv").write_bytes(delimited(delimiter).encode(encoding))
    result = link("list.csv")
    assert result.exit_code == 0, result.output
    assert "WARNING" not in result.output
    assert pd.read_csv("out.csv", dtype=str)["id"].tolist() == [row[0] for row in ROWS]


def test_a_workbook_is_a_list_too(tmp_path):
    pd.DataFrame(ROWS, columns=["uid", "fn", "sn", "born"]).to_excel(tmp_path / "list.xlsx", index=False)
    result = link("list.xlsx")
    assert result.exit_code == 0, result.output
    assert pd.read_csv("out.csv", dtype=str)["id"].tolist() == [row[0] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"", "the file is empty"),
        ("list.csv", (delimited() + "\n009,Annabeth").encode(), "1 rows have more or fewer cells"),
        ("list.csv", delimited().encode("utf-16"), "no text at all"),
        ("list.parquet", b"Annabeth", "no readable Parquet file"),
        ("list.xlsx", b"Annabeth", "no readable .xlsx workbook"),
        ("list.csv", b"uid,fn\n1,Annabeth\n", "the table lacks born, sn"),
        ("list.csv", (delimited() + "\n000,Annabeth,Okonjo,").encode(), "0 empty, 1 repeated"),
        ("list.csv", (delimited() + "\n,Annabeth,Okonjo,").encode(), "1 empty, 0 repeated"),
    ],
)
def test_what_cannot_be_read_is_said_without_a_value_of_it(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    result = link(name)
    assert result.exit_code == 1
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)
    assert not any(value in result.output for row in ROWS for value in row[1:])


def test_settings_in_brackets_are_named_as_they_stand_in_the_file(tmp_path):
    (tmp_path / "list.csv").write_text(delimited())
    (tmp_path / "link.toml").write_text(SPEC + "[settings]\nsame = 'high'\n")
    assert "link.toml: [settings]: same: expected a number" in link("list.csv").stderr


def test_what_tells_nothing_is_said_with_counts(tmp_path):
    spec = 'id = "uid"\nsource = "sn"\nonce_per_person = ["roll"]\n[columns]\nfn = "forename"\nborn = "date_of_birth"\n'
    (tmp_path / "link.toml").write_text(spec + 'mail = "email"\n')
    rows = pd.DataFrame(ROWS, columns=["uid", "fn", "sn", "born"]).assign(mail="")
    rows.loc[:1, "born"] = ["last spring", "in 1980 or so"]
    rows.to_csv("list.csv", index=False)
    result = link("list.csv")
    assert result.exit_code == 0, result.output
    assert "born: 2 of 6 values cannot be read as date_of_birth" in result.stderr
    assert "mail: no record has a value" in result.stderr
    assert "once_per_person names 'roll', but no record has that in its column sn" in result.stderr
    assert "spring" not in result.output


def test_nothing_is_written_over_the_table_or_where_there_is_no_folder(tmp_path):
    (tmp_path / "list.csv").write_text(delimited())
    before = (tmp_path / "list.csv").read_bytes()
    over = RUN.invoke(app, ["link", "list.csv", "--spec", "link.toml", "--out", "./list.csv"])
    assert "the table itself" in over.stderr
    assert (tmp_path / "list.csv").read_bytes() == before
    assert "there is no folder" in link("list.csv", "--links", "nowhere/links.csv").stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_folder_with_anything_else_in_it_is_not_replaced(tmp_path):
    (tmp_path / "list.csv").write_text(delimited())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    result = link("list.csv", "--held", "mine")
    assert result.exit_code == 1
    assert "Name a new folder" in result.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "held.old").mkdir()
    (tmp_path / "held.old" / "thesis.txt").write_text("years of work")
    assert link("list.csv", "--held", "held").exit_code == 1
    assert (tmp_path / "held.old" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "held.old").rename(tmp_path / "elsewhere")
    for _ in range(2):
        assert link("list.csv", "--held", "held").exit_code == 0
        assert {each.name for each in tmp_path.glob("held*")} == {"held"}
    (tmp_path / "held" / "thesis.txt").write_text("years of work")
    assert link("list.csv", "--held", "held").exit_code == 1
    assert (tmp_path / "held" / "thesis.txt").read_text() == "years of work"
