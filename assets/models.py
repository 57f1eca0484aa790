"""Which matching model makes a month; every model that ever made one is kept under its hash.

A month that is run again is made by the model that made it before, and a new month by the model of the month before it,
so that ids move only when people do: docs/decisions/0005-a-small-council-borrows-a-model.md.
"""

from pathlib import Path

from assets.snapshots import read_published
from assets.store import Store
from linkage.model import Model
from linkage.shipped import borrowed_model

_ADOPTED = "adopted.toml"


def model_for(store: Store, month: str) -> Model | None:
    """The adopted model, else the one of the month's last publication, of the month before, of the month after."""
    adopted = store.models / _ADOPTED
    if adopted.is_file():
        return _read(adopted)
    for near in (month, store.month_before(month), store.month_after(month)):
        if near and (made := _kept_under(store, _made_by(store, near))):
            return made
    return None


def made_by(store: Store, month: str) -> Model | None:
    """The model that made a published month; None where the store holds it no longer."""
    sha256 = _made_by(store, month)
    if kept := _kept_under(store, sha256):
        return kept
    borrowed = borrowed_model()
    return borrowed if borrowed.sha256 == sha256 else None


def keep(store: Store, model: Model) -> None:
    """Keep a model under its hash."""
    _write(store.models / f"{model.sha256}.toml", model)


def plan_file(store: Store, model: Model) -> Path:
    """Where the plan lies by which the tables that a model matches are blocked."""
    return store.models / f"{model.sha256}.blocks"


def adopt(store: Store, model: Model) -> None:
    """Let this model make every month from now on, until another is adopted."""
    keep(store, model)
    _write(store.models / _ADOPTED, model)


def in_use(store: Store) -> Model | None:
    """The model that would make the newest published month again."""
    current = store.current()
    return model_for(store, current) if current else None


def _made_by(store: Store, month: str) -> str:
    made = read_published(store, month, "run")["model_sha256"]
    return str(made.iloc[0]) if len(made) else ""


def _kept_under(store: Store, sha256: str) -> Model | None:
    file = store.models / f"{sha256}.toml"
    return _read(file) if sha256 and file.is_file() else None


def _read(file: Path) -> Model:
    return Model.from_text(file.read_text("utf-8"))


def _write(file: Path, model: Model) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(model.to_text(), "utf-8")
    fresh.replace(file)
