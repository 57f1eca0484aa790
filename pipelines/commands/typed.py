"""What to type next, as it must be typed: with the settings, the store and the month that this command was given."""

import os
import re
from pathlib import Path

from assets.settings import FILE_VARIABLE

_PLAIN = re.compile(r"[\w./:=%,+-]+")


def typed(*words: str, store: Path | None = None, month: str | None = None) -> str:
    """A `hearth` command in full; what a shell would take apart stands in quotation marks."""
    settings = os.environ.get(FILE_VARIABLE)
    given = ["hearth", *(["--settings", settings] if settings else []), *words]
    given += ["--month", month] if month else []
    given += ["--store", str(store)] if store else []
    return " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in given)
