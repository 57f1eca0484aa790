"""Addresses: one reading of however many columns they came in."""

from collections.abc import Callable

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.cleaning import apply_forms
from linkage.spec import Kind, LinkSpec

Codes = npt.NDArray[np.int32]
Texts = npt.NDArray[np.object_]
Take = Callable[[str], tuple[Codes, pa.Array]]


def encode_addresses(
    spec: LinkSpec,
    take: Take,
    engine: duckdb.DuckDBPyConnection,
    codes: dict[str, Codes],
    vocabularies: dict[str, Texts],
) -> bool:
    """Fill `codes` with postcode, sector, number, unit, street and dwelling, as far as the table has them.

    Returns whether a postcode tells a few doors, as British ones do, and not a whole town.
    """
    is_precise = False
    for column in spec.of_kind(Kind.POSTCODE):
        raw, values = take(column.name)
        codes["postcode"], vocabularies["postcode"] = _recode(raw, apply_forms(engine, values, ["postcode_form(x)"])[0])
        is_precise = _is_precise(vocabularies["postcode"])
        codes["sector"] = (
            _shortened(codes["postcode"], vocabularies["postcode"], 2) if is_precise else codes["postcode"]
        )
        codes["district"] = _shortened(codes["postcode"], vocabularies["postcode"], 3)
    lines = [column.name for column in spec.of_kind(Kind.ADDRESS)]
    if lines:
        raw, text = _joined([take(line) for line in lines], engine)
        unit, number, rest = apply_forms(engine, text, ["unit_of(x)", "number_of(x)", "unnumbered(x)"])
        codes["unit"], vocabularies["unit"] = _recode(raw, unit)
        codes["number"], vocabularies["number"] = _recode(raw, number)
        # Many addresses are of one street, so each street's words are put in order once.
        street, streets = _recode(raw, rest)
        forms = apply_forms(engine, pa.array(streets, pa.string()), ["street_form(x)"])[0]
        codes["street"], vocabularies["street"] = _recode(street, forms)
    for column in spec.of_kind(Kind.HOUSE_NUMBER):
        raw, values = take(column.name)
        codes["number"], vocabularies["number"] = _recode(raw, apply_forms(engine, values, ["number_form(x)"])[0])
    _dwellings(codes, is_precise=is_precise)
    return is_precise


def _recode(raw: Codes, forms: pa.Array) -> tuple[Codes, Texts]:
    encoded = pc.dictionary_encode(forms)
    mapping = np.append(pc.fill_null(encoded.indices, -1).to_numpy(), -1).astype(np.int32)
    return mapping[raw], encoded.dictionary.to_numpy(zero_copy_only=False)


def _shortened(postcodes: Codes, texts: Texts, letters: int) -> Codes:
    """Code of the postcode without its last letters: two give the sector, three the district."""
    mapping = pd.factorize(np.array([text[:-letters] for text in texts], object))[0]
    return np.append(mapping, -1).astype(np.int32)[postcodes]


def _joined(taken: list[tuple[Codes, pa.Array]], engine: duckdb.DuckDBPyConnection) -> tuple[Codes, pa.Array]:
    """The lines of an address as one text, each distinct address once."""
    cleaned = [_recode(raw, apply_forms(engine, values, ["category_form(x)"])[0]) for raw, values in taken]
    combined, parts = together([raw for raw, _ in cleaned])
    columns = [
        pa.array(np.append(texts, ""), pa.string()).take(pa.array(np.where(part < 0, len(texts), part)))
        for (_, texts), part in zip(cleaned, parts, strict=True)
    ]
    # Empty text and not null: pyarrow's join drops a row of which every part is null.
    return combined, pc.utf8_trim_whitespace(pc.binary_join_element_wise(*columns, " "))


def together(columns: list[Codes]) -> tuple[Codes, list[Codes]]:
    """One code for each distinct row of codes (-1 where all are missing), and what each code stands for."""
    key = columns[0].astype(np.int64)
    for column in columns[1:]:
        key = pd.factorize(key)[0] * (int(column.max(initial=0)) + 2) + column + 1
    missing = np.logical_and.reduce([column < 0 for column in columns])
    combined, distinct = pd.factorize(np.where(missing, -1, key + 1))
    first = np.zeros(len(distinct), np.int64)
    first[combined[::-1]] = np.arange(len(combined))[::-1]
    parts = [column[first] for column in columns]
    return np.where(missing, -1, combined).astype(np.int32), parts


def _is_precise(postcodes: Texts) -> bool:
    if len(postcodes) == 0:
        return False
    british = pd.Series(postcodes).str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
    return bool(british.mean() > 0.5)


def _dwellings(codes: dict[str, Codes], *, is_precise: bool) -> None:
    """A code for records whose address says the same front door: number, unit and the postcode, else the street."""
    if "number" not in codes and "street" not in codes:
        return
    size = len(codes["postcode"] if "postcode" in codes else codes["street"])
    none = np.full(size, -1, np.int32)
    postcode, street = codes.get("postcode", none), codes.get("street", none)
    number, unit = codes.get("number", none), codes.get("unit", none)
    # A numbered door is told by its postcode; a named house, or a door without postcode, by its street.
    told_by_postcode = (number >= 0) & (postcode >= 0) & is_precise
    told_by_street = np.where(told_by_postcode, -1, street)
    door, _ = together([postcode if is_precise else none, told_by_street, number, unit])
    placed = told_by_postcode | (told_by_street >= 0)
    codes["dwelling"] = np.where(placed, door, -1).astype(np.int32)
