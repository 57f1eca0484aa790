"""Finding a family by a name or an id: the text stays in memory, for its session alone, and never stands in a URL."""

import re
from typing import Any

from casebook import audit
from casebook.events import Searched
from casebook.tokens import keyed_hash
from desk.visit import Visit

LONGEST = 100
_WORDS = re.compile(r"[^\s,;]+")
# Every word begins a name of one and the same member, or is an id.
_FOUND = """
    select distinct family_id from family_members join persons p using (person_id)
    where family_id = $text or person_id = $text
        or len(list_filter($words, lambda word:
            starts_with(strip_accents(lower(coalesce(p.forename, ''))), word)
            or starts_with(strip_accents(lower(coalesce(p.surname, ''))), word)
            or contains(strip_accents(lower(coalesce(p.surname, ''))), ' ' || word)
            or contains(strip_accents(lower(coalesce(p.surname, ''))), '-' || word))) = len($words)
"""
_PLAIN = "select strip_accents(lower($text)) as text"


def keep(visit: Visit, text: str) -> str:
    """Keep a search text and audit it as a hash; gives its opaque id."""
    found = len(families(visit, text))
    with visit.writing() as connection:
        hashed = keyed_hash(connection, text.casefold())
        audit.record(connection, Searched(hashed, len(text), found, visit.month), visit.signature)
    return visit.desk.searches.put(visit.me.session_id, text)


def text_of(visit: Visit, search: str) -> str | None:
    """The text of an opaque id, where this session still has it."""
    return visit.desk.searches.get(visit.me.session_id, search) if search else None


def families(visit: Visit, text: str) -> list[str]:
    """The ids of the families that a text finds, among those that the visitor sees."""
    plain = str((visit.one(_PLAIN, {"text": text}) or {})["text"])
    words = _WORDS.findall(plain)
    given: dict[str, Any] = {"text": text.strip().lower(), "words": words or [text]}
    return [str(row["family_id"]) for row in visit.rows(_FOUND, given)]
