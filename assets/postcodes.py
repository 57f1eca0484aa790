"""The council's postcode lookup, in the columns of the ONS Postcode Directory."""

from pathlib import Path

import pandas as pd
import pyarrow.csv

from assets.settings import SettingsError

_POSTCODE = "pcds"
# A name is what people know a ward by; the directory itself has only the code.
_WARD = ("ward_name", "wardname", "osward_name", "wd_name", "osward")


def read_wards(file: Path | None) -> pd.DataFrame | None:
    """`pcds` and `ward` of every postcode, None where the settings name no file; raises SettingsError."""
    if file is None:
        return None
    if not file.is_file():
        message = f"Setting 'postcode_lookup' names {file}, which is no file. Correct it, or take it out."
        raise SettingsError(message)
    table = pyarrow.csv.read_csv(file)
    ward = next((name for name in _WARD if name in table.column_names), None)
    if _POSTCODE not in table.column_names or ward is None:
        expected = f"{_POSTCODE} and one of {', '.join(_WARD)}"
        message = f"{file} has the columns {', '.join(table.column_names)}; a postcode lookup needs {expected}."
        raise SettingsError(message)
    text = pd.StringDtype("pyarrow")
    lookup = table.select([_POSTCODE, ward]).to_pandas().rename(columns={ward: "ward"}).astype(text)
    return pd.DataFrame(lookup.drop_duplicates(_POSTCODE))
