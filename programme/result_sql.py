"""The SQL that shows each condition by itself, and who meets it: what results are put together from."""

from programme import judge_sql, proof_sql

# Of attendance everybody who was looked at is shown, unless it is one child who decides.
DECIDING = """
CREATE OR REPLACE TABLE deciding AS
SELECT g.subject, g.condition, CASE WHEN j.state = 'not_met' OR c.how = 'any' AND j.state = 'met' THEN j.person END
    AS person
FROM grid g JOIN judged j USING (condition, whose) JOIN conditions c USING (condition)
WHERE c.topic = 'attendance'
"""
PROVING = "CREATE OR REPLACE TABLE proving AS SELECT subject, condition FROM seen"

STATEMENTS = (judge_sql.GRID, DECIDING, PROVING, *proof_sql.STATEMENTS)

RESULTS = """
SELECT s.family_id, c.rule, c.position, j.state, j.value, c.is_available, c.extract_on,
    w.from_on::TIMESTAMP_NS AS window_from, w.to_on::TIMESTAMP_NS AS window_to, coalesce(p.proof, 0) AS proof
FROM grid g
JOIN judged j USING (condition, whose)
JOIN subjects s USING (subject)
JOIN conditions c USING (condition)
JOIN windows w ON w."window" = c."window" AND w.anchor = s.anchor
LEFT JOIN proofs p ON p.condition = g.condition AND p.subject = g.subject
ORDER BY s.family_id, c.condition
"""
MEETING = """
SELECT DISTINCT s.family_id, c.rule, n.person_id
FROM compared r JOIN subjects s USING (subject) JOIN conditions c USING (condition) JOIN numbered n USING (person)
WHERE r.meets AND r.person IS NOT NULL ORDER BY ALL
"""
LEFT_SCHOOL = """
SELECT DISTINCT s.family_id, n.person_id
FROM leavers l JOIN subjects s USING (subject) JOIN numbered n USING (person) ORDER BY ALL
"""
