"""British address lines taken apart: unit, number, street and kind of place of each address.

Reads text only; which addresses are one dwelling is decided in `linkage.dwellings`.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pd.StringDtype("pyarrow")

# FLAT with one slip of the finger, for it is the word that matters most.
_FLAT = "F[A-Z]?LAT|FL[A-Z]AT|FLA[A-Z]T|FALT|FLTA|F[A-Z]AT|FL[A-Z]T|FLA[A-Z]?|FAT|LAT|FLT"
_UNIT_WORDS = f"{_FLAT}|APARTMENT|APT|UNIT|ROOM|RM|STUDIO|BEDSIT|MAISONETTE|CARAVAN|PITCH|PLOT"
_FLOORS = "LOWER GROUND|GROUND|FIRST|SECOND|THIRD|FOURTH|FIFTH|TOP|BASEMENT|GARDEN|UPPER|LOWER|ATTIC|REAR|FRONT"
_UNIT = rf"\b(?:{_UNIT_WORDS}) (?:NO |NUMBER )?(?P<unit>\d+ ?[A-Z]?|[A-Z]\d*)\b"
_FLOOR = rf"\b(?P<unit>{_FLOORS}) (?:FLOOR (?:FLAT|MAISONETTE)|FLOOR|FLAT|MAISONETTE)\b"
_NUMBER = r"^(?P<before>.*?)\b(?:NO |NUMBER )?(?P<number>\d+) ?(?P<letter>[A-Z]?)\b(?: ?- ?\d+[A-Z]?\b)?(?P<after>.*)$"
_STREET_WORDS = {
    "STREET": "ST STR STRT",
    "ROAD": "RD",
    "AVENUE": "AVE AV",
    "CLOSE": "CL CLO",
    "CRESCENT": "CRES CRESC CR",
    "DRIVE": "DR DRV",
    "LANE": "LN LA",
    "GARDENS": "GDNS GDN GARDEN",
    "PLACE": "PL",
    "TERRACE": "TER TERR TCE",
    "SQUARE": "SQ",
    "COURT": "CT CRT",
    "GROVE": "GR GRV",
    "PARK": "PK",
    "HOUSE": "HSE HO",
    "ESTATE": "EST",
    "BUILDINGS": "BLDGS BLDG BUILDING",
    "COTTAGE": "COTT COTTAGES",
    "MEWS": "MWS",
    "WALK": "WK WLK",
    "GREEN": "GRN GN",
    "HILL": "HL",
    "BOULEVARD": "BLVD",
}
_ENDINGS = "|".join([*_STREET_WORDS, "WAY", "VIEW", "ROW", "YARD", "WHARF", "TOWER", "LODGE", "HALL", "RISE", "PARADE"])
# A first word must stand before the ending: "GREEN LANE" ends with its second word, "PARK ROAD" too.
_STREET = rf"^(?P<street>\S+(?: \S+)*? (?:{_ENDINGS})(?: (?:{_ENDINGS}))*)\b"
_REFUGE = r"\b(?:REFUGE|WOMENS AID|SAFE ?HOUSE)\b"
_SHARED = (
    r"\b(?:HOSTEL|YMCA|YWCA|FOYER|NIGHT SHELTER|HMO|BEDSITS|B ?& ?B|GUEST ?HOUSE|HOTEL|SALVATION ARMY"
    r"|HALLS? OF RESIDENCE|STUDENT|APPROVED PREMISES|HMP|PRISON|YOI|HOSPITAL|BARRACKS"
    r"|(?:CARE|NURSING|RESIDENTIAL|CHILDRENS|RETIREMENT) HOME|BOARDING|(?:SCHOOL|COLLEGE|ACADEMY)(?:,|$))"
)


def take_apart(line_1: pd.Series, line_2: pd.Series) -> pd.DataFrame:
    """Columns `unit`, `number`, `street` (empty text where there is none) and `place` (`refuge`, `shared` or empty).

    A letter after the number is a unit ("12A" is flat A of 12) unless a unit is named besides.
    """
    text = _tidy(pc.binary_join_element_wise(_whole(line_1), _whole(line_2), ", "))
    unit, rest = _unit(text)
    parts = _extract(rest, _NUMBER, ("before", "number", "letter", "after"))
    after = _street(parts["after"])
    numbered = pc.if_else(pc.equal(after, ""), _street(parts["before"]), after)
    # A house with a name is told by its street as well: there is an End Cottage in many of them.
    street = pc.if_else(pc.equal(parts["number"], ""), _in_full(_letters(rest)), numbered)
    letter_is_unit = pc.equal(unit, "")
    columns = {
        "unit": pc.if_else(letter_is_unit, parts["letter"], unit),
        "number": pc.if_else(
            letter_is_unit, parts["number"], pc.binary_join_element_wise(parts["number"], parts["letter"], "")
        ),
        "street": street,
        "place": _place(text),
    }
    return pd.DataFrame({name: pd.Series(pd.array(values, dtype=TEXT)) for name, values in columns.items()})


def _whole(line: pd.Series) -> pa.Array:
    """The column as one array: a frame made of many pieces would be read piece by piece."""
    text = pa.array(line.astype(TEXT), pa.string())
    return pc.fill_null(text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text, "")


def _tidy(lines: pa.Array) -> pa.Array:
    text = pc.utf8_upper(lines)
    text = pc.replace_substring_regex(text, "['\u2019`.]", "")
    text = pc.replace_substring_regex(text, r"^(\d+[A-Z]?) ?/ ?(\d+)", r"FLAT \1 \2")
    text = pc.replace_substring_regex(text, r"[^\pL\d,&-]+", " ")
    text = pc.replace_substring_regex(text, r"\b(1ST|2ND|3RD) FLOOR\b", r"FLOOR \1")
    for written, said in (("FLOOR 1ST", "FIRST FLOOR"), ("FLOOR 2ND", "SECOND FLOOR"), ("FLOOR 3RD", "THIRD FLOOR")):
        text = pc.replace_substring(text, written, said)
    text = pc.replace_substring_regex(text, r" *(,)[ ,]*| +", r"\1 ")
    return pc.utf8_trim(text, " ,")


def _unit(text: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The unit, and the text without it."""
    named, floor = _extract(text, _UNIT, ("unit",))["unit"], _extract(text, _FLOOR, ("unit",))["unit"]
    named = pc.replace_substring_regex(pc.replace_substring(named, " ", ""), r"^0+(\d)", r"\1")
    without = pc.replace_substring_regex(text, _UNIT.replace("?P<unit>", ""), "", max_replacements=1)
    without = pc.replace_substring_regex(without, _FLOOR.replace("?P<unit>", ""), "", max_replacements=1)
    return pc.if_else(pc.equal(named, ""), floor, named), without


def _street(text: pa.Array) -> pa.Array:
    """The first part of the text that has a letter, its ending written in full, and nothing after the ending."""
    text = pc.replace_substring_regex(text, r"^[^\pL]+", "")
    text = _in_full(pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r",.*$", "")))
    ended = _extract(text, _STREET, ("street",))["street"]
    return pc.if_else(pc.equal(ended, ""), text, ended)


def _letters(text: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"[^\pL]+", " "))


def _in_full(text: pa.Array) -> pa.Array:
    """The text with its abbreviated endings written in full; a street stands on many lines and is read once."""
    encoded = pc.dictionary_encode(text)
    streets = encoded.dictionary
    for full, shorts in _STREET_WORDS.items():
        streets = pc.replace_substring_regex(streets, rf"(\S) (?:{shorts.replace(' ', '|')})\b", rf"\1 {full}")
    return streets.take(encoded.indices)


def _place(text: pa.Array) -> pa.Array:
    shared = pc.if_else(pc.match_substring_regex(text, _SHARED), "shared", "")
    return pc.if_else(pc.match_substring_regex(text, _REFUGE), "refuge", shared)


def _extract(text: pa.Array, pattern: str, names: tuple[str, ...]) -> dict[str, pa.Array]:
    """Each named group of the pattern, empty where the text does not match."""
    found = pc.extract_regex(text, pattern)
    return {name: pc.fill_null(pc.struct_field(found, name), "") for name in names}
