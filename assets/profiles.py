"""The programme's rules that the settings name."""

from assets.settings import Settings
from programme.profile import Profile, load, shipped_directory


def profile_of(settings: Settings) -> Profile:
    """The profile by the settings' name or path; raises ProgrammeError where it is none."""
    return load(settings.profile, directories=[shipped_directory()])
