"""The SQL that makes needs of judged conditions: the one that speaks for each rule, its words and its proof.

Needs are all reckoned from one day. Rows are few: those of the families of whom a row speaks, and one of each make-up.
"""

from programme import proof_sql

# The condition that speaks for a rule: the first that is met, else the first. All must speak for `not_met`.
RULED = """
CREATE OR REPLACE TABLE ruled AS
WITH spoken_of AS (
    SELECT DISTINCT c.rule_number, s.subject FROM seen s JOIN conditions c USING (condition)
), whole AS (
    SELECT c.rule_number, c.position, c.condition, c.is_available, c.feed_bit, c.extract_on, s.subject AS whose,
        coalesce(own.whose, g.make_up) AS judged_as, coalesce(own.state, alike.state) AS state
    FROM spoken_of s
    JOIN groups g USING (subject)
    JOIN conditions c USING (rule_number)
    LEFT JOIN judged own ON own.condition = c.condition AND own.whose = s.subject
    LEFT JOIN judged alike ON alike.condition = c.condition AND alike.whose = g.make_up
    UNION ALL
    SELECT c.rule_number, c.position, c.condition, c.is_available, c.feed_bit, c.extract_on, j.whose, j.whose, j.state
    FROM judged j JOIN conditions c USING (condition) WHERE j.whose < 0
), by_rule AS (
    SELECT rule_number, whose, bool_or(state = 'met') AS is_met,
        bool_and(state = 'not_met' AND is_available) AS is_not_met,
        coalesce(min(position) FILTER (state = 'met'), 0) AS speaking,
        coalesce(bit_or(feed_bit) FILTER (state = 'met'), 0) AS feeds,
        min(extract_on) FILTER (state = 'met') AS extract_on
    FROM whole GROUP BY rule_number, whose
)
SELECT b.whose, w.judged_as, w.condition, b.feeds, b.extract_on,
    CASE WHEN b.is_met THEN 'met' WHEN b.is_not_met THEN 'not_met' ELSE 'unknown' END AS state
FROM by_rule b JOIN whole w ON w.rule_number = b.rule_number AND w.whose = b.whose AND w.position = b.speaking
"""

# Whoever's rate decides a need is shown.
DECIDING = """
CREATE OR REPLACE TABLE deciding AS
SELECT r.whose AS subject, r.condition, j.person
FROM ruled r
JOIN judged j ON j.condition = r.condition AND j.whose = r.judged_as
JOIN conditions c ON c.condition = r.condition AND c.topic = 'attendance'
WHERE r.whose >= 0 AND (r.state = 'met' OR r.state = 'not_met' AND j.value IS NOT NULL)
"""

PROVING = """
CREATE OR REPLACE TABLE proving AS
SELECT r.whose AS subject, r.condition FROM ruled r WHERE r.whose >= 0 AND r.state <> 'unknown'
"""

# What a condition says whichever family it is held against, found once: a need's row only points at it, for most of a
# need is words that a thousand others share.
TELLING = """
CREATE OR REPLACE TABLE telling AS
WITH resting AS (
    SELECT rule_number, bit_or(feed_bit) AS feeds, min(extract_on) AS extract_on FROM conditions GROUP BY rule_number
)
SELECT row_number() OVER (ORDER BY c.condition, remark) - 1 AS place, c.condition, remark, k.position, k.criterion_id,
    k.headline,
    c.said || CASE remark WHEN 'thin' THEN '; thin: fewer than 60 possible sessions'
        WHEN 'awaited' THEN '; the school has sent nothing for a term that is over' ELSE '' END AS measure,
    c.operator, (c.top / c.bottom)::DOUBLE AS threshold, w.from_on::TIMESTAMP_NS AS window_from,
    w.to_on::TIMESTAMP_NS AS window_to, r.feeds, r.extract_on::TIMESTAMP_NS AS extract_on
FROM conditions c
JOIN criteria k ON k.criterion_id = c.rule
JOIN windows w ON w."window" = c."window"
JOIN resting r USING (rule_number)
CROSS JOIN (VALUES (''), ('thin'), ('awaited')) remarks(remark)
"""

STATEMENTS = (RULED, DECIDING, PROVING, *proof_sql.STATEMENTS, TELLING)

NEEDS = """
SELECT t.position, r.whose, r.state, CASE WHEN r.state <> 'unknown' THEN j.person END AS person,
    CASE WHEN r.state <> 'unknown' THEN j.value END::DOUBLE AS value, t.criterion_id, t.headline, t.measure, t.operator,
    t.threshold, t.window_from, t.window_to, CASE WHEN r.state = 'met' THEN r.feeds ELSE t.feeds END AS feeds,
    CASE WHEN r.state = 'met' THEN r.extract_on::TIMESTAMP_NS ELSE t.extract_on END AS extract_on,
    coalesce(p.proof, 0) AS proof
FROM ruled r
JOIN judged j ON j.condition = r.condition AND j.whose = r.judged_as
JOIN telling t ON t.condition = r.condition
    AND t.remark = CASE WHEN r.state = 'unknown' AND j.is_awaited THEN 'awaited'
        WHEN r.state <> 'unknown' AND j.held < 60 THEN 'thin' ELSE '' END
LEFT JOIN proofs p ON p.subject = r.whose AND p.condition = r.condition
"""
FAMILIES = "SELECT g.subject, s.family_id, g.make_up FROM groups g JOIN subjects s USING (subject) ORDER BY g.subject"
