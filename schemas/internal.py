"""Tables that a month keeps for its own steps and for the next month; no promise to readers."""

from schemas.columns import Day, Decimal, Flag, Text, Whole, says
from schemas.published import MONTH, PublishedTable
from schemas.vocabulary import Answer, Basis, Feed, IdentityKind, NeedState


class RecordCluster(PublishedTable):
    """A record and the cluster that matching put it in this month, before ids that last."""

    feed: Text = says("the feed", isin=Feed)
    table_name: Text = says("the table")
    source_id: Text = says("the row's key")
    cluster_id: Text = says("this month's cluster")
    basis: Text = says("what ties the record to the cluster", isin=Basis)


class LedgerEntry(PublishedTable):
    """Under which lasting id a key is known, and since when."""

    kind: Text = says("what the id stands for", isin=IdentityKind)
    key: Text = says("a record's key, or a member's id")
    id: Text = says("the lasting id")
    first_month: Text = says("first month so known", str_matches=MONTH)
    last_month: Text = says("newest month so known", str_matches=MONTH)
    current: Flag = says("whether the key stood under the id in the month of the ledger")


class Doubt(PublishedTable):
    """A household that the evidence does not settle, before it is known what the answer would change."""

    left_person_id: Text = says("whose home it is")
    right_person_id: Text = says("of whom it is doubtful")
    household_id: Text = says("the household")
    question: Text = says("the question in words, without names")
    why: Text = says("why the evidence does not settle it, in words")
    answer: Text = says("the answer that would change something", isin=Answer)
    after_abuse: Flag = says("one of the two was accused of abusing the other")


class Matching(PublishedTable):
    """How the month was matched; one row."""

    model_sha256: Text = says("hash of the matching model's text")
    counts: Text = says("JSON: pairs by blocking rule, records, clusters")


class Baseline(PublishedTable):
    """What one condition came to when a family was taken on; recorded once, from what was held and known then."""

    family_id: Text = says("the family")
    attached_on: Day = says("the day on which it was taken on")
    rule: Text = says("the criterion or result that the condition belongs to")
    position: Whole = says("its place there", ge=0)
    asked: Text = says("the condition in words")
    state: Text = says("what it came to; nobody where there was no one to count", isin={*NeedState, "nobody"})
    value: Decimal = says("the measure", nullable=True)
    is_available: Flag = says("whether the feed spoke in the month that it is taken from")
    extract_on: Day = says("the day of which the feed spoke", nullable=True)
    window_from: Day = says("first day counted", nullable=True)
    window_to: Day = says("last day counted", nullable=True)
    meeting: Text = says("JSON list: the members who met the rule")
    evidence: Text = says("JSON list: feed, table, source ids")
    taken_from: Text = says("the month whose rows and members it rests on", str_matches=MONTH)
