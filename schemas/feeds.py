"""The feed contract, version 1, as pandera models: one model a table, in the contract's own words and order."""

import pandera.pandas as pa

from schemas import vocabulary as words
from schemas.columns import Day, Flag, Kind, Text, Whole, feed_field, key, required


class FeedTable(pa.DataFrameModel):
    """Any feed table as it is held: the contract's columns, and where each row came from."""

    source_id: Text = pa.Field(description="the row's key, its parts joined by `|`")
    received_for: Text = pa.Field(description="the month whose delivery the row came in", str_matches=r"^\d{4}-\d{2}$")
    extract_on: Day = pa.Field(description="the day of which the sender's extract speaks")
    file_sha256: Text = pa.Field(description="the delivered file", str_length=64)
    line: Whole = pa.Field(ge=1, description="line of the file (the header is line 1), or the sheet's row")

    class Config:
        """Held frames are coerced to the declared types; other columns never pass."""

        coerce = True
        strict = "filter"


class Person(FeedTable):
    """The columns that describe a person (`PERSON` of the contract)."""

    forename: Text = feed_field()
    middle_names: Text = feed_field()
    surname: Text = feed_field()
    date_of_birth: Day = feed_field(Kind.DATE)
    sex: Text = feed_field(Kind.CODE, codes=words.SEX, fold_case=True)
    ethnicity: Text = feed_field(
        Kind.CODE,
        "DfE main code; one that is unknown becomes missing",
        codes=words.ETHNICITY,
        repairs=words.ETHNICITY_REPAIRS,
        fold_case=True,
        rejects=False,
    )


class Address(FeedTable):
    """The columns that describe an address (`ADDRESS` of the contract)."""

    address_line_1: Text = feed_field()
    address_line_2: Text = feed_field()
    town: Text = feed_field()
    postcode: Text = feed_field(Kind.POSTCODE)
    uprn: Text = feed_field(Kind.UPRN, "unique property reference number, digits")
    protected_address: Flag = feed_field(Kind.FLAG, "empty is no", default=False)


class Pupils(Person, Address):
    """School: a pupil on one school's roll."""

    pupil_id: Text = key()
    upn: Text = feed_field(Kind.UPN)
    former_upn: Text = feed_field(Kind.UPN)
    preferred_surname: Text = feed_field()
    former_surname: Text = feed_field()
    language: Text = feed_field()
    school_urn: Text = required()
    school_name: Text = feed_field()
    nc_year: Text = feed_field()
    entry_on: Day = feed_field(Kind.DATE)
    left_on: Day = feed_field(Kind.DATE)
    enrolment_status: Text = feed_field(Kind.CODE, codes=words.ENROLMENT, fold_case=True)
    sen_provision: Text = feed_field()
    free_school_meals: Flag = feed_field(Kind.FLAG)
    young_carer: Text = feed_field(description="as the school records it: P, S, N, Y")


class Contacts(Person, Address):
    """School: a person whom the school may contact about one pupil."""

    contact_id: Text = key()
    pupil_id: Text = key()
    relationship: Text = feed_field(Kind.CODE, codes=words.CONTACT_RELATIONSHIP, fold_case=True)
    parental_responsibility: Flag = feed_field(Kind.FLAG)
    priority: Text = feed_field()
    lives_with_pupil: Flag = feed_field(Kind.FLAG)
    phone: Text = feed_field()
    email: Text = feed_field()


class Attendance(FeedTable):
    """School: a pupil's sessions of one code in one term, or the term's totals in one row."""

    pupil_id: Text = key()
    academic_year: Text = key(description="as 2025/26")
    term: Text = key(Kind.CODE, codes=words.TERM, fold_case=True)
    attendance_code: Text = key(Kind.ATTENDANCE_CODE, optional_in_form=True)
    sessions: Whole = required(Kind.WHOLE, "half days", optional_in_form=True)
    possible_sessions: Whole = feed_field(Kind.WHOLE, "of a totals row", optional_in_form=True)
    authorised_sessions: Whole = feed_field(Kind.WHOLE, "of a totals row", optional_in_form=True)
    unauthorised_sessions: Whole = feed_field(Kind.WHOLE, "of a totals row", optional_in_form=True)


class Exclusions(FeedTable):
    """School: an exclusion or suspension of one pupil."""

    exclusion_id: Text = key()
    pupil_id: Text = required()
    category: Text = required(Kind.CODE, codes=words.EXCLUSION, repairs=words.EXCLUSION_REPAIRS, fold_case=True)
    started_on: Day = required(Kind.DATE)
    sessions: Whole = feed_field(Kind.WHOLE, "half days")
    reason: Text = feed_field()


class Attainment(FeedTable):
    """School: one measured result of one pupil."""

    pupil_id: Text = key()
    academic_year: Text = key()
    key_stage: Text = key()
    measure: Text = key()
    value: Text = required()


class Nominals(Person, Address):
    """Police: a person known to the force."""

    nominal_id: Text = key()
    pnc_id: Text = feed_field()
    alias_forename: Text = feed_field()
    alias_surname: Text = feed_field()


class Occurrences(Address):
    """Police: one person's part in one incident, or an incident known only by its address."""

    occurrence_id: Text = key()
    nominal_id: Text = feed_field(description="empty: known only by its address", key=True)
    role: Text = required(Kind.CODE, codes=words.POLICE_ROLE, fold_case=True)
    occurred_on: Day = required(Kind.DATE)
    recorded_on: Day = feed_field(Kind.DATE)
    kind: Text = required(Kind.CODE, codes=words.OCCURRENCE_KIND, fold_case=True)
    offence_group: Text = feed_field()
    outcome_code: Text = feed_field()
    proven: Flag = feed_field(Kind.FLAG)
    asb_qualifier: Text = feed_field()


class AsbInterventions(FeedTable):
    """Police: an order, injunction, contract or notice against anti-social behaviour."""

    intervention_id: Text = key()
    nominal_id: Text = required()
    type: Text = required(Kind.CODE, codes=words.INTERVENTION, fold_case=True)
    started_on: Day = required(Kind.DATE)
    ended_on: Day = feed_field(Kind.DATE)


class MashPeople(Person, Address):
    """MASH: a person known to the hub, to social care or to early help."""

    mash_id: Text = key()
    expected_date_of_birth: Day = feed_field(Kind.DATE)
    nhs_number: Text = feed_field(Kind.NHS_NUMBER)
    upn: Text = feed_field(Kind.UPN)


class Relationships(FeedTable):
    """MASH: what the second person is to the first."""

    mash_id: Text = key()
    related_mash_id: Text = key()
    relationship: Text = required(Kind.CODE, codes=words.MASH_RELATIONSHIP, fold_case=True)
    parental_responsibility: Flag = feed_field(Kind.FLAG)


class Referrals(FeedTable):
    """MASH: a referral received about one person."""

    referral_id: Text = key()
    mash_id: Text = required()
    received_on: Day = required(Kind.DATE)
    source_code: Text = feed_field(Kind.CODE, codes=words.REFERRAL_SOURCE, fold_case=True)
    concerns: Text = feed_field(Kind.CODES, "assessment factor codes, `;` between")
    decision: Text = feed_field(Kind.CODE, codes=words.REFERRAL_DECISION, fold_case=True)


class Episodes(FeedTable):
    """MASH: a spell of early help or social care."""

    episode_id: Text = key()
    mash_id: Text = required()
    kind: Text = required(Kind.CODE, codes=words.EPISODE_KIND, fold_case=True)
    started_on: Day = required(Kind.DATE)
    ended_on: Day = feed_field(Kind.DATE)
    category: Text = feed_field()
    factors: Text = feed_field(Kind.CODES, "assessment factor codes, `;` between")


class NeverLink(FeedTable):
    """MASH: two records that must never be joined, such as those before and after an adoption."""

    mash_id: Text = key()
    other_feed: Text = key(Kind.CODE, codes=frozenset(words.Feed), fold_case=True)
    other_table: Text = feed_field(description="empty: the feed's roster of people")
    other_id: Text = key()


class Claimants(Person, Address):
    """Job Centre: a person who claims, or lives with one who does."""

    claimant_id: Text = key()
    nino: Text = feed_field(Kind.NINO)
    partner_claimant_id: Text = feed_field()


class BenefitClaims(FeedTable):
    """Job Centre: a spell on one benefit."""

    claimant_id: Text = key()
    benefit_code: Text = key(Kind.CODE, codes=words.BENEFIT, fold_case=True)
    started_on: Day = key(Kind.DATE)
    ended_on: Day = feed_field(Kind.DATE)
    conditionality: Text = feed_field(Kind.CODE, codes=words.CONDITIONALITY, fold_case=True)


class Employment(FeedTable):
    """Job Centre: a spell in work."""

    claimant_id: Text = key()
    started_on: Day = key(Kind.DATE)
    ended_on: Day = feed_field(Kind.DATE)
    employer: Text = feed_field()


class Progress(FeedTable):
    """Job Centre: a step towards work."""

    claimant_id: Text = key()
    action_on: Day = key(Kind.DATE)
    action: Text = key(Kind.CODE, codes=words.PROGRESS, fold_case=True)


class Nominations(Person, Address):
    """Any agency or professional: a person nominated under one indicator of the programme."""

    nomination_id: Text = key()
    agency: Text = required()
    nominated_on: Day = required(Kind.DATE)
    indicator: Text = required()
    expires_on: Day = feed_field(Kind.DATE)
    upn: Text = feed_field(Kind.UPN)
    nino: Text = feed_field(Kind.NINO)
    nhs_number: Text = feed_field(Kind.NHS_NUMBER)
