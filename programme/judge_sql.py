"""The SQL that holds readings against thresholds: first each condition for each family, then each rule.

A condition comes to `met`, `not_met`, `unknown`, or `nobody` where it has no one to count. Whole numbers are compared.
"""

# A feed that did not speak proves only what its rows show. A count can grow: it proves "at least", never "fewer than".
# A rate of which a term is still to come proves only what that term cannot turn, whatever it says.
HOLDS = """
CREATE OR REPLACE MACRO holds(operator, left_side, right_side) AS CASE operator
    WHEN '<' THEN left_side < right_side WHEN '<=' THEN left_side <= right_side
    WHEN '>' THEN left_side > right_side WHEN '>=' THEN left_side >= right_side
    ELSE left_side = right_side END
"""
COMPARED = """
CREATE OR REPLACE TABLE compared AS
WITH scaled AS (
    SELECT r.*, c.operator, c.how,
        CASE c.shape WHEN 'percent' THEN 100 ELSE 1 END::HUGEINT * c.bottom AS scale, c.top::HUGEINT AS top,
        CASE c.shape WHEN 'percent' THEN 100 ELSE 1 END * numerator / denominator AS value
    FROM readings r JOIN conditions c USING (condition)
), held_against AS (
    SELECT *, holds(operator, scale * numerator, top * denominator) AS as_it_stands,
        slack > 0 AND (as_it_stands <> holds(operator, scale * numerator, top * (denominator + slack))
            OR as_it_stands <> holds(operator, scale * (numerator + slack), top * (denominator + slack))) AS is_open,
        CASE WHEN (operator IN ('>', '>=')) = (how = 'each') THEN value ELSE -value END AS distance
    FROM scaled
), stated AS (
    SELECT *, coalesce(as_it_stands AND NOT is_open AND NOT is_unknown, false) AS meets FROM held_against
)
SELECT condition, subject, person_id, meets, is_unknown OR is_open OR (doubtful > 0 AND NOT meets) AS is_unknown,
    value, held, sources, slack > 0 AS is_awaited,
    row_number() OVER (PARTITION BY condition, subject
        ORDER BY meets = (how = 'each'), is_unknown OR is_open, distance, person_id) AS place
FROM stated
"""

GROUPS = """
CREATE OR REPLACE TABLE groups AS
SELECT p.subject, count(*) FILTER (p.is_child) AS children, count(*) FILTER (NOT p.is_child) AS adults,
    count(*) AS members, count(*) FILTER (p.is_child AND l.person_id IS NOT NULL) AS leavers
FROM people p LEFT JOIN leavers l ON l.subject = p.subject AND l.person_id = p.person_id
GROUP BY p.subject
"""

JUDGED = """
CREATE OR REPLACE TABLE judged AS
WITH tallied AS (
    SELECT condition, subject, count(*) AS readings, count(*) FILTER (meets) AS meeting,
        count(*) FILTER (is_unknown) AS unknown, count(*) FILTER (NOT meets AND NOT is_unknown) AS failing,
        any_value(person_id) FILTER (place = 1) AS person_id, any_value(value) FILTER (place = 1) AS value,
        any_value(held) FILTER (place = 1) AS held, bool_or(is_unknown) FILTER (place = 1) AS first_is_unknown,
        bool_or(is_awaited) AS is_awaited
    FROM compared GROUP BY condition, subject
), grid AS (
    SELECT c.condition, s.subject, c.how, c.shape, c.is_available, c.operator IN ('>', '>=') AS upward,
        CASE c.operator WHEN '<' THEN 0 < c.top WHEN '<=' THEN 0 <= c.top WHEN '>' THEN 0 > c.top
            WHEN '>=' THEN 0 >= c.top ELSE c.top = 0 END AS nought_meets,
        coalesce(t.meeting, 0) AS meeting, coalesce(t.failing, 0) AS failing, coalesce(t.unknown, 0) AS unknown,
        CASE WHEN c.shape <> 'count' THEN 0 WHEN c.how = 'family' THEN 1 - coalesce(t.readings, 0)
            ELSE greatest(0, coalesce(CASE c.who WHEN 'child'
                THEN g.children - CASE WHEN c.leaves_out_leavers THEN g.leavers ELSE 0 END WHEN 'adult' THEN g.adults
                ELSE g.members END, 0) - coalesce(t.readings, 0)) END AS noughts,
        t.person_id, t.value AS first_value, t.held, t.first_is_unknown, t.is_awaited
    FROM subjects s CROSS JOIN conditions c
    LEFT JOIN groups g USING (subject)
    LEFT JOIN tallied t ON t.condition = c.condition AND t.subject = s.subject
), stated AS (
    SELECT *, CASE
        WHEN how = 'each' THEN CASE
            WHEN failing > 0 AND (is_available OR shape <> 'count' OR NOT upward) THEN 'not_met'
            WHEN NOT is_available OR unknown > 0 THEN 'unknown'
            WHEN noughts > 0 AND NOT nought_meets THEN 'not_met'
            WHEN meeting + noughts = 0 THEN 'nobody'
            ELSE 'met' END
        WHEN meeting > 0 AND (is_available OR shape <> 'count' OR upward) THEN 'met'
        WHEN noughts > 0 AND nought_meets AND is_available THEN 'met'
        WHEN failing > 0 AND NOT is_available AND shape = 'count' AND NOT upward THEN 'not_met'
        WHEN NOT is_available OR unknown > 0 THEN 'unknown'
        WHEN shape = 'percent' AND failing = 0 THEN 'nobody'
        ELSE 'not_met' END AS state
    FROM grid
)
SELECT condition, subject, state, held, coalesce(is_awaited, false) AS is_awaited,
    CASE WHEN state IN ('met', 'not_met') AND NOT first_is_unknown THEN person_id END AS person_id,
    CASE WHEN state NOT IN ('met', 'not_met') THEN NULL WHEN NOT first_is_unknown THEN first_value
        WHEN shape = 'count' OR state = 'not_met' AND shape = 'status' THEN 0 END AS value
FROM stated
"""

# The condition that speaks for a rule: the first that is met, else the first. All must speak for `not_met`.
RULED = """
CREATE OR REPLACE TABLE ruled AS
WITH by_rule AS (
    SELECT c.rule_number, j.subject, bool_or(j.state = 'met') AS is_met,
        bool_and(j.state = 'not_met' AND c.is_available) AS is_not_met,
        coalesce(min(c.position) FILTER (j.state = 'met'), 0) AS speaking
    FROM judged j JOIN conditions c USING (condition)
    GROUP BY c.rule_number, j.subject
), proving AS (
    SELECT c.rule_number, j.subject, string_agg(DISTINCT c.feed, '+' ORDER BY c.feed) AS feeds,
        min(c.extract_on) AS extract_on
    FROM judged j JOIN conditions c USING (condition) WHERE j.state = 'met' GROUP BY c.rule_number, j.subject
)
SELECT b.subject, CASE WHEN b.is_met THEN 'met' WHEN b.is_not_met THEN 'not_met' ELSE 'unknown' END AS state,
    p.feeds AS feed, p.extract_on, c.condition
FROM by_rule b
JOIN conditions c ON c.rule_number = b.rule_number AND c.position = b.speaking
LEFT JOIN proving p ON p.rule_number = b.rule_number AND p.subject = b.subject
"""

STATEMENTS = (HOLDS, COMPARED, GROUPS, JUDGED, RULED)

# Attendance has many rows to a child, so they are gathered only where they prove: for needs, whoever's rate decides
# one; for results, everybody who was looked at.
DECIDING_NEEDS = """
CREATE OR REPLACE TABLE deciding AS
SELECT r.subject, r.condition, j.person_id
FROM judged j JOIN ruled r ON r.subject = j.subject AND r.condition = j.condition
WHERE r.state = 'met' OR r.state = 'not_met' AND j.value IS NOT NULL
"""
DECIDING_RESULTS = """
CREATE OR REPLACE TABLE deciding AS
SELECT j.subject, j.condition, CASE WHEN j.state = 'not_met' OR c.how = 'any' AND j.state = 'met' THEN j.person_id END
    AS person_id
FROM judged j JOIN conditions c USING (condition)
"""

# Several rules look at the same terms of the same child: what they look at is gathered once, and each points at it.
LOOKED_AT = """
CREATE OR REPLACE TABLE looked_at AS
SELECT d.subject, d.condition, dense_rank() OVER (ORDER BY d.subject, c."window", d.person_id) AS scope,
    d.person_id, c."window"
FROM deciding d JOIN conditions c USING (condition) WHERE c.topic = 'attendance'
"""

ATTENDANCE_PROOF = """
CREATE OR REPLACE TABLE attendance_proof AS
WITH wanted AS MATERIALIZED (
    SELECT d.scope, k.source_id AS pupil_id, w.academic_year, w.term
    FROM (SELECT DISTINCT scope, subject, person_id, "window" FROM looked_at) d
    JOIN people p ON p.subject = d.subject
    JOIN window_terms w ON w."window" = d."window" AND w.anchor = p.anchor
    JOIN records k ON k.person_id = p.person_id AND k.feed = 'school' AND k.table_name = 'pupils'
    WHERE p.is_child AND (d.person_id IS NULL OR p.person_id = d.person_id)
)
SELECT w.scope, list(struct_pack("feed" := 'school', "table" := 'attendance', source_id := r.source_id,
    received_for := r.received_for, file_sha256 := r.file_sha256, line := r.line) ORDER BY r.source_id) AS sources
FROM school_attendance r
JOIN wanted w ON w.pupil_id = r.pupil_id AND w.academic_year = r.academic_year AND w.term = r.term
WHERE r.attendance_code IS NULL AND r.possible_sessions > 0
    OR r.sessions > 0 AND r.attendance_code IN (SELECT code FROM attendance_codes)
GROUP BY 1
"""

AS_JSON = """
CREATE OR REPLACE MACRO as_json(sources) AS CASE
    WHEN sources IS NULL THEN '[]'
    WHEN len(sources) <= 200 THEN to_json(sources)::VARCHAR
    ELSE rtrim(to_json(sources[:200])::VARCHAR, ']') || ',{"more":' || (len(sources) - 200) || '}]' END
"""

# What a condition says whichever family it is held against, found once: a need's row only points at it, for most of a
# need is words that a thousand others share.
TELLING = """
CREATE OR REPLACE TABLE telling AS
WITH resting AS (
    SELECT rule_number, string_agg(DISTINCT feed, '+' ORDER BY feed) AS feed, min(extract_on) AS extract_on
    FROM conditions GROUP BY rule_number
)
SELECT row_number() OVER (ORDER BY c.condition, w.anchor, remark) - 1 AS place, c.condition, w.anchor, remark,
    k.position, k.criterion_id, k.headline,
    c.said || CASE remark WHEN 'thin' THEN '; thin: fewer than 60 possible sessions'
        WHEN 'awaited' THEN '; the school has sent nothing for a term that is over' ELSE '' END AS measure,
    c.operator, (c.top / c.bottom)::DOUBLE AS threshold, w.from_on::TIMESTAMP_NS AS window_from,
    w.to_on::TIMESTAMP_NS AS window_to, r.feed, r.extract_on::TIMESTAMP_NS AS extract_on
FROM conditions c
JOIN criteria k ON k.criterion_id = c.rule
JOIN windows w ON w."window" = c."window"
JOIN resting r USING (rule_number)
CROSS JOIN (VALUES (''), ('thin'), ('awaited')) remarks(remark)
"""
TOLD = "SELECT * EXCLUDE (place, condition, anchor, remark, position) FROM telling ORDER BY place"

PROOFS = """
CREATE OR REPLACE TABLE proofs AS
SELECT row_number() OVER () + (SELECT coalesce(max(scope), 0) FROM looked_at) AS place, r.subject, r.condition,
    as_json(f.sources) AS evidence
FROM ruled r JOIN compared f ON f.subject = r.subject AND f.condition = r.condition
WHERE r.state <> 'unknown' AND f.place = 1 AND f.sources IS NOT NULL
"""
PROVEN = """
SELECT evidence FROM (
    SELECT 0 AS place, '[]' AS evidence
    UNION ALL SELECT s.scope, as_json(a.sources) FROM (SELECT DISTINCT scope FROM looked_at) s
        LEFT JOIN attendance_proof a USING (scope)
    UNION ALL SELECT place, evidence FROM proofs
) ORDER BY place
"""

# `told` and `proof` are places in TOLD and PROVEN; at the latter's first stands no proof.
NEEDS = """
SELECT s.family_id, t.place AS told, r.state, CASE WHEN r.state <> 'unknown' THEN j.person_id END AS person_id,
    CASE WHEN r.state <> 'unknown' THEN j.value END::DOUBLE AS value,
    r.state = 'met' AS is_met, r.feed, r.extract_on::TIMESTAMP_NS AS extract_on, coalesce(l.scope, p.place, 0) AS proof
FROM ruled r
JOIN subjects s USING (subject)
JOIN judged j USING (subject, condition)
JOIN telling t ON t.condition = r.condition AND t.anchor = s.anchor
    AND t.remark = CASE WHEN r.state = 'unknown' AND j.is_awaited THEN 'awaited'
        WHEN r.state <> 'unknown' AND j.held < 60 THEN 'thin' ELSE '' END
LEFT JOIN proofs p ON p.subject = r.subject AND p.condition = r.condition
LEFT JOIN looked_at l ON l.subject = r.subject AND l.condition = r.condition
ORDER BY r.subject, t.position
"""

# Each condition by itself, and who meets it: what results are put together from.
RESULTS = """
SELECT s.family_id, c.rule, c.position, j.state, j.value, c.is_available, c.extract_on,
    w.from_on::TIMESTAMP_NS AS window_from, w.to_on::TIMESTAMP_NS AS window_to,
    as_json(coalesce(a.sources, f.sources)) AS evidence
FROM judged j
JOIN subjects s USING (subject)
JOIN conditions c USING (condition)
JOIN windows w ON w."window" = c."window" AND w.anchor = s.anchor
LEFT JOIN compared f ON f.condition = j.condition AND f.subject = j.subject AND f.place = 1
LEFT JOIN looked_at l ON l.subject = j.subject AND l.condition = j.condition
LEFT JOIN attendance_proof a ON a.scope = l.scope
ORDER BY s.family_id, c.condition
"""
MEETING = """
SELECT DISTINCT s.family_id, c.rule, r.person_id
FROM compared r JOIN subjects s USING (subject) JOIN conditions c USING (condition)
WHERE r.meets AND r.person_id IS NOT NULL ORDER BY ALL
"""
LEFT_SCHOOL = "SELECT DISTINCT s.family_id, l.person_id FROM leavers l JOIN subjects s USING (subject) ORDER BY ALL"
