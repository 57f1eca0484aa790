"""The table contract, version 1: one model for each table of a published month."""

import pandera.pandas as pa

from schemas import vocabulary as words
from schemas.columns import Day, Decimal, Flag, Instant, Text, Whole, says

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class PublishedTable(pa.DataFrameModel):
    """Any published table: coerced to its declared types, nothing undeclared passes."""

    class Config:
        """Columns are promises: none missing, none undeclared."""

        coerce = True
        strict = "filter"


class Delivery(PublishedTable):
    """One table of one feed's delivery, used or not."""

    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table; empty on the one row of a late feed", nullable=True)
    file_name: Text = says("the file as delivered; empty where there was none", nullable=True)
    sha256: Text = says("hash of the file, under which it is kept as received", nullable=True)
    received_for: Text = says("the run month", str_matches=MONTH)
    extract_on: Day = says("the day of which the sender's extract speaks", nullable=True)
    rows: Whole = says("data rows in the file", nullable=True)
    accepted: Whole = says("rows used", nullable=True)
    rejected: Whole = says("rows that could not be used", nullable=True)
    repaired: Whole = says("values repaired or made missing", nullable=True)
    status: Text = says("what became of it", isin=words.DeliveryStatus)
    reason: Text = says("why, and what was noticed: counts and headings, never a value", nullable=True)


class RejectedRecord(PublishedTable):
    """A row that could not be used, kept whole."""

    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table")
    file_name: Text = says("the file as delivered")
    received_for: Text = says("the run month", str_matches=MONTH)
    line: Whole = says("line of the file (the header is line 1), or the sheet's row", ge=1)
    rule: Text = says("the rule that it broke")
    column_name: Text = says("the column that broke it; empty where the row as a whole did", nullable=True)
    record: Text = says("the row as JSON; leaves the store in no log")


class PersonRecord(PublishedTable):
    """A record that describes a person."""

    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table")
    source_id: Text = says("the row's key")
    person_id: Text = says("whose record it is")
    basis: Text = says("what ties the record to the person", isin=words.Basis)


class Link(PublishedTable):
    """A compared pair kept for the record."""

    left_feed: Text = says("feed of the first record", isin=words.Feed)
    left_table: Text = says("table of the first record")
    left_id: Text = says("key of the first record")
    right_feed: Text = says("feed of the second record", isin=words.Feed)
    right_table: Text = says("table of the second record")
    right_id: Text = says("key of the second record")
    weight: Decimal = says("log2 odds that the two are one person", nullable=True)
    probability: Decimal = says("the same as a probability", nullable=True, ge=0, le=1)
    decision: Text = says("what was decided", isin=words.Decision)
    decided_by: Text = says("by whom or what", isin=words.DecidedBy)
    levels: Text = says("JSON: field to its level and weight")


class RecordDetail(PublishedTable):
    """What a record says of its person, as it was delivered, for two to be read side by side.

    Of a person whose address is protected, or who lives in a protected household, no record tells where to find them.
    """

    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table")
    source_id: Text = says("the row's key")
    forename: Text = says("as delivered", nullable=True)
    middle_names: Text = says("as delivered", nullable=True)
    surname: Text = says("as delivered", nullable=True)
    other_names: Text = says("preferred, former and alias names, `;` between", nullable=True)
    date_of_birth: Day = says("as delivered", nullable=True)
    sex: Text = says("as delivered", nullable=True, isin=words.SEX)
    address: Text = says("the address in one line, without its postcode", nullable=True)
    postcode: Text = says("as delivered", nullable=True)
    phone: Text = says("as delivered", nullable=True)
    upn: Text = says("unique pupil number", nullable=True)
    school: Text = says("the school, by its name or else its number", nullable=True)
    extract_on: Day = says("the day of which the sender's extract speaks", nullable=True)
    address_withheld: Flag = says("address, postcode, phone, UPN and school are left out to protect the person")
    fingerprint: Text = says("keyed hash of what the record says, withheld values too: it changes when they do")


class MatchRate(PublishedTable):
    """How many records of one table and group were found in another agency's feed too."""

    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table")
    grouping: Text = says(
        "by what records are told apart; `unmatched`: by why they were not found", isin=words.MatchGrouping
    )
    group_name: Text = says("the group; of `unmatched`, the reason in words")
    records: Whole = says("records of the group", ge=1)
    matched: Whole = says("of them, those whose person another feed knows", ge=0)


class Review(PublishedTable):
    """A question to a person: whether two records are one, or whether two people live together."""

    review_id: Text = says("the same in every month in which the same is asked", unique=True)
    kind: Text = says("what is asked about", isin=words.ReviewKind)
    question: Text = says("the question in words, without names")
    why: Text = says("why the data do not settle it, in words")
    left_feed: Text = says("feed of the first record of a pair", nullable=True, isin=words.Feed)
    left_table: Text = says("table of the first record", nullable=True)
    left_id: Text = says("key of the first record", nullable=True)
    right_feed: Text = says("feed of the second record", nullable=True, isin=words.Feed)
    right_table: Text = says("table of the second record", nullable=True)
    right_id: Text = says("key of the second record", nullable=True)
    household_id: Text = says("the household that is doubtful", nullable=True)
    left_person_id: Text = says("the person of the first record, or whose home it is")
    right_person_id: Text = says("the person of the second record, or of whom it is doubtful")
    weight: Decimal = says("log2 odds that two records are one person", nullable=True)
    answer: Text = says("the answer that would change something, and whose effect is told", isin=words.Answer)
    families_entering: Whole = says("families that would come onto the list", ge=0)
    families_leaving: Whole = says("families that would go off it", ge=0)
    needs_flipping: Whole = says("needs that would become met or cease to be", ge=0)
    claims_falling: Whole = says("claims on record that would no longer stand", ge=0)
    effect: Text = says("the effect in words")
    family_ids: Text = says("JSON list of the families that the answer touches")
    rank: Whole = says("place in the order in which to ask", unique=True, ge=1)
    was_decided: Flag = says("decided before, and asked again because a record behind it has changed")
    fingerprint: Text = says("changes when what is compared of either side changes, so that a decision turns stale")
    after_abuse: Flag = says("of a household: one of the two was accused of abusing the other; show no address")


class Person(PublishedTable):
    """The records taken to be one human being."""

    person_id: Text = says("lasting id", unique=True)
    forename: Text = says("most often given", nullable=True)
    surname: Text = says("most often given", nullable=True)
    date_of_birth: Day = says("most often given", nullable=True)
    sex: Text = says("most often given", nullable=True, isin=words.SEX)
    records: Whole = says("records that describe the person", ge=1)
    feeds: Whole = says("feeds that know the person", ge=1)
    protected: Flag = says("some feed protects the person's address")


class Household(PublishedTable):
    """People at one address, as of the month."""

    household_id: Text = says("lasting id", unique=True)
    uprn: Text = says("the dwelling's property reference", nullable=True)
    postcode: Text = says("the dwelling's postcode", nullable=True)
    ward: Text = says("the dwelling's ward, where a postcode lookup names it", nullable=True)
    lsoa: Text = says("the dwelling's small area, likewise; left out where the address is protected", nullable=True)
    members: Whole = says("people who live there as of the month", ge=0)
    protected: Flag = says("the address is protected")


class HouseholdMember(PublishedTable):
    """A person's stay in a household."""

    household_id: Text = says("the household")
    person_id: Text = says("the person")
    from_on: Day = says("first seen there", nullable=True)
    to_on: Day = says("first day no longer there; empty while they are", nullable=True)
    basis: Text = says("what says so, in words")
    is_dependent_child: Flag = says("under 18 as of the month", nullable=True)


class Family(PublishedTable):
    """A household, or its part, with a dependent child: the unit that the programme works with."""

    family_id: Text = says("lasting id", unique=True)
    household_id: Text = says("where the family lives")
    adults: Whole = says("members of 18 or more", ge=0)
    children: Whole = says("members under 18", ge=0)
    ward: Text = says("the household's ward", nullable=True)
    protected: Flag = says("a member's address is protected")


class FamilyMember(PublishedTable):
    """A person of a family."""

    family_id: Text = says("the family")
    person_id: Text = says("the person")
    role: Text = says("their part in it", isin=words.Role)
    basis: Text = says("what says so, in words")


class FamilySighting(PublishedTable):
    """An agency that knows a member of a family, and when it last had to do with them.

    The school of a protected family is left out, for it tells where its children can be found.
    """

    family_id: Text = says("the family")
    person_id: Text = says("the member")
    feed: Text = says("the feed", isin=words.Feed)
    table_name: Text = says("the table of the agency's record of the person")
    agency: Text = says("the agency that nominated; elsewhere empty", nullable=True)
    school: Text = says("the pupil's school, by its name or else its number", nullable=True)
    records: Whole = says("records of the person there", ge=1)
    last_on: Day = says("the last contact", nullable=True)
    contact: Text = says("whether that was something that happened, or only the roster's day", isin=words.Contact)


class IdentityEvent(PublishedTable):
    """What became of an id this month."""

    month: Text = says("the run month", str_matches=MONTH)
    kind: Text = says("what the id stands for", isin=words.IdentityKind)
    id: Text = says("the id")
    event: Text = says("what became of it", isin=words.IdentityEvent)
    other_id: Text = says("the id that it joined or split from", nullable=True)
    cause: Text = says("why", isin=words.Cause)


class Need(PublishedTable):
    """One criterion judged for one family."""

    family_id: Text = says("the family")
    criterion_id: Text = says("the criterion, by the id of its source")
    headline: Text = says("the headline outcome or problem that it belongs to")
    state: Text = says("how it was judged", isin=words.NeedState)
    person_id: Text = says("the member who decides it, where one does", nullable=True)
    measure: Text = says("what was counted, and how")
    value: Decimal = says("what it came to", nullable=True)
    operator: Text = says("how it is compared", isin={"<", "<=", ">", ">=", "="})
    threshold: Decimal = says("with what")
    window_from: Day = says("first day counted", nullable=True)
    window_to: Day = says("last day counted", nullable=True)
    feed: Text = says("the feed, or feeds joined by `+`, that it rests on")
    extract_on: Day = says("the oldest day of which those feeds speak", nullable=True)
    evidence: Text = says("JSON list: feed, table, source ids")


class RuleInForce(PublishedTable):
    """A rule by which the month was judged, in words."""

    kind: Text = says("what sort of rule", isin=words.RuleKind)
    rule_id: Text = says("its id: of a criterion, a headline, a result, a route, a figure")
    headline: Text = says("the headline that a criterion belongs to, by its key", nullable=True)
    label: Text = says("two or three words for lists", nullable=True)
    name: Text = says("what it is called")
    words: Text = says("what it asks for, a sentence a line", nullable=True)
    figure: Decimal = says("its figure, of casework and targets", nullable=True)
    source: Text = says("where it comes from", nullable=True)
    confidence: Text = says("how sure that is", nullable=True)
    note: Text = says("what was chosen where the source is silent", nullable=True)


class CohortMember(PublishedTable):
    """A family, in or out of the programme's list, and why."""

    family_id: Text = says("the family")
    programme: Text = says("the profile that judged it")
    is_identified: Flag = says("whether it is on the list")
    needs_met: Whole = says("criteria met", ge=0)
    headlines_met: Whole = says("headlines with a criterion met", ge=0)
    rank: Whole = says("place on the list; empty for a family that is not on it", nullable=True, ge=1)
    first_identified: Text = says("the first month on the list", nullable=True, str_matches=MONTH)
    change: Text = says(
        "against the month before; empty for a family never on the list",
        nullable=True,
        isin=words.CohortChange,
    )
    reason: Text = says("why it is in or out, in words")


class Attachment(PublishedTable):
    """A family taken on by the programme."""

    family_id: Text = says("the family")
    attached_on: Day = says("the day on which it was taken on")
    key_worker: Text = says("the key worker", nullable=True)
    agency: Text = says("the key worker's agency", nullable=True)
    consent: Text = says("given, declined or not asked", nullable=True)
    closed_on: Day = says("the day on which the work ended", nullable=True)
    close_reason: Text = says("why it ended", nullable=True)


class Outcome(PublishedTable):
    """One result judged for one attached family."""

    family_id: Text = says("the family")
    outcome_id: Text = says("the result, by the id of its source")
    state: Text = says("how it was judged", isin=words.OutcomeState)
    baseline: Decimal = says("the measure at attachment", nullable=True)
    latest: Decimal = says("the measure now", nullable=True)
    change: Decimal = says("latest less baseline", nullable=True)
    window_from: Day = says("first day counted", nullable=True)
    window_to: Day = says("last day counted", nullable=True)
    evidence: Text = says("JSON list: feed, table, source ids")


class Claim(PublishedTable):
    """A result that may be, or was, claimed."""

    claim_id: Text = says("lasting id", unique=True)
    family_id: Text = says("the family")
    route: Text = says("which result is claimed")
    amount_gbp: Whole = says("pounds", ge=0)
    window: Text = says("the claim window")
    status: Text = says("how far it has come", isin=words.ClaimStatus)
    warning: Text = says("what this month's data would undo, in words", nullable=True)


class MonthChange(PublishedTable):
    """What changed since the month before, and why."""

    since: Text = says("the month that this one is compared with", str_matches=MONTH)
    kind: Text = says("what changed", isin=words.ChangeKind)
    change: Text = says("what became of it", isin=words.Change)
    family_id: Text = says("the family", nullable=True)
    other_id: Text = says("the family that it split from or joined", nullable=True)
    criterion_id: Text = says("the criterion of a need", nullable=True)
    feed: Text = says("the feed, of one that came again or stayed away", nullable=True, isin=words.Feed)
    before: Text = says("what stood before", nullable=True)
    after: Text = says("what stands now", nullable=True)
    cause: Text = says("why", isin=words.Cause)
    because: Text = says("why, in words: records by feed, table and key, rules, models, decisions")


class Run(PublishedTable):
    """The run itself; one row."""

    month: Text = says("the run month", str_matches=MONTH)
    run_id: Text = says("the run's id, as the pages of the orchestrator show it")
    started_at: Instant = says("when it started, UTC")
    finished_at: Instant = says("when the month was ready, UTC")
    software_version: Text = says("version of Hearth")
    programme: Text = says("the profile")
    programme_sha256: Text = says("hash of the profile's text")
    model_sha256: Text = says("hash of the matching model's text")
    settings: Text = says("JSON: every setting that shaped the month")
