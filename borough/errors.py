"""What can go wrong when a borough is made.

BoroughError
└── BoroughSettingError   an argument that no borough can be made from
"""


class BoroughError(Exception):
    """The root of every error of this package."""


class BoroughSettingError(BoroughError):
    """An argument is out of its range; the message names it, its range and what was given."""
