"""Tables that a month keeps for its own steps and for the next month; no promise to readers."""

from schemas.columns import Flag, Text, says
from schemas.published import MONTH, PublishedTable
from schemas.vocabulary import Basis, Feed, IdentityKind


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


class Matching(PublishedTable):
    """How the month was matched; one row."""

    model_sha256: Text = says("hash of the matching model's text")
    counts: Text = says("JSON: pairs by blocking rule, records, clusters")
