"""The feed contract's tables as this generator writes them: columns in order, keys, dates and numbers."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from borough.chance import Ints

PERSON = ("forename", "middle_names", "surname", "date_of_birth", "sex", "ethnicity")
ADDRESS = ("address_line_1", "address_line_2", "town", "postcode", "uprn", "protected_address")

COLUMNS: dict[tuple[str, str], tuple[str, ...]] = {
    ("school", "pupils"): (
        "pupil_id", "upn", "former_upn", *PERSON, "preferred_surname", "former_surname", "language", *ADDRESS,
        "school_urn", "school_name", "nc_year", "entry_on", "left_on", "enrolment_status", "sen_provision",
        "free_school_meals", "young_carer",
    ),
    ("school", "contacts"): (
        "contact_id", "pupil_id", "relationship", "parental_responsibility", "priority", "lives_with_pupil",
        *PERSON, *ADDRESS, "phone", "email",
    ),
    ("school", "attendance"): (
        "pupil_id", "academic_year", "term", "attendance_code", "sessions",
        "possible_sessions", "authorised_sessions", "unauthorised_sessions",
    ),
    ("school", "exclusions"): ("exclusion_id", "pupil_id", "category", "started_on", "sessions", "reason"),
    ("school", "attainment"): ("pupil_id", "academic_year", "key_stage", "measure", "value"),
    ("police", "nominals"): ("nominal_id", "pnc_id", *PERSON, "alias_forename", "alias_surname", *ADDRESS),
    ("police", "occurrences"): (
        "occurrence_id", "nominal_id", "role", "occurred_on", "recorded_on", "kind", "offence_group", "outcome_code",
        "proven", "asb_qualifier", *ADDRESS,
    ),
    ("police", "asb_interventions"): ("intervention_id", "nominal_id", "type", "started_on", "ended_on"),
    ("mash", "people"): ("mash_id", *PERSON, "expected_date_of_birth", "nhs_number", "upn", *ADDRESS),
    ("mash", "relationships"): ("mash_id", "related_mash_id", "relationship", "parental_responsibility"),
    ("mash", "referrals"): ("referral_id", "mash_id", "received_on", "source_code", "concerns", "decision"),
    ("mash", "episodes"): ("episode_id", "mash_id", "kind", "started_on", "ended_on", "category", "factors"),
    ("mash", "never_link"): ("mash_id", "other_feed", "other_table", "other_id"),
    ("jobcentre", "claimants"): ("claimant_id", "nino", *PERSON, *ADDRESS, "partner_claimant_id"),
    ("jobcentre", "claims"): ("claimant_id", "benefit_code", "started_on", "ended_on", "conditionality"),
    ("jobcentre", "employment"): ("claimant_id", "started_on", "ended_on", "employer"),
    ("jobcentre", "progress"): ("claimant_id", "action_on", "action"),
    ("nominations", "nominations"): (
        "nomination_id", "agency", "nominated_on", "indicator", "expires_on", *PERSON, *ADDRESS,
        "upn", "nino", "nhs_number",
    ),
}  # fmt: skip

KEYS: dict[tuple[str, str], tuple[str, ...]] = {
    ("school", "pupils"): ("pupil_id",),
    ("school", "contacts"): ("contact_id", "pupil_id"),
    ("school", "attendance"): ("pupil_id", "academic_year", "term", "attendance_code"),
    ("school", "exclusions"): ("exclusion_id",),
    ("school", "attainment"): ("pupil_id", "academic_year", "key_stage", "measure"),
    ("police", "nominals"): ("nominal_id",),
    ("police", "occurrences"): ("occurrence_id", "nominal_id"),
    ("police", "asb_interventions"): ("intervention_id",),
    ("mash", "people"): ("mash_id",),
    ("mash", "relationships"): ("mash_id", "related_mash_id"),
    ("mash", "referrals"): ("referral_id",),
    ("mash", "episodes"): ("episode_id",),
    ("mash", "never_link"): ("mash_id", "other_feed", "other_id"),
    ("jobcentre", "claimants"): ("claimant_id",),
    ("jobcentre", "claims"): ("claimant_id", "benefit_code", "started_on"),
    ("jobcentre", "employment"): ("claimant_id", "started_on"),
    ("jobcentre", "progress"): ("claimant_id", "action_on", "action"),
    ("nominations", "nominations"): ("nomination_id",),
}

NUMBERS = frozenset({"sessions", "possible_sessions", "authorised_sessions", "unauthorised_sessions", "priority"})
FEEDS = ("school", "police", "mash", "jobcentre", "nominations")


def is_date(column: str) -> bool:
    """Whether a column holds dates."""
    return column.endswith(("_on", "date_of_birth"))


@dataclass(frozen=True)
class Table:
    """One table of one month as an agency means it, before it becomes a file.

    `columns` are arrays of one length: dates as day numbers, numbers with -1 for missing, all else text with "" for
    missing. `people` is the true person of each row, in tables that describe people.
    """

    feed: str
    name: str
    columns: dict[str, NDArray[Any]] = field(repr=False)
    people: Ints | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that make a row's key."""
        return KEYS[self.feed, self.name]
