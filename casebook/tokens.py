"""Ids that carry nothing, secrets, and keyed hashes."""

import hashlib
import hmac
import secrets as random

from sqlalchemy import Connection, insert, select

from casebook.tables import secrets

_KEY = "key"


def new_id(prefix: str) -> str:
    """A random id: the prefix and sixteen hexadecimal digits."""
    return prefix + random.token_hex(8)


def new_token() -> str:
    """256 random bits as text, for a cookie."""
    return random.token_urlsafe(32)


def sha256(text: str) -> str:
    """The hash of a text that nobody could guess."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed_hash(connection: Connection, text: str) -> str:
    """The hash of a text that could be guessed, such as a name, under the casebook's own key."""
    return hashed_under(key_of(connection), text)


def hashed_under(key: bytes, text: str) -> str:
    """The hash of a text under a key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def key_of(connection: Connection) -> bytes:
    """The casebook's own key."""
    return bytes.fromhex(connection.scalars(select(secrets.c.value).where(secrets.c.name == _KEY)).one())


def provide_key(connection: Connection) -> None:
    """Make the casebook's own key, once."""
    if connection.scalar(select(secrets.c.name).where(secrets.c.name == _KEY)) is None:
        connection.execute(insert(secrets).values(name=_KEY, value=random.token_hex(32)))
