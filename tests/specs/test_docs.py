"""The pages written from the specs and the packs are those that stand in docs/."""

import importlib.util
from pathlib import Path

import pytest

_PLACE = Path(__file__).parent / "render.py"
_SPEC = importlib.util.spec_from_file_location("hearth_render_specs", _PLACE)
assert _SPEC is not None
assert _SPEC.loader is not None
render = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(render)


@pytest.mark.parametrize("page", ["criteria", "profiles"])
def test_the_page_is_not_stale(page):
    held = (render.DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert held == getattr(render, page)(), f"run `make docs` and commit docs/{page}.md"
