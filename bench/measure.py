"""One engine on one kept set, in a process of its own: `python -m bench.measure ENGINE SET FOLDER` prints JSON."""

import json
import resource
import sys
import warnings
from pathlib import Path
from types import ModuleType

from bench.make import kept


def main(engine: str, name: str, folder: Path) -> dict[str, float | str]:
    """Run it and say how good, how fast and how large it was."""
    chosen = kept(name, folder)
    before = _peak_mb()
    clusters, seconds, imports = _engine(engine).run(chosen)
    from linkage.evaluation import b_cubed, pairwise, within_household  # noqa: PLC0415 - not to be part of the imports

    ids = clusters["id"]
    truth = chosen.truth.reindex(ids).reset_index(drop=True)
    known = truth.notna()
    cluster, truth = clusters["cluster"][known], truth[known]
    pairs = pairwise(cluster, truth)
    found: dict[str, float | str] = {
        "engine": engine, "set": name, "records": len(clusters), "precision": pairs.precision, "recall": pairs.recall,
        "f1": pairs.f1, "b_cubed": b_cubed(cluster, truth).f1, "seconds": seconds, "imports": imports,
        "cpu": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), "before_mb": before, "peak_mb": _peak_mb(),
    }  # fmt: skip
    if chosen.household is not None:
        home = chosen.household.reindex(ids).reset_index(drop=True)[known]
        found["household"] = within_household(cluster, truth, home)
    return found


def _engine(name: str) -> ModuleType:
    if name == "hearth":
        from bench import ours  # noqa: PLC0415 - only one of the two is measured

        return ours
    from bench import splink5  # noqa: PLC0415

    return splink5


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))) + "\n")
