"""The SQL that makes tidy facts of held feed tables. Each statement makes one table; `facts` runs them in order.

`facts`: person, topic, kind, detail, proven, amount, unit (what is counted once), started, ended, and the row's source.
`session_rows`: each attendance row that stands, as a view, with its possible, authorised and unauthorised half days.
"""

# Where a fact came from, as the evidence shows it.
_SOURCE = """struct_pack("feed" := '{feed}', "table" := '{table}', source_id := r.source_id,
    received_for := r.received_for, file_sha256 := r.file_sha256, line := r.line)"""

MEMBERS = """
CREATE TABLE members AS
SELECT DISTINCT m.family_id, m.person_id, m.role, p.date_of_birth::DATE AS born
FROM member_rows m LEFT JOIN person_rows p USING (person_id)
"""

RECORDS = """
CREATE TABLE records AS
SELECT DISTINCT feed, table_name, source_id, person_id FROM record_rows
WHERE person_id IN (SELECT person_id FROM members)
"""

# Until August 2024 `J` was an interview, and attending; the code that took its place is an authorised absence.
SESSIONS = """
CREATE VIEW session_rows AS
SELECT k.person_id, r.academic_year, r.term,
    CASE WHEN c.class IS NOT NULL THEN r.sessions
         WHEN r.attendance_code IS NULL THEN r.possible_sessions END AS possible,
    CASE WHEN r.attendance_code IS NULL THEN coalesce(r.authorised_sessions, 0)
         WHEN c.class = 'authorised' OR (r.attendance_code = 'J' AND r.academic_year >= '2024/25') THEN r.sessions
         ELSE 0 END AS authorised,
    CASE WHEN r.attendance_code IS NULL THEN coalesce(r.unauthorised_sessions, 0)
         WHEN c.class = 'unauthorised' THEN r.sessions ELSE 0 END AS unauthorised,
    r.source_id, r.received_for, r.file_sha256, r.line
FROM school_attendance r
JOIN records k ON k.feed = 'school' AND k.table_name = 'pupils' AND k.source_id = r.pupil_id
LEFT JOIN attendance_codes c ON c.code = r.attendance_code
WHERE r.attendance_code IS NULL OR r.sessions > 0
"""

ROLL = """
CREATE TABLE roll AS
SELECT k.person_id, r.school_urn, r.entry_on::DATE AS entry_on, r.left_on::DATE AS left_on,
    upper(r.young_carer) AS young_carer,
    coalesce(r.enrolment_status = 'P', false) AS is_previous, {source} AS source
FROM school_pupils r
JOIN records k ON k.feed = 'school' AND k.table_name = 'pupils' AND k.source_id = r.source_id
""".format(source=_SOURCE.format(feed="school", table="pupils"))


def _facts(key: tuple[str, str], roster: str, person: str, **columns: str) -> str:
    """A SELECT of facts of one feed table, its rows' persons found in `roster` under the column `person`."""
    feed, table = key
    values = {"detail": "NULL", "proven": "NULL", "amount": "1", "ended": "NULL", **columns}
    source = _SOURCE.format(feed=feed, table=table)
    return f"""
    SELECT k.person_id, '{values["topic"]}' AS topic, {values["kind"]} AS kind, {values["detail"]} AS detail,
        {values["proven"]}::BOOLEAN AS proven, {values["amount"]}::BIGINT AS amount, {values["unit"]} AS unit,
        ({values["started"]})::DATE AS started, ({values["ended"]})::DATE AS ended, {source} AS source
    FROM {values.get("rows", f"{feed}_{table}")} r
    JOIN records k ON k.feed = '{feed}' AND k.table_name = '{roster}' AND k.source_id = r.{person}
    """


def _factors(codes: str) -> str:
    return f"unnest(list_distinct([upper(trim(c)) FOR c IN string_split({codes}, ';') IF trim(c) <> '']))"


def _factored(table: str, codes: str) -> str:
    return f"(SELECT *, {_factors(codes)} AS factor FROM {table} WHERE {codes} IS NOT NULL)"


# An unborn child counts for itself and for its parents, whichever way round the hub wrote the tie.
_EXPECTED = """(
    SELECT u.* REPLACE (t.person_mash_id AS mash_id), u.mash_id AS unborn_id
    FROM mash_people u JOIN (
        SELECT mash_id AS unborn_id, mash_id AS person_mash_id FROM mash_people
        UNION SELECT mash_id, related_mash_id FROM mash_relationships WHERE relationship = 'parent'
        UNION SELECT related_mash_id, mash_id FROM mash_relationships WHERE relationship = 'child'
    ) t ON t.unborn_id = u.mash_id
    WHERE u.expected_date_of_birth IS NOT NULL AND u.date_of_birth IS NULL)"""

_PARTS = (
    _facts(
        ("school", "exclusions"),
        "pupils",
        "pupil_id",
        topic="exclusions",
        kind="CASE r.category WHEN 'FIXD' THEN 'SUSP' ELSE r.category END",
        amount="coalesce(r.sessions, 0)",
        unit="r.exclusion_id",
        started="r.started_on",
    ),
    _facts(
        ("police", "occurrences"),
        "nominals",
        "nominal_id",
        topic="occurrences",
        kind="r.kind",
        detail="r.role",
        proven="coalesce(r.proven, false)",
        unit="r.occurrence_id",
        started="r.occurred_on",
    ),
    _facts(
        ("police", "asb_interventions"),
        "nominals",
        "nominal_id",
        topic="asb_interventions",
        kind="r.type",
        unit="r.intervention_id",
        started="r.started_on",
        ended="r.ended_on",
    ),
    _facts(
        ("mash", "referrals"),
        "people",
        "mash_id",
        topic="referrals",
        kind="r.decision",
        detail="r.source_code",
        unit="r.referral_id",
        started="r.received_on",
    ),
    _facts(
        ("mash", "referrals"),
        "people",
        "mash_id",
        rows=_factored("mash_referrals", "concerns"),
        topic="concerns",
        kind="r.factor",
        unit="'referral ' || r.referral_id",
        started="r.received_on",
    ),
    _facts(
        ("mash", "episodes"),
        "people",
        "mash_id",
        rows=_factored("mash_episodes", "factors"),
        topic="concerns",
        kind="r.factor",
        unit="'episode ' || r.episode_id",
        started="r.started_on",
    ),
    _facts(
        ("mash", "episodes"),
        "people",
        "mash_id",
        topic="episodes",
        kind="r.kind",
        unit="r.episode_id",
        started="r.started_on",
        ended="r.ended_on",
    ),
    _facts(
        ("mash", "people"),
        "people",
        "mash_id",
        rows=_EXPECTED,
        topic="expected_births",
        kind="'expected'",
        unit="r.unborn_id",
        started="r.expected_date_of_birth::DATE - 280",
        ended="r.expected_date_of_birth::DATE + 28",
    ),
    _facts(
        ("jobcentre", "claims"),
        "claimants",
        "claimant_id",
        topic="claims",
        kind="r.benefit_code",
        detail="CASE WHEN r.benefit_code = 'UC' THEN lower(r.conditionality) ELSE '*' END",
        unit="r.source_id",
        started="r.started_on",
        ended="r.ended_on",
    ),
    _facts(
        ("jobcentre", "employment"),
        "claimants",
        "claimant_id",
        topic="employment",
        kind="'employment'",
        unit="r.source_id",
        started="r.started_on",
        ended="r.ended_on",
    ),
    _facts(
        ("jobcentre", "progress"),
        "claimants",
        "claimant_id",
        topic="progress",
        kind="r.action",
        unit="r.source_id",
        started="r.action_on",
    ),
    _facts(
        ("nominations", "nominations"),
        "nominations",
        "source_id",
        topic="nominations",
        kind="r.indicator",
        unit="r.nomination_id",
        started="r.nominated_on",
        ended="r.expires_on",
    ),
)

FACTS = "CREATE TABLE facts AS " + " UNION ALL ".join(_PARTS)

STATEMENTS = (MEMBERS, RECORDS, SESSIONS, ROLL, FACTS)
