"""What people decide: the tables of the casebook, which the next run reads back."""

from schemas import vocabulary as words
from schemas.columns import Day, Text, says
from schemas.published import PublishedTable


class CasebookDecision(PublishedTable):
    """A person's decision about two records; it binds every later month."""

    left_feed: Text = says("feed of the first record", isin=words.Feed)
    left_table: Text = says("table of the first record")
    left_id: Text = says("key of the first record")
    right_feed: Text = says("feed of the second record", isin=words.Feed)
    right_table: Text = says("table of the second record")
    right_id: Text = says("key of the second record")
    decision: Text = says("same or different", isin={"same", "different"})
    decided_by: Text = says("who decided", nullable=True)
    decided_on: Day = says("when", nullable=True)
    reason: Text = says("why", nullable=True)


class CasebookClaimStep(PublishedTable):
    """A step that a person took with a claim."""

    claim_id: Text = says("the claim")
    status: Text = says("what it came to", isin=words.ClaimStatus)
    decided_by: Text = says("who took the step", nullable=True)
    decided_on: Day = says("when", nullable=True)
