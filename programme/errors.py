"""What can go wrong in the programme's rules.

ProgrammeError
├── ProfileError        a rule pack cannot be used: file, key, what was found, what is allowed
├── MissingTableError   a feed table that a measure rests on was not handed over
└── ClaimError          a claim was asked to take a step that its status does not allow
"""


class ProgrammeError(Exception):
    """Anything that the programme's rules refuse."""


class ProfileError(ProgrammeError):
    """A rule pack that cannot be used; the message names the file, each key and what is allowed."""


class MissingTableError(ProgrammeError):
    """A feed table that a measure rests on was not handed over."""


class ClaimError(ProgrammeError):
    """A claim was asked to take a step that its status does not allow."""
