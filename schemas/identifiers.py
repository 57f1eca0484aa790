"""Identifiers: their one comparable form, and whether a value can be real.

Every function takes a text column and returns one of the same length and index; a missing value stays missing.
Synthetic identifiers that can never be issued are valid only where `allow_test` says so.
"""

import numpy as np
import pandas as pd

TEXT = pd.StringDtype("pyarrow")

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]"
_NINO = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
_NINO_BANNED = r"(?:BG|GB|KN|NK|NT|TN|ZZ)"
_POSTCODE = (
    r"(?:GIR 0AA|BFPO \d{1,4}"
    r"|(?:[A-PR-UWYZ]\d[\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y]\d[\dABEHMNPRV-Y]?) \d[ABD-HJLNP-UW-Z]{2})"
)
_FILLER_UPRN = frozenset({"0", "1"})


def compact(values: pd.Series) -> pd.Series:
    """Upper case without any white space; empty text is missing."""
    text = values.astype(TEXT).str.upper().str.replace(r"\s+", "", regex=True)
    return text.mask(text.eq(""))


def upn_check_letter(stems: pd.Series) -> pd.Series:
    """The letter that the twelve characters after it call for (weights 2 to 13, modulus 23)."""
    characters = stems.astype(object).to_numpy(dtype="U12")
    digits = characters.view("U1").reshape(len(characters), 12) if len(characters) else np.empty((0, 12), "U1")
    value = {str(n): n for n in range(10)} | {letter: n for n, letter in enumerate(UPN_LETTERS)}
    codes, inverse = np.unique(digits, return_inverse=True)
    numbers = np.array([value.get(str(code), 0) for code in codes], dtype=np.int64)
    remainders = (numbers[inverse].reshape(digits.shape) @ np.arange(2, 14)) % 23
    letters = [UPN_LETTERS[int(n)] for n in remainders]
    return pd.Series(letters, index=stems.index, dtype=TEXT)


def is_upn(values: pd.Series, *, allow_test: bool = False) -> pd.Series:
    """Whether each compact value is a unique pupil number with its right check letter; authority 000 is a test."""
    shaped = _matches(values, _UPN)
    if not allow_test:
        shaped &= ~_flags(values.str.slice(1, 4).eq("000"))
    candidates = values[shaped]
    right = _flags(candidates.str.slice(0, 1).eq(upn_check_letter(candidates.str.slice(1))))
    return shaped & right.reindex(values.index, fill_value=False)


def is_temporary_upn(values: pd.Series) -> pd.Series:
    """Whether each compact value is of the temporary kind, which ends in a letter."""
    return _matches(values, r"[A-Z]\d{11}[A-Z]")


def is_nino(values: pd.Series, *, allow_test: bool = False) -> pd.Series:
    """Whether each compact value has the form of a National Insurance number that can be issued; `QQ` is a test."""
    real = _matches(values, _NINO) & ~_matches(values.str.slice(0, 2), _NINO_BANNED)
    return real | _matches(values, r"QQ\d{6}[A-D]") if allow_test else real


def is_nhs_number(values: pd.Series, *, allow_test: bool = False) -> pd.Series:
    """Whether each compact value is ten digits with the right modulus 11 check digit; 999… is a test."""
    shaped = _matches(values, r"\d{10}")
    if not allow_test:
        shaped &= ~_flags(values.str.startswith("999"))
    candidates = values[shaped]
    digits = candidates.astype(object).to_numpy(dtype="U10")
    matrix = digits.view("U1").reshape(len(digits), 10).astype(np.int64) if len(digits) else np.empty((0, 10), int)
    check = (11 - (matrix[:, :9] @ np.arange(10, 1, -1)) % 11) % 11
    return shaped & pd.Series(check == matrix[:, 9], index=candidates.index).reindex(values.index, fill_value=False)


def tidy_nhs_number(values: pd.Series) -> pd.Series:
    """Digits only, whatever spaces or hyphens the sender prints between the groups."""
    return compact(values).str.replace("-", "", regex=False)


def tidy_postcode(values: pd.Series) -> pd.Series:
    """Upper case with the one space before the last three characters."""
    text = compact(values)
    bfpo = text.str.replace(r"^BFPO(\d)", r"BFPO \1", regex=True)
    spaced = text.str.replace(r"^(.+)(.{3})$", r"\1 \2", regex=True)
    return bfpo.where(_flags(text.str.startswith("BFPO")), spaced)


def is_postcode(values: pd.Series) -> pd.Series:
    """Whether each tidy value follows the postcode grammar; pseudo postcodes `ZZ99` are none."""
    return _matches(values, _POSTCODE) & ~_flags(values.str.startswith("ZZ99"))


def tidy_uprn(values: pd.Series) -> pd.Series:
    """Digits without leading zeros or a spreadsheet's `.0`."""
    return compact(values).str.replace(r"\.0+$", "", regex=True).str.replace(r"^0+(\d)", r"\1", regex=True)


def is_uprn(values: pd.Series) -> pd.Series:
    """Whether each tidy value is 1 to 12 digits and no filler such as 0 or 1."""
    return _matches(values, r"\d{1,12}") & ~values.isin(list(_FILLER_UPRN))


def _matches(values: pd.Series, pattern: str) -> pd.Series:
    return _flags(values.astype(TEXT).str.fullmatch(pattern))


def _flags(values: pd.Series) -> pd.Series:
    return values.fillna(False).astype(bool)  # noqa: FBT003 - pandas names the fill value by position
