"""What can go wrong with a delivery. Messages hold counts, headings, lines and rules: never a value."""


class FeedsError(Exception):
    """Anything that this package refuses."""


class UnusableFileError(FeedsError):
    """One file cannot be read as its table; the message is the reason in the delivery report."""


class UnusableNoteError(FeedsError):
    """`delivery.toml` cannot be read; the message is the reason in the delivery report."""


class CalendarError(FeedsError):
    """The term calendar breaks a rule, so that no measure could be counted in it."""


class MonthError(FeedsError):
    """Text that should name a month does not."""
