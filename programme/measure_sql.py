"""The SQL that counts facts under conditions. Each statement makes one table; `measures` runs them in order.

Attendance, which is not counted but shared out, has a module of its own (`attended_sql`).

`readings`: condition, subject, person (none for a family's own), numerator, denominator, slack (what may have to be
added to both, where a part is still to come), is_unknown, sources.
"""

from programme import attended_sql

# A birthday counts on the day; one born on 29 February has it on 1 March where the year has none.
YEARS = """
CREATE OR REPLACE MACRO years_old(born, on_day) AS
    year(on_day) - year(born) - (month(on_day) * 100 + day(on_day) < month(born) * 100 + day(born))::INTEGER
"""

PEOPLE = """
CREATE OR REPLACE TABLE people AS
SELECT s.subject, s.anchor::DATE AS anchor, m.person, m.born, m.role,
    years_old(m.born, s.anchor::DATE) AS years,
    coalesce(years_old(m.born, s.anchor::DATE) < 18, m.role = 'child') AS is_child
FROM subjects s JOIN members m USING (family_id)
"""

# Which conditions ask for a kind of fact is settled once for each kind, not for every fact.
KINDS_ASKED = """
CREATE OR REPLACE TABLE kinds_asked AS
SELECT c.condition, k.topic, k.kind
FROM (SELECT DISTINCT topic, kind FROM facts) k
JOIN conditions c ON c.topic = k.topic AND c.shape = 'count' AND (len(c.kinds) = 0 OR list_contains(c.kinds, k.kind))
"""

COUNTED = """
CREATE OR REPLACE TABLE counted AS
WITH matched AS (
    SELECT c.condition, c.how, c.sums_sessions, p.subject, p.person, f.unit, f.amount, f.source,
        CASE WHEN len(c.details) = 0 THEN true ELSE list_contains(c.details, f.detail) END AS is_certain
    FROM facts f
    JOIN kinds_asked USING (topic, kind)
    JOIN conditions c USING (condition)
    JOIN people p USING (person)
    JOIN windows w ON w."window" = c."window" AND w.anchor = p.anchor
    WHERE (c.proven IS NULL OR f.proven = c.proven)
        AND CASE c.mode
            WHEN 'started' THEN f.started BETWEEN w.from_on AND w.to_on
            WHEN 'open' THEN f.started <= w.to_on AND (f.ended IS NULL OR f.ended > w.to_on)
            ELSE f.started <= w.to_on AND (f.ended IS NULL OR f.ended > w.from_on) END
        AND coalesce(p.years BETWEEN c.age_from AND c.age_to, c.age_from = 0)
        AND CASE c.who WHEN 'member' THEN true ELSE (c.who = 'child') =
            CASE WHEN c.age_on_event THEN coalesce(years_old(p.born, f.started) < 18, p.is_child)
                ELSE p.is_child END END
)
SELECT condition, subject, CASE WHEN how <> 'family' THEN person END AS person,
    CASE WHEN any_value(sums_sessions) THEN coalesce(sum(amount) FILTER (is_certain), 0)::BIGINT
         ELSE count(DISTINCT unit) FILTER (is_certain) END AS numerator,
    1::BIGINT AS denominator,
    count(*) FILTER (is_certain IS NULL) AS doubtful,
    list_sort(list(DISTINCT source) FILTER (is_certain)) AS sources
FROM matched WHERE is_certain IS NOT false
GROUP BY 1, 2, 3
"""

ON_ROLL = """
CREATE OR REPLACE TABLE on_roll AS
SELECT DISTINCT p.subject, p.person
FROM people p JOIN roll r USING (person)
WHERE NOT r.is_previous AND (r.left_on IS NULL OR r.left_on > p.anchor)
    AND (r.entry_on IS NULL OR r.entry_on <= p.anchor)
"""

# Sixteen or over and on no roll: has left school.
LEAVERS = """
CREATE OR REPLACE TABLE leavers AS
SELECT p.subject, p.person FROM people p
WHERE years_old(p.born, p.anchor) >= 16 AND NOT EXISTS (
    SELECT 1 FROM on_roll o WHERE o.subject = p.subject AND o.person = p.person)
"""

YOUNG_CARERS = """
CREATE OR REPLACE TABLE young_carers AS
SELECT c.condition, p.subject, p.person,
    coalesce(bool_or(list_contains(c.kinds, r.young_carer)), false)::BIGINT AS numerator,
    count(r.young_carer) = 0 AS is_unknown, list_sort(list(r.source)) AS sources
FROM people p JOIN on_roll USING (subject, person) JOIN roll r USING (person)
JOIN conditions c ON c.topic = 'young_carer'
WHERE p.is_child AND NOT r.is_previous AND (r.left_on IS NULL OR r.left_on > p.anchor)
GROUP BY 1, 2, 3
"""

# Days of term since the last school was left: a summer between two schools is no time off roll.
OFF_ROLL = """
CREATE OR REPLACE TABLE off_roll AS
WITH last_left AS (
    SELECT p.subject, p.person, p.anchor, max(r.left_on) AS left_on, count(r.person) AS records,
        list_sort(list(r.source) FILTER (r.source IS NOT NULL)) AS sources
    FROM people p LEFT JOIN roll r USING (person)
    WHERE p.is_child AND years_old(p.born, p.anchor) BETWEEN 5 AND 15
    GROUP BY ALL
), since AS (
    SELECT l.subject, l.person, l.left_on, l.records, l.sources,
        coalesce(sum(greatest(0, least(t.ends_on::DATE, l.anchor) - greatest(t.starts_on::DATE, l.left_on))), 0) AS days
    FROM last_left l LEFT JOIN terms t ON t.starts_on <= l.anchor AND t.ends_on > l.left_on
    GROUP BY ALL
)
SELECT c.condition, s.subject, s.person, (o.person IS NULL AND s.days >= c.term_days)::BIGINT AS numerator,
    o.person IS NULL AND s.left_on IS NULL AS is_unknown, s.sources
FROM since s LEFT JOIN on_roll o USING (subject, person) JOIN conditions c ON c.topic = 'off_roll'
"""

READINGS = """
CREATE OR REPLACE TABLE readings AS
WITH every AS (
SELECT condition, subject, person, numerator, denominator, 0::BIGINT AS slack, false AS is_unknown, doubtful,
    NULL::BIGINT AS held, sources
FROM counted
UNION ALL
SELECT condition, subject, person, numerator, denominator, slack, is_unknown, 0, held, NULL
FROM attended WHERE how <> 'family'
UNION ALL
SELECT condition, subject, NULL, sum(numerator)::BIGINT, sum(denominator)::BIGINT, sum(slack)::BIGINT,
    bool_or(is_unknown), 0,
    sum(held)::BIGINT, NULL
FROM attended WHERE how = 'family' GROUP BY ALL
UNION ALL
SELECT condition, subject, person, NULL, NULL, 0, true, 0, NULL, NULL FROM unmeasured
UNION ALL
SELECT condition, subject, person, numerator, 1, 0, is_unknown, 0, NULL, sources FROM young_carers
UNION ALL
SELECT condition, subject, person, numerator, 1, 0, is_unknown, 0, NULL, sources FROM off_roll
)
SELECT e.* FROM every e
JOIN conditions c USING (condition)
LEFT JOIN leavers l ON l.subject = e.subject AND l.person = e.person
WHERE l.person IS NULL OR NOT c.leaves_out_leavers
"""

STATEMENTS = (
    YEARS,
    PEOPLE,
    KINDS_ASKED,
    COUNTED,
    *attended_sql.STATEMENTS,
    ON_ROLL,
    LEAVERS,
    attended_sql.UNMEASURED,
    YOUNG_CARERS,
    OFF_ROLL,
    READINGS,
)
