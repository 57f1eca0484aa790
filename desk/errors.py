"""What can go wrong at the desk before or behind a page.

DeskError
├── SettingsMissingError   `hearth desk` was not told what it needs
├── StylesMissingError     the locked npm packages are not installed
├── NoMonthError           nothing has been published yet
├── RouteError             a route that may not be registered
└── UnknownMemberError     the council's sign-in named nobody who may use the desk
"""


class DeskError(Exception):
    """Something of the desk's own; its text is a sentence for people and holds no personal value."""


class SettingsMissingError(DeskError):
    """A setting without which the desk may not be served."""


class StylesMissingError(DeskError):
    """The styles and scripts of GOV.UK Frontend are not where they should be."""


class NoMonthError(DeskError):
    """The store has no published month."""


class RouteError(DeskError):
    """A route names no permission, or a path or a name that is taken."""


class UnknownMemberError(DeskError):
    """The council's sign-in was in order, but nobody of that name may use the desk."""
