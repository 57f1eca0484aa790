"""The council's postcode lookup, as the directory of several years names its columns."""

import pytest

from assets.postcodes import read_postcodes
from assets.settings import SettingsError


@pytest.fixture
def lookup(tmp_path):
    def write(*lines, encoding="utf-8"):
        file = tmp_path / "postcodes.csv"
        file.write_text("\n".join(lines) + "\n", encoding=encoding)
        return read_postcodes(file)

    return write


@pytest.mark.parametrize(
    "headings",
    [
        "pcds,osward,lsoa21",
        "pcds,osward,lsoa11",
        "pcd,osward,lsoa01",
        "PCDS,WD25CD,LSOA21CD",
        "pcd7,wd24cd,lsoa21cd",
        '"pcds","ward","lsoa21"',
    ],
)
def test_every_years_columns_are_known(lookup, headings):
    found = lookup(headings, "HB1 1AA,E05900001,E01900000")
    assert found.loc[0].to_dict() == {"pcds": "HB1 1AA", "ward": "E05900001", "lsoa": "E01900000"}


def test_a_wards_name_is_taken_before_its_code_and_a_newer_boundary_before_an_older_one(lookup):
    found = lookup("pcds,osward,wd98cd,wd25cd,wd25nm,lsoa01,lsoa11,lsoa21", "HB1 1AA,E1,E2,E3,Abbeyfield,E01,E11,E21")
    assert found.loc[0, ["ward", "lsoa"]].tolist() == ["Abbeyfield", "E21"]
    assert lookup("pcds,wd98cd,wd25cd,wd11cd", "HB1 1AA,E98,E25,E11").loc[0, "ward"] == "E25"


@pytest.mark.parametrize("written", ["HB11AA", "HB1 1AA", "hb1  1aa", "HB1  1AA"])
def test_postcodes_are_spaced_as_they_are_held(lookup, written):
    assert lookup("pcds,osward", f"{written},E05900001").loc[0, "pcds"] == "HB1 1AA"


def test_small_areas_may_be_absent(lookup):
    found = lookup("pcds,osward", "HB1 1AA,E05900001")
    assert found["lsoa"].isna().all()


def test_a_postcode_stands_once_and_a_mark_before_the_headings_does_no_harm(lookup):
    found = lookup("pcds,osward", "HB1 1AA,E1", "HB1 1AA,E2", ",E3", encoding="utf-8-sig")
    assert found["ward"].tolist() == ["E1"]


def test_without_the_setting_there_is_no_lookup():
    assert read_postcodes(None) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["forename,surname", "Ann,Oak"], "a postcode lookup needs postcodes"),
        (["pcds,lsoa21", "HB1 1AA,E01"], "and wards"),
        (["pcds,osward", "Oak,E1", "12345,E2"], "no postcode in its column pcds"),
        ([""], "cannot be read as a CSV file"),
        (["pcds,osward", "HB1 1AA,E1", *["HB1 1AB,E2"] * 200_000, "HB1 1AC,E3,secret"], "is broken further down"),
    ],
    ids=["another file", "no wards", "no postcodes", "empty", "broken"],
)
def test_a_wrong_file_is_told_with_what_is_needed_and_no_value_of_it(lookup, lines, said):
    with pytest.raises(SettingsError, match=said) as raised:
        lookup(*lines)
    assert "Oak" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="is no file"):
        read_postcodes(tmp_path / "none.csv")
