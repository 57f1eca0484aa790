"""The evidence pack of a claim as a PDF, from the same data as its JSON."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import typst

_TEMPLATE = files("reports").joinpath("templates", "evidence_pack.typ")


def as_pdf(pack: Mapping[str, Any]) -> bytes:
    """The pack as a PDF; the same pack gives the same pages."""
    return bytes(typst.compile(_TEMPLATE.read_bytes(), sys_inputs={"pack": json.dumps(pack, sort_keys=True)}))
