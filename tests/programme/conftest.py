"""The same small council that the criteria's tables are judged in."""

import importlib.util
from pathlib import Path

_PLACE = Path(__file__).parents[1] / "specs" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("hearth_small_council", _PLACE)
assert _SPEC is not None
assert _SPEC.loader is not None
_COUNCIL = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_COUNCIL)

council = _COUNCIL.council
new_council = _COUNCIL.new_council
