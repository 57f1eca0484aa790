"""Where a record comes from, in words."""

from casebook.pairs import RecordKey
from schemas.vocabulary import Feed

FEED_WORDS = {
    Feed.SCHOOL: "School",
    Feed.POLICE: "Police",
    Feed.MASH: "MASH",
    Feed.JOBCENTRE: "Jobcentre",
    Feed.NOMINATIONS: "Nominations",
}


def feed_words(feed: str) -> str:
    """A feed as one says it."""
    return FEED_WORDS.get(Feed(feed), feed)


def source_words(record: RecordKey) -> str:
    """The feed and the table of a record: `School, pupils`."""
    return f"{feed_words(record.feed)}, {table_words(record)}"


def table_words(record: RecordKey) -> str:
    """The table of a record: `pupils`."""
    return record.table.replace("_", " ")
