"""The model that comes with Hearth, learnt from a synthetic borough, for tables too small to learn from."""

from importlib.resources import files

from linkage.model import Model


def borrowed_model() -> Model:
    """The shipped model of the pipeline's mentions (`linkage.mentions.SPEC`)."""
    return Model.from_text(files("linkage").joinpath("data", "mentions_model.toml").read_text("utf-8"))
