"""Which addresses are one front door."""

import pandas as pd
import pytest

from linkage.address_lines import take_apart
from linkage.dwellings import locate

TEXT = pd.StringDtype("pyarrow")


def taken_apart(line_1, line_2=None):
    parts = take_apart(pd.Series([line_1], dtype=TEXT), pd.Series([line_2], dtype=TEXT)).iloc[0]
    return (parts["unit"], parts["number"], parts["street"])


@pytest.mark.parametrize(
    ("lines", "unit", "number", "street"),
    [
        (("12 High Street",), "", "12", "HIGH STREET"),
        (("12, High St.", "Eastham"), "", "12", "HIGH STREET"),
        (("Flat 3, 12 High St", "Oldtown"), "3", "12", "HIGH STREET"),
        (("Flat 3", "12 High Street"), "3", "12", "HIGH STREET"),
        (("Fkat 3, 12 High Street",), "3", "12", "HIGH STREET"),
        (("3/12 High Street",), "3", "12", "HIGH STREET"),
        (("12A High Street",), "A", "12", "HIGH STREET"),
        (("Apt 4B, 7 The Green",), "4B", "7", "THE GREEN"),
        (("Ground Floor Flat", "12 Park Rd"), "GROUND", "12", "PARK ROAD"),
        (("1st Floor Flat, 12 St John's Rd",), "FIRST", "12", "ST JOHNS ROAD"),
        (("Flat 3 Rose Court", "12 High St."), "3", "12", "HIGH STREET"),
        (("Rose Cottage", "Mill Lane"), "", "", "ROSE COTTAGE MILL LANE"),
        ((None, None), "", "", ""),
    ],
)
def test_british_address_lines_are_taken_apart(lines, unit, number, street):
    assert taken_apart(*lines) == (unit, number, street)


@pytest.mark.parametrize(
    ("line", "place"), [("4 Mill Lane", ""), ("Sunrise Hostel, 4 Mill Lane", "shared"), ("Hope Refuge", "refuge")]
)
def test_the_words_of_an_address_tell_what_kind_of_place_it_is(line, place):
    assert take_apart(pd.Series([line], dtype=TEXT), pd.Series([None], dtype=TEXT))["place"].iloc[0] == place


def doors(*addresses):
    """The dwelling of each (line 1, postcode, UPRN)."""
    rows = pd.DataFrame(addresses, columns=["address_line_1", "postcode", "uprn"]).astype(TEXT)
    rows = rows.assign(address_line_2=pd.Series(pd.NA, index=rows.index, dtype=TEXT), town=pd.NA).astype({"town": TEXT})
    return locate(rows)


def together(*addresses):
    found = doors(*addresses).of_row
    return len(set(found)) == 1 and found[0] >= 0


def test_a_missing_reference_is_found_by_the_lines():
    assert together(("12 High Street", "HB1 1AA", "990010000001"), ("12 High St", "HB1 1AA", None))


def test_a_slip_in_the_postcode_or_the_street_is_the_same_door():
    assert together(("12 High Street", "HB1 1AA", None), ("12 High Street", "HB1 1AB", None))
    assert together(*[("12 High Street", "HB1 1AA", None)] * 2, ("12 Hgih Street", "HB1 1AA", None))


def test_a_missing_postcode_is_found_where_one_place_alone_has_the_door():
    assert together(("12 High Street", "HB1 1AA", None), ("12 High Street", None, None))
    parted = doors(
        ("12 High Street", "HB1 1AA", None), ("12 High Street", "HB7 1AA", None), ("12 High Street", None, None)
    )
    assert len(set(parted.of_row)) == 3


def test_a_missing_unit_does_not_merge_into_the_building():
    found = doors(("Flat 1, 12 High Street", "HB1 1AA", None), ("12 High Street", "HB1 1AA", None))
    assert len(set(found.of_row)) == 2
    assert found.known["vague"].tolist().count(True) == 1


def test_a_reference_of_a_whole_building_does_not_merge_its_flats():
    flats = [(f"Flat {unit}, 12 High Street", "HB1 1AA", "990010000001") for unit in (1, 1, 2, 2)]
    assert len(set(doors(*flats).of_row)) == 2


def test_neighbours_are_two_dwellings():
    assert not together(("12 High Street", "HB1 1AA", None), ("14 High Street", "HB1 1AA", None))


def test_the_text_of_a_dwelling_is_the_same_whatever_else_is_delivered():
    alone = doors(("12 High Street", "HB1 1AA", None)).known["key"].tolist()
    among = doors(("7 Mill Lane", "HB2 2BB", None), ("12 High Street", "HB1 1AA", None)).known["key"].tolist()
    assert set(alone) <= set(among)
