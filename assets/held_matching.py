"""A table's matching as it was held, in files: see `linkage.held`. What does not fit is made anew, never mended.

A folder holds the parts of one table, each an Arrow file; it is replaced as a whole. It holds what the records hold,
names and addresses too, and is as personal as they are.
"""

import os
import shutil
import sys
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.feather

from assets.settings import SettingsError
from assets.store import flush
from linkage.held import Held
from linkage.held_parts import held_of, parts_of
from linkage.plan import Plan

_FORM = ".arrow"
_STAMP = b"hearth file"
# A file that is mapped is read where it is looked at. Windows would not let a mapped one be replaced.
_IS_MAPPED = sys.platform != "win32"


def read_held(folder: Path) -> Held | None:
    """What the folder holds; None where nothing is held, or what other software held, or where a file was cut short."""
    try:
        files = sorted(folder.glob(f"*{_FORM}"))
        parts = {file.stem: _read(file) for file in files}
    except pa.ArrowInvalid:
        return None
    return held_of(parts) if parts else None


def check_folder(folder: Path) -> None:
    """Raise SettingsError where this or a folder beside it, which holding needs, has anything but a held matching.

    To hold one there would remove what the folder has.
    """
    for place in (folder, *_beside(folder)):
        if place.is_dir() and any(file.suffix != _FORM for file in place.iterdir()):
            message = f"{place} has files that are no matching held, and they would be lost. Name a new folder."
            raise SettingsError(message)


def keep_held(folder: Path, held: Held) -> None:
    """Hold this instead of what the folder held. Where that is cut short, the one or the other is held, or nothing.

    Raises SettingsError where the folder holds anything else.
    """
    check_folder(folder)
    fresh, old = _beside(folder)
    for leftover in (fresh, old):
        if leftover.exists():
            shutil.rmtree(leftover)
    fresh.mkdir(parents=True, mode=0o700)
    for name, part in parts_of(held).items():
        file = fresh / f"{name}{_FORM}"
        if not _is_linked(folder / file.name, part, file):
            _write(part, file)
    if folder.exists():
        folder.rename(old)  # and not removed where it stands: half of it would be read as a matching
    fresh.rename(folder)
    if old.exists():
        shutil.rmtree(old)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Where the new one is made, and where the old one is put away."""
    return folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")


def _is_linked(before: Path, part: pa.Table, file: Path) -> bool:
    """Whether a part that was read from the file `before`, and stands as it was, could be made a second name of it."""
    stamp = _stamp(part.schema)
    if stamp is None or not before.is_file():
        return False
    with pa.OSFile(str(before)) as source:
        if _stamp(pa.ipc.open_file(source).schema) != stamp:
            return False
    try:
        os.link(before, file)
    except OSError:  # a file system on which a file has one name
        return False
    return True


def _write(part: pa.Table, file: Path) -> None:
    # A part that is read from this file is known by it.
    stamped = part.replace_schema_metadata({**(part.schema.metadata or {}), _STAMP: uuid.uuid4().hex})
    pa.feather.write_feather(stamped, file, compression="uncompressed", chunksize=max(len(part), 1))
    # It has no checksum: half of it, kept by a machine that lost its power, would be somebody else's record.
    flush(file)


def _read(file: Path) -> pa.Table:
    return pa.feather.read_table(file, memory_map=_IS_MAPPED)


def _stamp(part: pa.Schema) -> bytes | None:
    """What tells a written part from every other; None where it was never written."""
    stamp: bytes | None = (part.metadata or {}).get(_STAMP)
    return stamp


def read_plan(file: Path) -> Plan | None:
    """A plan that was kept; None where there is none, or where other software made it."""
    return Plan.of_table(pa.feather.read_table(file)) if file.is_file() else None


def keep_plan(file: Path, plan: Plan) -> None:
    """Keep a plan, in one step."""
    fresh = file.with_suffix(".new")
    pa.feather.write_feather(plan.to_table(), fresh)
    fresh.replace(file)
