"""The SQL that holds readings against thresholds: first each condition for each family, then each rule.

A condition comes to `met`, `not_met`, `unknown`, or `nobody` where it has no one to count. Whole numbers are compared.
Of most families no row says anything of most conditions. What such a condition comes to depends only on how many there
are to count, so it is reckoned once for each make-up of a family. `whose` is a family's `subject`, or -1 less the
make-up for all families of that make-up of whom no row says anything.
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
        CASE WHEN slack > 0 THEN as_it_stands <> holds(operator, scale * numerator, top * (denominator + slack))
            OR as_it_stands <> holds(operator, scale * (numerator + slack), top * (denominator + slack))
            ELSE false END AS is_open,
        CASE WHEN (operator IN ('>', '>=')) = (how = 'each') THEN value ELSE -value END AS distance
    FROM scaled
), stated AS (
    SELECT *, coalesce(as_it_stands AND NOT is_open AND NOT is_unknown, false) AS meets FROM held_against
)
SELECT condition, subject, person, meets, is_unknown OR is_open OR (doubtful > 0 AND NOT meets) AS is_unknown,
    value, held, sources, slack > 0 AS is_awaited,
    row_number() OVER (PARTITION BY condition, subject
        ORDER BY meets = (how = 'each'), is_unknown OR is_open, distance, person) AS place
FROM stated
"""

GROUPS = """
CREATE OR REPLACE TABLE groups AS
WITH counted AS (
    SELECT s.subject, count(p.person) FILTER (p.is_child) AS children,
        count(p.person) FILTER (NOT p.is_child) AS adults, count(p.person) AS members,
        count(p.person) FILTER (p.is_child AND l.person IS NOT NULL) AS leavers
    FROM subjects s
    LEFT JOIN people p ON p.subject = s.subject
    LEFT JOIN leavers l ON l.subject = p.subject AND l.person = p.person
    GROUP BY s.subject
)
SELECT *, -dense_rank() OVER (ORDER BY children, adults, members, leavers) AS make_up FROM counted
"""

SEEN = """
CREATE OR REPLACE TABLE seen AS
SELECT condition, subject, count(*) AS readings, count(*) FILTER (meets) AS meeting,
    count(*) FILTER (is_unknown) AS unknown, count(*) FILTER (NOT meets AND NOT is_unknown) AS failing,
    any_value(person) FILTER (place = 1) AS person, any_value(value) FILTER (place = 1) AS value,
    any_value(held) FILTER (place = 1) AS held, bool_or(is_unknown) FILTER (place = 1) AS first_is_unknown,
    bool_or(is_awaited) AS is_awaited
FROM compared GROUP BY condition, subject
"""

JUDGED = """
CREATE OR REPLACE TABLE judged AS
WITH asked AS (
    SELECT condition, subject AS whose, subject FROM seen
    UNION ALL
    SELECT c.condition, g.make_up, g.subject
    FROM (SELECT make_up, any_value(subject) AS subject FROM groups GROUP BY make_up) g CROSS JOIN conditions c
), grid AS (
    SELECT a.condition, a.whose, c.how, c.shape, c.is_available, c.operator IN ('>', '>=') AS upward,
        CASE c.operator WHEN '<' THEN 0 < c.top WHEN '<=' THEN 0 <= c.top WHEN '>' THEN 0 > c.top
            WHEN '>=' THEN 0 >= c.top ELSE c.top = 0 END AS nought_meets,
        coalesce(t.meeting, 0) AS meeting, coalesce(t.failing, 0) AS failing, coalesce(t.unknown, 0) AS unknown,
        CASE WHEN c.shape <> 'count' THEN 0 WHEN c.how = 'family' THEN 1 - coalesce(t.readings, 0)
            ELSE greatest(0, CASE c.who WHEN 'child'
                THEN g.children - CASE WHEN c.leaves_out_leavers THEN g.leavers ELSE 0 END WHEN 'adult' THEN g.adults
                ELSE g.members END - coalesce(t.readings, 0)) END AS noughts,
        t.person, t.value AS first_value, t.held, t.first_is_unknown, t.is_awaited
    FROM asked a
    JOIN conditions c USING (condition)
    JOIN groups g ON g.subject = a.subject
    LEFT JOIN seen t ON t.condition = a.condition AND t.subject = a.whose
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
SELECT condition, whose, state, held, coalesce(is_awaited, false) AS is_awaited,
    CASE WHEN state IN ('met', 'not_met') AND NOT first_is_unknown THEN person END AS person,
    CASE WHEN state NOT IN ('met', 'not_met') THEN NULL WHEN NOT first_is_unknown THEN first_value
        WHEN shape = 'count' OR state = 'not_met' AND shape = 'status' THEN 0 END AS value
FROM stated
"""

# Every family and condition: its own judgement, else that of its make-up.
GRID = """
CREATE OR REPLACE VIEW grid AS
SELECT g.subject, c.condition, coalesce(j.whose, g.make_up) AS whose
FROM groups g CROSS JOIN conditions c
LEFT JOIN judged j ON j.condition = c.condition AND j.whose = g.subject
"""

STATEMENTS = (HOLDS, COMPARED, GROUPS, SEEN, JUDGED)
