import ast
from pathlib import Path

import borough

FORBIDDEN = {"linkage", "programme", "assets", "pipelines", "feeds", "dagster", "duckdb", "recordlinkage"}


def test_the_generator_does_not_know_the_matcher() -> None:
    folder = Path(borough.__file__).parent
    imported = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    assert "numpy" in imported
    assert not imported & FORBIDDEN
