"""Everything that linkage refuses to do.

LinkageError
├── SpecError            the description of a table of people is wrong
├── RecordsError         the table does not fit its description
├── ReadingsError        clerical readings or labels do not fit the pairs that they are of
├── DecisionsError       the coordinators' decisions, or the never-link pairs, cannot be read
├── OutgrownError        the data have outgrown how they are blocked
└── ModelError           a model cannot be used
    ├── ModelTextError   its file is not one of ours, or was altered
    ├── TrainingError    the data taught no model worth using
    └── DriftError       the data have moved away from what it was trained on

Messages carry columns, kinds, counts and record ids, never a person's particulars.
"""


class LinkageError(Exception):
    """Anything that linkage refuses to do."""


class SpecError(LinkageError):
    """The description of a table of people is wrong."""


class RecordsError(LinkageError):
    """The table does not fit its description."""


class DecisionsError(LinkageError):
    """The decisions or never-link pairs cannot be read."""


class ReadingsError(LinkageError):
    """Clerical readings, or labels, do not fit the pairs that they are of."""


class OutgrownError(LinkageError):
    """The data have outgrown the plan by which they are blocked."""


class ModelError(LinkageError):
    """A model cannot be used."""


class ModelTextError(ModelError):
    """The file is not a model of ours, or was altered since it was saved."""


class TrainingError(ModelError):
    """The data taught no model worth using."""


class DriftError(ModelError):
    """The data have moved away from what the model was trained on; `found` says which fields, and how far."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(f"{found}. {advice}")
        self.found = found
