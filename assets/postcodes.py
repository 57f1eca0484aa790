"""The council's postcode lookup, in the columns of the ONS Postcode Directory of whichever year."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from assets.settings import SettingsError

# What each is called in the directory and its relatives, the best first: with one space before any other form; a name,
# which people know a ward by, before a code; a newer boundary (two digits of its year) before an older one.
_POSTCODE = ("pcds", "pcd8", "pcd7", "pcd2", "pcd", "postcode")
_WARD = ("ward_name", "wardname", "osward_name", "wd_name", r"wd\d\dnm", r"wd\d\dcd", r"wd\d\d", "osward", "ward")
_LSOA = (r"lsoa\d\dcd", r"lsoa\d\d", "lsoa_code", "lsoacd", "lsoa")
_FORM = r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}"
_TEXT = pd.StringDtype("pyarrow")


def read_postcodes(file: Path | None) -> pd.DataFrame | None:
    """`pcds`, `ward` and `lsoa` of every postcode, None where the settings name no file; raises SettingsError.

    A lookup without LSOAs still names wards; one without postcodes or wards is none.
    """
    if file is None:
        return None
    if not file.is_file():
        message = f"Setting 'postcode_lookup' names {file}, which is no file. Correct it, or take it out."
        raise SettingsError(message)
    headings = _headings(file)
    postcode, ward, lsoa = (_column(headings, wanted) for wanted in (_POSTCODE, _WARD, _LSOA))
    if postcode is None or ward is None:
        message = (
            f"{file} has the columns {', '.join(headings)}; a postcode lookup needs postcodes (pcds, or pcd) and wards "
            "(a ward's name, or osward, wd25cd or the like). Small areas (lsoa21, lsoa21cd or the like) may be absent."
        )
        raise SettingsError(message)
    table = _read(file, [name for name in (postcode, ward, lsoa) if name])
    lookup = pd.DataFrame(
        {
            "pcds": _spaced(table[postcode]),
            "ward": table[ward],
            "lsoa": table[lsoa] if lsoa else pd.Series(pd.NA, index=table.index, dtype=_TEXT),
        }
    )
    lookup = lookup.dropna(subset=["pcds"]).drop_duplicates("pcds", ignore_index=True)
    if not lookup["pcds"].str.fullmatch(_FORM).any():
        message = f"{file} has no postcode in its column {postcode}. Setting 'postcode_lookup' needs a row for each."
        raise SettingsError(message)
    return lookup


def _headings(file: Path) -> list[str]:
    try:
        with pyarrow.csv.open_csv(file) as opened:
            return list(opened.schema.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        pass
    # What the library says may quote the file.
    message = f"{file} cannot be read as a CSV file with headings. Setting 'postcode_lookup' needs one, in UTF-8."
    raise SettingsError(message)


def _column(headings: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The heading that matches the first of the wanted patterns, in any case; of several years the newest."""
    for pattern in wanted:
        found = [name for name in headings if re.fullmatch(pattern, name.strip().lower())]
        if found:
            # Years of the last century (wd98) are older than those of this one.
            return max(found, key=lambda name: (int("".join(re.findall(r"\d", name)) or 0) + 50) % 100)
    return None


def _read(file: Path, columns: list[str]) -> pd.DataFrame:
    options = pyarrow.csv.ConvertOptions(
        include_columns=columns, column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True
    )
    try:
        rows = pyarrow.csv.read_csv(file, convert_options=options)
    except (pa.ArrowException, UnicodeDecodeError):
        rows = None
    if rows is None:
        message = f"{file} is broken further down: its rows have other numbers of columns, or it is not in UTF-8."
        raise SettingsError(message)
    return pd.DataFrame(rows.to_pandas(types_mapper={pa.string(): _TEXT}.get))


def _spaced(postcodes: pd.Series) -> pd.Series:
    """Postcodes as they are held: in capitals, one space before the last three characters."""
    packed = postcodes.str.upper().str.replace(" ", "", regex=False)
    return packed.str[:-3] + " " + packed.str[-3:]
