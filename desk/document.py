"""Writes the table of who may see what into docs/desk.md: `python -m desk.document`."""

from pathlib import Path

from desk.access import GRANTS, ROLE_WORDS, Permission, allowed
from schemas.vocabulary import DeskRole

FILE = Path(__file__).parents[1] / "docs" / "desk.md"
_BEGIN, _END = "<!-- who may see what: written by desk/document.py -->", "<!-- end -->"
_PLAIN = (Permission.ANYONE, Permission.SIGNED_IN)


def table() -> str:
    """Permissions down, roles across."""
    heads = [ROLE_WORDS[role] for role in GRANTS]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    rows = [f"| {each.value} | {' | '.join(_marks(each))} |" for each in Permission if each not in _PLAIN]
    return "\n".join([*lines, *rows])


def _marks(permission: Permission) -> list[str]:
    return [_mark(role, permission) for role in GRANTS]


def _mark(role: DeskRole, permission: Permission) -> str:
    if permission not in allowed(role):
        return ""
    return "own" if role is DeskRole.KEY_WORKER and permission is not Permission.SEE_MONTH else "yes"


def written(text: str) -> str:
    """The page with its table as it should be."""
    before, after = text.split(_BEGIN, maxsplit=1)[0], text.split(_END)[1]
    return f"{before}{_BEGIN}\n\n{table()}\n\n{_END}{after}"


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text("utf-8")), "utf-8")
