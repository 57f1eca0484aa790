"""The SQL that makes tidy facts of held feed tables. Each statement makes one table; `facts` runs them in order.

`facts`: person, topic, kind, detail, proven, amount, unit (what is counted once), started, ended, source (its row).
People are numbered in order of their ids, and rows as `sources` numbers them: whole numbers are joined, not texts.
"""

NUMBERED = """
CREATE TABLE numbered AS
SELECT person_id, (row_number() OVER (ORDER BY person_id) - 1)::INTEGER AS person
FROM (SELECT DISTINCT person_id FROM member_rows)
"""

MEMBERS = """
CREATE TABLE members AS
SELECT DISTINCT m.family_id, n.person, m.role, p.date_of_birth::DATE AS born
FROM member_rows m JOIN numbered n USING (person_id) LEFT JOIN person_rows p USING (person_id)
"""

RECORDS = """
CREATE TABLE records AS
SELECT DISTINCT r.feed, r.table_name, r.source_id, n.person
FROM record_rows r JOIN numbered n USING (person_id)
"""

ROLL = """
CREATE TABLE roll AS
SELECT k.person, r.school_urn, r.entry_on::DATE AS entry_on, r.left_on::DATE AS left_on,
    upper(r.young_carer) AS young_carer, coalesce(r.enrolment_status = 'P', false) AS is_previous, r.source
FROM school_pupils r
JOIN records k ON k.feed = 'school' AND k.table_name = 'pupils' AND k.source_id = r.source_id
"""


def _facts(key: tuple[str, str], roster: str, person: str, **columns: str) -> str:
    """A SELECT of facts of one feed table, its rows' persons found in `roster` under the column `person`."""
    feed, table = key
    values = {"detail": "NULL", "proven": "NULL", "amount": "1", "ended": "NULL", **columns}
    return f"""
    SELECT k.person, '{values["topic"]}' AS topic, coalesce({values["kind"]}, '') AS kind, {values["detail"]} AS detail,
        {values["proven"]}::BOOLEAN AS proven, {values["amount"]}::BIGINT AS amount, {values["unit"]} AS unit,
        ({values["started"]})::DATE AS started, ({values["ended"]})::DATE AS ended, r.source
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

STATEMENTS = (NUMBERED, MEMBERS, RECORDS, ROLL, FACTS)
