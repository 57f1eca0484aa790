"""What the casebook refuses, in sentences that hold ids and words of ours only."""


class CasebookError(Exception):
    """Something that the casebook does not do: what, why, and what to do next."""


class CasebookUnreachableError(CasebookError):
    """The database cannot be opened or brought to the form that this version needs."""


class UnknownRowError(CasebookError):
    """Something is named that the casebook does not have."""


class AlreadyWithdrawnError(CasebookError):
    """A decision was withdrawn before; both the decision and its withdrawal stay on record."""


class RefusedWordError(CasebookError):
    """A coded value is outside its set."""


class OutOfOrderError(CasebookError):
    """A step that cannot follow what stands, or a second person is needed for it."""


class UserError(CasebookError):
    """A user cannot be made or changed as asked."""


class PasswordRefusedError(CasebookError):
    """A password breaks the rule for passwords; the message never repeats it."""


class ReasonMissingError(CasebookError):
    """A decision without a reason."""
