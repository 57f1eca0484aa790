"""What is held of a table's matching, so that its next state costs what changed in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb
import pyarrow as pa

from linkage.candidates import Index
from linkage.model import Model
from linkage.plan import Plan
from linkage.spec import LinkSpec
from linkage.standing import Standing
from linkage.vocabulary import Hashes

VERSION = 4  # of what is held
# Where of all places so large a share is empty, or of what stands in blocks came since they were sorted, all is moved.
_LOOSE = 0.2
Parts = Mapping[str, pa.Table]


@dataclass(frozen=True, repr=False)
class Held:
    """A table as it was matched: who is who, what tells whether a record changed, and the blocks.

    `told` and `index` by place, as of `Roll` and `Found`. `model_text`: what it was matched by. `described`: what all
    this depends on besides the records, the model and the plan: the description, the fields compared, the software.
    `lasting`: those of its parts that were read and stand as they were.
    """

    standing: Standing
    told: Hashes
    index: Index
    plan: Plan
    model_text: str
    described: str
    lasting: Parts = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Held: {len(self.standing.order)} records>"

    @cached_property
    def model(self) -> Model:
        """The model by which it was matched."""
        return Model.from_text(self.model_text)

    def serves(self, said: str, model: Model | None, plan: Plan | None) -> bool:
        """Whether a table described so can begin from here, if by a model or a plan then by these."""
        return (
            said == self.described
            and (model is None or self.model_text.startswith(f"# sha256 {model.sha256}\n"))
            and (plan is None or plan.sha256 == self.plan.sha256)
        )

    def settled(self) -> "Held":
        """The same; where many places are empty, or many were added, with every record at its position."""
        standing = self.standing
        living = len(standing.order)
        empty = len(standing.people) - living
        blocks = self.index.values()
        since = sum(len(layered.since) for layered in blocks)
        if empty <= _LOOSE * living and since <= _LOOSE * sum(map(len, blocks)):
            return self
        index = {level: layered.moved(standing.positions) for level, layered in self.index.items()}
        return replace(self, standing=standing.settled(), told=self.told[standing.order], index=index, lasting={})


def described(spec: LinkSpec, *, has_kin: bool) -> str:
    """A hash of what a held table depends on besides its records, the model and the plan."""
    said = json.dumps([VERSION, duckdb.__version__, repr(spec.columns), spec.id, spec.source,
                       sorted(spec.once_per_person), repr(spec.settings), has_kin])  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()
