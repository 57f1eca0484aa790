"""Passwords: which are good enough, hashed by argon2, and checked in the same time for a user that there is not."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casebook.errors import PasswordRefusedError

_WORDS = re.compile(r"[^\W_]+")
MIN_LENGTH = 12
MAX_LENGTH = 1_000
HASHER = PasswordHasher()
# Long enough to pass by length, and yet among the first that anybody would try.
_COMMON = frozenset(
    """
    password1234 password12345 password123456 passwordpassword 123456789012 1234567890123 12345678901234 123456123456
    qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyqwerty letmeinletmein welcome12345 welcomewelcome adminadmin12
    administrator administrator1 changeme1234 changemechangeme iloveyou1234 abcdefghijkl abcdefghijklm abc123abc123
    aaaaaaaaaaaa 111111111111 000000000000 correcthorsebatterystaple trustno1trustno1 hearthhearth hearth123456
    """.split()
)


def allow(password: str, *, names: tuple[str, ...] = ()) -> None:
    """Raises PasswordRefusedError for a password that is too short, among the usual ones, or made of a user's name."""
    plain = password.casefold()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        message = f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters; a few words in a row are good."
        raise PasswordRefusedError(message)
    if plain in _COMMON or len(set(plain)) < 5:
        raise PasswordRefusedError("This password is among the first that anybody would try. Choose another.")
    if any(len(part) >= 3 and part in plain for name in names for part in _WORDS.findall(name.casefold())):
        raise PasswordRefusedError("A password must not hold the user's own name. Choose another.")


def hashed(password: str) -> str:
    """The argon2 hash, with its salt and parameters."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; takes as long where there is no hash to hold it against."""
    try:
        return HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether the hash was made with other parameters than are used today."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")
