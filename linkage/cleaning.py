"""The comparable form of what people write, in SQL over the distinct values of a column. Originals stay untouched."""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from linkage.vocabulary import Hashes

HashTexts = Callable[[Sequence[pa.Array]], list[Hashes]]
_BATCH = 1 << 14

# Letters and vowel signs of every script, less the punctuation between their blocks. As ranges, for the same asked as
# a class of Unicode takes longer to compile than a small table takes to read.
_LETTERS = (
    r"A-Z\x{00C0}-\x{00D6}\x{00D8}-\x{00F6}\x{00F8}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3040}-\x{FDFF}\x{FE70}-\x{FEFF}"
    r"\x{10000}-\x{1EFFF}\x{20000}-\x{2FFFF}"
)
_MACROS = """
create macro latin(x) as case when regexp_full_match(x, '[ -~]*') then upper(x) else strip_accents(
    replace(replace(replace(replace(replace(upper(x), 'Ł', 'L'), 'Ø', 'O'), 'Đ', 'D'), 'ẞ', 'SS'), 'Æ', 'AE')) end;
create macro words(x) as nullif(trim(regexp_replace(regexp_replace(latin(x), '[''\u2019`\u00b4.]', '', 'g'),
    '[^{letters}]+', ' ', 'g')), '');
create macro untitled(x) as nullif(trim(regexp_replace(words(x),
    '^(?:(?:MR|MRS|MISS|MS|MX|DR|REV|REVD|REVEREND|SIR|MASTER|PROF|PROFESSOR|DAME|LADY|THE HON|HON) )+', '')), '');
create macro unranked(x) as regexp_replace(regexp_replace(regexp_replace(x,
    '(?i),?\\s+\\d+(?:st|nd|rd|th)\\s+(?:baron|earl|duke|duchess|viscount|countess|marquess|marquis|lord|lady).*$', ''),
    '(?i)^(\\S+\\s.*),\\s*(?:baron|baronet|baroness|earl|duke|duchess|viscount|countess|marquess|marquis|lord|lady|bart'
    || '|bt|esq|mp|kc|qc)\\b.*$', '\\1'),
    '(?i),?\\s+(?:esq|esquire|jr|jnr|junior|sr|snr|senior|(?:the )?(?:younger|elder))\\.?$', '');
create macro uncommissioned(x) as regexp_replace(x, '^(?:(?:CAPT|CAPTAIN|COL|COLONEL|MAJ|MAJOR|GEN|GENERAL|LT|LIEUT|'
    || 'LIEUTENANT|SGT|SERGEANT|ADM|ADMIRAL|CDR|COMMANDER|LORD|SIR|BARON|EARL) )+(\\S+ )', '\\1');
create macro squeezed(x) as case when regexp_full_match(x, '[A-Za-z0-9]+') then upper(x)
    else nullif(regexp_replace(latin(x), '[^{letters}0-9]+', '', 'g'), '') end;
create macro digits(x) as nullif(regexp_replace(x, '[^0-9]+', '', 'g'), '');

create macro name_form(x) as untitled(x);
create macro surname_last(x) as
    case when contains(x, ',') then split_part(x, ',', 2) || ' ' || split_part(x, ',', 1) else x end;
create macro full_name_form(x) as uncommissioned(untitled(surname_last(unranked(x))));
create macro sex_form(x) as case upper(left(trim(x), 1))
    when 'M' then 'M' when '1' then 'M' when 'F' then 'F' when '2' then 'F' end;
create macro age_group_form(x) as case upper(left(trim(x), 1)) when 'C' then 'CHILD' when 'A' then 'ADULT' end;
create macro postcode_form(x) as case when upper(x) like 'ZZ99%' then null else squeezed(x) end;
create macro uprn_form(x) as nullif(nullif(nullif(
    ltrim(digits(regexp_replace(x, '\\.0+$', '')), '0'), ''), '1'), '-1');
create macro number_form(x) as nullif(ltrim(squeezed(x), '0'), '');
create macro identifier_form(x) as squeezed(x);
create macro category_form(x) as case when regexp_full_match(x, '[A-Za-z0-9]+(?: [A-Za-z0-9]+)*') then upper(x)
    else nullif(trim(regexp_replace(latin(x), '[^{letters}0-9]+', ' ', 'g')), '') end;
create macro phone_form(x) as case when length(digits(x)) >= 7 then right(digits(x), 10) end;
create macro email_form(x) as case when contains(x, '@') then lower(replace(x, ' ', '')) end;

create macro month_named(x) as trim(regexp_replace(regexp_replace(x, '(?i)(\\d)(?:st|nd|rd|th)\\b', '\\1'),
    '[ ,./-]+', ' ', 'g'));
create macro date_form(x) as case
    when regexp_full_match(trim(x), '\\d{8}') then trim(x)
    when regexp_matches(x, '^\\s*\\d{4}[/.-]\\d{1,2}[/.-]\\d{1,2}') then
        regexp_extract(x, '(\\d{4})[/.-]', 1) || lpad(regexp_extract(x, '\\d{4}[/.-](\\d{1,2})[/.-]', 1), 2, '0')
        || lpad(regexp_extract(x, '\\d{4}[/.-]\\d{1,2}[/.-](\\d{1,2})', 1), 2, '0')
    when regexp_matches(x, '^\\s*\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{4}') then
        regexp_extract(x, '[/.-](\\d{4})', 1) || lpad(regexp_extract(x, '[/.-](\\d{1,2})[/.-]', 1), 2, '0')
        || lpad(regexp_extract(x, '(\\d{1,2})[/.-]', 1), 2, '0')
    when regexp_full_match(trim(x), '\\d{4}') then trim(x) || '0000'
    when regexp_matches(x, '[A-Za-z]{3}') then strftime(try_strptime(month_named(x),
        ['%d %B %Y', '%d %b %Y', '%B %d %Y', '%b %d %Y']), '%Y%m%d') end;

create macro uncountried(x) as regexp_replace(x, ' (?:UK|GB|ENGLAND|SCOTLAND|WALES|NORTHERN IRELAND)$', '');
create macro postcode_within(x) as
    nullif(regexp_extract(uncountried(x), '\\b([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})$', 1), '');
create macro without_postcode(x) as
    regexp_replace(uncountried(x), '\\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$', '');
create macro street_words(x) as trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(x, '\\b(?:ROAD)\\b', 'RD', 'g'), '\\b(?:STREET|STR)\\b', 'ST', 'g'),
    '\\b(?:AVENUE|AV)\\b', 'AVE', 'g'), '\\b(?:CLOSE)\\b', 'CL', 'g'), '\\b(?:LANE)\\b', 'LN', 'g'), '\\s+', ' ', 'g'));
create macro unit_of(x) as
    nullif(regexp_extract(x, '\\b(?:FLAT|UNIT|APARTMENT|APT|ROOM|STUDIO|BEDSIT)\\s+([A-Z]?[0-9]*[A-Z]?)\\b', 1), '');
create macro without_unit(x) as
    regexp_replace(x, '\\b(?:FLAT|UNIT|APARTMENT|APT|ROOM|STUDIO|BEDSIT)\\s+[A-Z]?[0-9]*[A-Z]?\\b', ' ');
create macro number_of(x) as nullif(regexp_extract(without_unit(x), '\\b([0-9]+[A-Z]?)\\b', 1), '');
create macro unnumbered(x) as regexp_replace(without_unit(x), '\\b[0-9]+[A-Z]?\\b', ' ');
create macro street_form(x) as nullif(street_words(x), '');

create macro skeleton(x) as left(x, 1) || regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(x[2:], 'PH', 'F', 'g'), '[AEIOUYHW ]', '', 'g'), '[CKQGX]', 'K', 'g'), '[ZS]', 'S', 'g'),
    'V', 'F', 'g'), '[DT]', 'T', 'g');
"""


def open_engine(
    threads: int, *, memory_limit: str | None = None, temp_directory: str | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that knows the forms; `temp_directory` is where it may spill (names land on disk there)."""
    settings: dict[str, Any] = {"threads": threads}
    if memory_limit is not None:
        settings["memory_limit"] = memory_limit
    if temp_directory is not None:
        settings["temp_directory"] = temp_directory
    engine = duckdb.connect(config=settings)
    engine.execute(_MACROS.replace("{letters}", _LETTERS))
    return engine


def apply_forms(engine: duckdb.DuckDBPyConnection, values: pa.Array, forms: Sequence[str]) -> list[pa.Array]:
    """Each form (an expression over `x`) of each value, in the values' order."""
    return worked_out(engine, pa.table({"x": values.cast(pa.string())}), forms)


def worked_out(engine: duckdb.DuckDBPyConnection, table: pa.Table, expressions: Sequence[str]) -> list[pa.Array]:
    """Each SQL expression over a table's columns, in the order of its rows, which DuckDB keeps of a single table."""
    # In batches, for DuckDB reads each on one thread.
    told = engine.from_arrow(pa.Table.from_batches(table.to_batches(_BATCH), table.schema))
    wanted = ", ".join(f"{expression} as f{number}" for number, expression in enumerate(expressions))
    found = told.project(wanted).to_arrow_table()
    return [column.combine_chunks() for column in found.columns]


def hashes_of(engine: duckdb.DuckDBPyConnection, columns: Sequence[pa.Array]) -> list[Hashes]:
    """What tells each text of each column apart, the same in every table; 0 for null."""
    texts = pa.chunked_array([column.cast(pa.string()) for column in columns], pa.string())
    told = "case when x is null then 0::ubigint else hash(x) end"
    hashed = worked_out(engine, pa.table({"x": texts}), [told])[0].to_numpy()
    return np.split(hashed, np.cumsum([len(column) for column in columns])[:-1])


def hashing_by(engine: duckdb.DuckDBPyConnection) -> HashTexts:
    """What hashes texts, on whatever thread."""

    def hashed(texts: Sequence[pa.Array]) -> list[Hashes]:
        # A cursor of its own, for rules are worked out on several threads.
        with engine.cursor() as cursor:
            return hashes_of(cursor, texts)

    return hashed
