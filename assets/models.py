"""Which matching model makes a month; every model that ever made one is kept under its hash.

A month that is run again is made by the model that made it before, and a new month by the model of the month before it,
so that ids move only when people do: docs/decisions/0005-a-small-council-borrows-a-model.md.
"""

from collections.abc import Iterator
from pathlib import Path

from assets.snapshots import read_published
from assets.store import Store
from linkage.errors import ModelError
from linkage.model import Model
from linkage.shipped import borrowed_model

_ADOPTED = "adopted.toml"


def models_for(store: Store, month: str) -> Iterator[Model]:
    """The models that may make a month, the first foremost, each once.

    The adopted one, then those of the month's last publication, of the month before and of the month after.
    """
    adopted = store.models / _ADOPTED
    found = [_read(adopted)] if adopted.is_file() else []
    near = (month, store.month_before(month), store.month_after(month))
    found += [made for each in near if each and (made := _kept_under(store, _made_by(store, each)))]
    yield from {model.sha256: model for model in found}.values()


def made_by(store: Store, month: str) -> Model | None:
    """The model that made a published month; None where the store holds it no longer."""
    sha256 = _made_by(store, month)
    if kept := _kept_under(store, sha256):
        return kept
    borrowed = borrowed_model()
    return borrowed if borrowed.sha256 == sha256 else None


def keep(store: Store, model: Model) -> None:
    """Keep a model under its hash."""
    _write(kept_file(store, model), model)


def kept_file(store: Store, model: Model) -> Path:
    """Where a model that has made a month is kept."""
    return store.models / f"{model.sha256}.toml"


def plan_file(store: Store, model: Model) -> Path:
    """Where the plan lies by which the tables that a model matches are blocked."""
    return store.models / f"{model.sha256}.blocks"


def adopt(store: Store, model: Model) -> None:
    """Let this model make every month from now on, until another is adopted.

    Raises ModelError where it is not of the feeds' records: no month could be made by it.
    """
    if found := misfit(model):
        message = f"{found}. Learn one from a published month: hearth model train --month 2026-10 --out MODEL"
        raise ModelError(message)
    keep(store, model)
    _write(store.models / _ADOPTED, model)


def misfit(model: Model) -> str | None:
    """Why no month can be made by a model, in words; None of one that knows the fields which this version compares."""
    fields = [[(field.name, field.levels) for field in each.fields] for each in (model, borrowed_model())]
    known, wanted = (", ".join(name for name, _ in each) for each in fields)
    if fields[0] == fields[1]:
        return None
    return f"model {model.sha256[:12]} knows the fields {known}; this version of Hearth compares {wanted}"


def in_use(store: Store) -> Model | None:
    """The model that would make the newest published month again."""
    current = store.current()
    return next(models_for(store, current), None) if current else None


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
