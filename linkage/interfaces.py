"""recordlinkage's base classes, without scikit-learn and scipy's statistics, which starting the package brings in.

The package's own body is put off until something asks it for a name, so for everyone else it is whole. Loading it takes
longer than matching twenty thousand records does, and nothing here needs it.
"""

import importlib
import importlib.util
import sys
from typing import Any

_PACKAGE = "recordlinkage"


def _without_the_rest() -> None:
    """Load the modules of the base classes, and put off the package's body; as it is where it is loaded already."""
    spec = importlib.util.find_spec(_PACKAGE)
    if _PACKAGE in sys.modules or spec is None or spec.loader is None:
        return
    loader = spec.loader
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    for module in ("config_init", "base"):
        importlib.import_module(f"{_PACKAGE}.{module}")

    def asked(name: str) -> Any:
        if name.startswith("__"):
            msg = f"module {_PACKAGE!r} has no attribute {name!r}"
            raise AttributeError(msg)
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = asked


_without_the_rest()

from recordlinkage.base import (  # noqa: E402 - only now does this not load the rest
    BaseClassifier,
    BaseCompare,
    BaseCompareFeature,
    BaseIndexAlgorithm,
)

__all__ = ["BaseClassifier", "BaseCompare", "BaseCompareFeature", "BaseIndexAlgorithm"]
