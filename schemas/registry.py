"""Every table by name: which model it is of, and for a feed table whether it is a roster."""

from schemas import feeds, internal, published
from schemas.feeds import FeedTable
from schemas.published import PublishedTable
from schemas.vocabulary import Feed

FEED_TABLES: dict[tuple[str, str], type[FeedTable]] = {
    (Feed.SCHOOL.value, "pupils"): feeds.Pupils,
    (Feed.SCHOOL.value, "contacts"): feeds.Contacts,
    (Feed.SCHOOL.value, "attendance"): feeds.Attendance,
    (Feed.SCHOOL.value, "exclusions"): feeds.Exclusions,
    (Feed.SCHOOL.value, "attainment"): feeds.Attainment,
    (Feed.POLICE.value, "nominals"): feeds.Nominals,
    (Feed.POLICE.value, "occurrences"): feeds.Occurrences,
    (Feed.POLICE.value, "asb_interventions"): feeds.AsbInterventions,
    (Feed.MASH.value, "people"): feeds.MashPeople,
    (Feed.MASH.value, "relationships"): feeds.Relationships,
    (Feed.MASH.value, "referrals"): feeds.Referrals,
    (Feed.MASH.value, "episodes"): feeds.Episodes,
    (Feed.MASH.value, "never_link"): feeds.NeverLink,
    (Feed.JOBCENTRE.value, "claimants"): feeds.Claimants,
    (Feed.JOBCENTRE.value, "claims"): feeds.BenefitClaims,
    (Feed.JOBCENTRE.value, "employment"): feeds.Employment,
    (Feed.JOBCENTRE.value, "progress"): feeds.Progress,
    (Feed.NOMINATIONS.value, "nominations"): feeds.Nominations,
}

ROSTERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("school", "pupils"),
        ("school", "contacts"),
        ("police", "nominals"),
        ("mash", "people"),
        ("mash", "relationships"),
        ("mash", "never_link"),
        ("jobcentre", "claimants"),
    }
)

PERSON_TABLES: tuple[tuple[str, str], ...] = (
    ("school", "pupils"),
    ("school", "contacts"),
    ("police", "nominals"),
    ("mash", "people"),
    ("jobcentre", "claimants"),
    ("nominations", "nominations"),
)

# The table that an event's person is found in, and the event's column that names them.
ROSTER_OF: dict[tuple[str, str], tuple[str, str]] = {
    ("school", "attendance"): ("pupils", "pupil_id"),
    ("school", "exclusions"): ("pupils", "pupil_id"),
    ("school", "attainment"): ("pupils", "pupil_id"),
    ("police", "occurrences"): ("nominals", "nominal_id"),
    ("police", "asb_interventions"): ("nominals", "nominal_id"),
    ("mash", "referrals"): ("people", "mash_id"),
    ("mash", "episodes"): ("people", "mash_id"),
    ("jobcentre", "claims"): ("claimants", "claimant_id"),
    ("jobcentre", "employment"): ("claimants", "claimant_id"),
    ("jobcentre", "progress"): ("claimants", "claimant_id"),
}

PUBLISHED_TABLES: dict[str, type[PublishedTable]] = {
    "deliveries": published.Delivery,
    "rejected_records": published.RejectedRecord,
    "person_records": published.PersonRecord,
    "links": published.Link,
    "record_details": published.RecordDetail,
    "match_rates": published.MatchRate,
    "reviews": published.Review,
    "persons": published.Person,
    "households": published.Household,
    "household_members": published.HouseholdMember,
    "families": published.Family,
    "family_members": published.FamilyMember,
    "family_sightings": published.FamilySighting,
    "identity_events": published.IdentityEvent,
    "rules": published.RuleInForce,
    "needs": published.Need,
    "cohort": published.CohortMember,
    "attachments": published.Attachment,
    "outcomes": published.Outcome,
    "claims": published.Claim,
    "changes": published.MonthChange,
    "run": published.Run,
}

INTERNAL_TABLES: dict[str, type[PublishedTable]] = {
    "record_clusters": internal.RecordCluster,
    "person_ledger": internal.LedgerEntry,
    "person_events": published.IdentityEvent,
    "home_ledger": internal.LedgerEntry,
    "home_events": published.IdentityEvent,
    "identity_ledger": internal.LedgerEntry,
    "doubts": internal.Doubt,
    "matching": internal.Matching,
    "baselines": internal.Baseline,
}
