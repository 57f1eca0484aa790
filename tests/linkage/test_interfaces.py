import subprocess
import sys

_WITHOUT_THE_REST = """
import sys
import linkage.engine
assert not {"sklearn", "scipy.stats"} & set(sys.modules)
"""
_WHOLE_WHEN_ASKED = """
import sys
from linkage.candidates import Blocks
from linkage.comparisons import Levelled
from linkage.features import Feature
from linkage.mixture import Mixture
import recordlinkage
from recordlinkage import Compare
from recordlinkage.base import BaseCompare, BaseCompareFeature, BaseIndexAlgorithm
assert "sklearn" in sys.modules
assert isinstance(recordlinkage.ECMClassifier(), recordlinkage.base.BaseClassifier)
assert issubclass(Mixture, recordlinkage.base.BaseClassifier)
assert issubclass(Blocks, BaseIndexAlgorithm) and issubclass(Feature, BaseCompareFeature)
assert issubclass(Levelled, BaseCompare) and issubclass(Compare, BaseCompare)
assert recordlinkage.index.Block is not None
try:
    recordlinkage.no_such_name
except AttributeError:
    pass
else:
    raise AssertionError("a name that the package lacks was found")
"""
_LOADED_BEFORE = """
import recordlinkage
from linkage.candidates import Blocks
assert issubclass(Blocks, recordlinkage.base.BaseIndexAlgorithm) and recordlinkage.Index is not None
"""


def test_matching_loads_neither_scikit_learn_nor_statistics() -> None:
    _run(_WITHOUT_THE_REST)


def test_recordlinkage_is_whole_for_whoever_asks_it_for_more() -> None:
    _run(_WHOLE_WHEN_ASKED)


def test_recordlinkage_stays_as_it_is_where_it_was_loaded_before() -> None:
    _run(_LOADED_BEFORE)


def _run(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
