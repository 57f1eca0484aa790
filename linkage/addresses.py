"""Addresses: one reading of however many columns they came in."""

from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.cleaning import apply_forms
from linkage.hashing import mixed
from linkage.spec import Kind, LinkSpec
from linkage.vocabulary import Codes, Vocabulary, through

Take = Callable[[str], tuple[Codes, pa.Array]]
Values = dict[str, pa.Array]
PARTS = ("postcode", "street", "number", "unit")  # what tells a dwelling


def encode_addresses(  # noqa: PLR0913 - what is read, and what is filled
    spec: LinkSpec,
    take: Take,
    engine: duckdb.DuckDBPyConnection,
    codes: dict[str, Codes],
    values: Values,
    *,
    is_precise: bool | None,
) -> bool:
    """Fill `codes` with postcode, sector, district, number, unit and street, as far as the table has them.

    Returns whether a postcode tells a few doors, as British ones do, and not a whole town; found out where it is not
    known.
    """
    for column in spec.of_kind(Kind.POSTCODE):
        raw, texts = take(column.name)
        is_precise = _encode_postcodes(raw, texts, engine, codes, values, is_precise=is_precise)
    lines = [column.name for column in spec.of_kind(Kind.ADDRESS)]
    if lines:
        raw, text = _joined([take(line) for line in lines], engine)
        if not spec.of_kind(Kind.POSTCODE):
            # A list with one column for it all ends its addresses with the postcode, which says most of them.
            within, text = apply_forms(engine, text, ["postcode_within(x)", "without_postcode(x)"])
            is_precise = _encode_postcodes(raw, within, engine, codes, values, is_precise=is_precise)
        unit, number, rest = apply_forms(engine, text, ["unit_of(x)", "number_of(x)", "unnumbered(x)"])
        codes["unit"], values["unit"] = recode(raw, unit)
        codes["number"], values["number"] = recode(raw, number)
        # Many addresses are of one street, so each street's words are put in order once.
        street, streets = recode(raw, rest)
        codes["street"], values["street"] = recode(street, apply_forms(engine, streets, ["street_form(x)"])[0])
    for column in spec.of_kind(Kind.HOUSE_NUMBER):
        raw, texts = take(column.name)
        codes["number"], values["number"] = recode(raw, apply_forms(engine, texts, ["number_form(x)"])[0])
    return bool(is_precise)


def _encode_postcodes(  # noqa: PLR0913 - as above
    raw: Codes,
    texts: pa.Array,
    engine: duckdb.DuckDBPyConnection,
    codes: dict[str, Codes],
    values: Values,
    *,
    is_precise: bool | None,
) -> bool:
    """Fill in postcode, sector and district; whether a postcode tells a few doors."""
    codes["postcode"], values["postcode"] = recode(raw, apply_forms(engine, texts, ["postcode_form(x)"])[0])
    is_precise = _is_precise(values["postcode"]) if is_precise is None else is_precise
    codes["sector"], values["sector"] = _shortened(codes["postcode"], values["postcode"], 2 if is_precise else 0)
    codes["district"], values["district"] = _shortened(codes["postcode"], values["postcode"], 3)
    return is_precise


def recode(raw: Codes, forms: pa.Array) -> tuple[Codes, pa.Array]:
    """Codes of the cleaned forms, and the forms: raw values that clean to the same form share a code."""
    encoded = pc.dictionary_encode(forms)
    return through(pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int32), raw), encoded.dictionary


def _shortened(postcodes: Codes, texts: pa.Array, letters: int) -> tuple[Codes, pa.Array]:
    """The postcode without its last letters: two give the sector, three the district."""
    return recode(postcodes, pc.utf8_slice_codeunits(texts, 0, -letters) if letters else texts)


def _joined(taken: list[tuple[Codes, pa.Array]], engine: duckdb.DuckDBPyConnection) -> tuple[Codes, pa.Array]:
    """The lines of an address as one text, each distinct address once."""
    cleaned = [recode(raw, apply_forms(engine, values, ["category_form(x)"])[0]) for raw, values in taken]
    combined, parts = together([raw for raw, _ in cleaned])
    columns = [
        pa.concat_arrays([texts, pa.array([""])]).take(pa.array(np.where(part < 0, len(texts), part)))
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


def _is_precise(postcodes: pa.Array) -> bool:
    british = pc.match_substring_regex(postcodes, r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$")
    return bool(len(postcodes) and (pc.mean(british.cast(pa.int8())).as_py() or 0.0) > 0.5)


def dwellings(
    codes: dict[str, Codes], vocabularies: dict[str, Vocabulary], *, is_precise: bool
) -> tuple[Codes, Vocabulary] | None:
    """Records whose address says the same front door: number, unit and the postcode, else the street.

    None where the table tells no address.
    """
    if "number" not in codes and "street" not in codes:
        return None
    size = len(codes["postcode"] if "postcode" in codes else codes["street"])
    none = np.full(size, -1, np.int32)
    postcode, street, number, unit = (codes.get(part, none) for part in PARTS)
    # A numbered door is told by its postcode; a named house, or a door without postcode, by its street.
    told_by_postcode = (number >= 0) & (postcode >= 0) & is_precise
    told_by_street = np.where(told_by_postcode, -1, street)
    placed = told_by_postcode | (told_by_street >= 0)
    told = [postcode if is_precise else none, told_by_street, number, unit]
    door, parts = together([np.where(placed, part, -1) for part in told])
    untold = Vocabulary.untold(np.empty(0, np.uint64))
    hashes = [through(vocabularies.get(name, untold).hashes, part, 0) for name, part in zip(PARTS, parts, strict=True)]
    return door, Vocabulary.untold(mixed(*hashes))
