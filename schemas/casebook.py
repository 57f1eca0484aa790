"""What people decide: the words of it, and the tables of the casebook that the next run reads back."""

from enum import StrEnum

from schemas import vocabulary as words
from schemas.columns import Day, Flag, Instant, Text, Whole, says
from schemas.published import PublishedTable


class PairAnswer(StrEnum):
    """What somebody said of two records."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot_tell"


class HomeAnswer(StrEnum):
    """What somebody said of two people."""

    TOGETHER = "together"
    APART = "apart"
    CANNOT_TELL = "cannot_tell"


class Consent(StrEnum):
    """Whether a family agreed to be worked with."""

    GIVEN = "given"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"


class Standing(StrEnum):
    """Where a question stands: never decided, decided, or decided of records that have changed since."""

    OPEN = "open"
    DECIDED = "decided"
    STALE = "stale"


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
    fingerprint: Text = says("of the two records when it was decided", nullable=True)


class CasebookClaimStep(PublishedTable):
    """A step that a person took with a claim."""

    claim_id: Text = says("the claim")
    status: Text = says("what it came to", isin=words.ClaimStatus)
    decided_by: Text = says("who took the step", nullable=True)
    decided_on: Day = says("when", nullable=True)


class HouseholdDecision(PublishedTable):
    """A person's decision about two people, whether they live together; it binds every later month."""

    left_person_id: Text = says("the one")
    right_person_id: Text = says("the other")
    decision: Text = says("together or apart", isin={"together", "apart"})
    decided_on: Day = says("when")


class FamilyConfirmation(PublishedTable):
    """A coordinator's word that a person belongs to a family, or does not."""

    family_id: Text = says("the family")
    person_id: Text = says("the person")
    is_member: Flag = says("whether they belong to it")
    decided_on: Day = says("when")


class Answered(PublishedTable):
    """The answer that stands for a question, also one that settles nothing, so that it is not asked again."""

    kind: Text = says("what was asked about", isin=words.ReviewKind)
    left: Text = says("the smaller side: `feed|table|key` of a record, or a person id")
    right: Text = says("the greater side")
    decision: Text = says("what was answered", isin={*PairAnswer, *HomeAnswer})
    sequence: Whole = says("number of the decision in its ledger", ge=1)
    fingerprint: Text = says("of what was compared when it was answered", nullable=True)
    month: Text = says("the published month that was looked at", nullable=True)
    reason: Text = says("why", nullable=True)
    decided_by: Text = says("who decided: a user's name")
    decided_at: Instant = says("when, UTC")


class Activity(PublishedTable):
    """Something done with a family."""

    family_id: Text = says("the family")
    done_on: Day = says("when")
    kind: Text = says("what was done, by its code")
