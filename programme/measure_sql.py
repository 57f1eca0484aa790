"""The SQL that counts facts under conditions. Each statement makes one table; `measures` runs them in order.

`readings`: condition, subject, person (none for a family's own), numerator, denominator, slack (what may have to be
added to both, where a part is still to come), is_unknown, sources.
"""

# A birthday counts on the day; one born on 29 February has it on 1 March where the year has none.
YEARS = """
CREATE OR REPLACE MACRO years_old(born, on_day) AS
    year(on_day) - year(born) - (month(on_day) * 100 + day(on_day) < month(born) * 100 + day(born))::INTEGER
"""

PEOPLE = """
CREATE OR REPLACE TABLE people AS
SELECT s.subject, s.family_id, s.anchor::DATE AS anchor, m.person_id, m.born, m.role,
    years_old(m.born, s.anchor::DATE) AS years,
    coalesce(years_old(m.born, s.anchor::DATE) < 18, m.role = 'child') AS is_child
FROM subjects s JOIN members m USING (family_id)
"""

COUNTED = """
CREATE OR REPLACE TABLE counted AS
WITH matched AS (
    SELECT c.condition, c.how, c.sums_sessions, p.subject, p.person_id, f.unit, f.amount, f.source,
        CASE WHEN len(c.details) = 0 THEN true ELSE list_contains(c.details, f.detail) END AS is_certain
    FROM facts f
    JOIN people p USING (person_id)
    JOIN conditions c ON c.topic = f.topic AND c.shape = 'count'
    JOIN windows w ON w."window" = c."window" AND w.anchor = p.anchor
    WHERE (len(c.kinds) = 0 OR list_contains(c.kinds, f.kind))
        AND (c.proven IS NULL OR f.proven = c.proven)
        AND CASE c.mode
            WHEN 'started' THEN f.started BETWEEN w.from_on AND w.to_on
            WHEN 'open' THEN f.started <= w.to_on AND (f.ended IS NULL OR f.ended > w.to_on)
            ELSE f.started <= w.to_on AND (f.ended IS NULL OR f.ended > w.from_on) END
        AND coalesce(p.years BETWEEN c.age_from AND c.age_to, c.age_from = 0)
        AND CASE c.who WHEN 'member' THEN true ELSE (c.who = 'child') =
            CASE WHEN c.age_on_event THEN coalesce(years_old(p.born, f.started) < 18, p.is_child)
                ELSE p.is_child END END
)
SELECT condition, subject, CASE WHEN how <> 'family' THEN person_id END AS person_id,
    CASE WHEN any_value(sums_sessions) THEN coalesce(sum(amount) FILTER (is_certain), 0)::BIGINT
         ELSE count(DISTINCT unit) FILTER (is_certain) END AS numerator,
    1::BIGINT AS denominator,
    count(*) FILTER (is_certain IS NULL) AS doubtful,
    list_sort(list(DISTINCT source) FILTER (is_certain)) AS sources
FROM matched WHERE is_certain IS NOT false
GROUP BY 1, 2, 3
"""

WINDOW_TERMS = """
CREATE OR REPLACE TABLE window_terms AS
SELECT "window", anchor::DATE AS anchor, to_on::DATE AS to_on, unnest(years)::VARCHAR AS academic_year,
    unnest(terms)::VARCHAR AS term
FROM windows
"""

# Only the terms that some window asks for: years of attendance are held.
TERM_TOTALS = """
CREATE OR REPLACE TABLE term_totals AS
SELECT person_id, academic_year, term, coalesce(sum(possible), 0)::BIGINT AS possible,
    sum(authorised)::BIGINT AS authorised, sum(unauthorised)::BIGINT AS unauthorised
FROM session_rows SEMI JOIN window_terms USING (academic_year, term)
GROUP BY ALL
"""

# Terms over which a child was on a roll and of which nothing came, though earlier ones did: the school has sent none of
# its pupils' sessions, or the child, there from the first day, must have had some. Half days: all that weekdays hold.
AWAITED = """
CREATE OR REPLACE TABLE awaited AS
WITH missing AS MATERIALIZED (
    SELECT p.subject, p.person_id, w."window", t.academic_year, t.term, t.starts_on::DATE AS starts_on,
        t.ends_on::DATE AS ends_on
    FROM people p
    JOIN window_terms w ON w.anchor = p.anchor
    JOIN terms t ON t.academic_year = w.academic_year AND t.term = w.term
    ANTI JOIN term_totals d ON d.person_id = p.person_id AND d.academic_year = w.academic_year AND d.term = w.term
    WHERE p.is_child
), begun AS (
    SELECT s.person_id, min(t.starts_on)::DATE AS first_on
    FROM session_rows s SEMI JOIN missing USING (person_id) JOIN terms t USING (academic_year, term)
    GROUP BY s.person_id
), spoken AS (
    SELECT DISTINCT u.school_urn, a.academic_year, a.term
    FROM school_attendance a SEMI JOIN missing USING (academic_year, term) JOIN school_pupils u USING (pupil_id)
), lengths AS (
    SELECT academic_year, term, 2 * count(*) AS sessions
    FROM (SELECT academic_year, term, unnest(generate_series(starts_on::DATE, ends_on::DATE, INTERVAL 1 DAY)) AS day
        FROM terms)
    WHERE isodow(day) < 6 GROUP BY ALL
), owed AS (
    SELECT DISTINCT m.subject, m.person_id, m."window", m.academic_year, m.term
    FROM missing m
    JOIN roll r USING (person_id)
    JOIN begun b ON b.person_id = m.person_id AND b.first_on < m.starts_on
    LEFT JOIN spoken s ON s.school_urn = r.school_urn AND s.academic_year = m.academic_year AND s.term = m.term
    WHERE coalesce(r.entry_on <= m.ends_on, true) AND coalesce(r.left_on > m.starts_on, NOT r.is_previous)
        AND (s.school_urn IS NULL OR r.entry_on <= m.starts_on)
)
SELECT o.subject, o.person_id, o."window", count(*) AS terms, sum(l.sessions)::BIGINT AS sessions
FROM owed o JOIN lengths l USING (academic_year, term)
GROUP BY ALL
"""

# A mean of rates stays a fraction: every rate is brought to the product of the terms' possible sessions.
ATTENDED = """
CREATE OR REPLACE TABLE attended AS
WITH by_term AS (
    SELECT c.condition, c."window", c.how, c.pooling, c.min_possible, p.subject, p.person_id, t.possible AS held,
        CASE WHEN c.authorised = 'left out' THEN t.possible - t.authorised ELSE t.possible END AS possible,
        CASE c.measure
            WHEN 'unauthorised_absence' THEN t.unauthorised
            WHEN 'absence' THEN t.authorised + t.unauthorised
            ELSE t.possible - t.unauthorised - CASE WHEN c.authorised = 'attended' THEN 0 ELSE t.authorised END
        END AS part
    FROM people p
    JOIN term_totals t USING (person_id)
    JOIN window_terms w ON w.anchor = p.anchor AND w.academic_year = t.academic_year AND w.term = t.term
    JOIN conditions c ON c."window" = w."window" AND c.topic = 'attendance'
    WHERE (c.who = 'member' OR p.is_child) AND coalesce(p.years BETWEEN c.age_from AND c.age_to, c.age_from = 0)
), pooled AS (
    SELECT condition, "window", how, pooling, subject, person_id, sum(part) AS part, sum(possible) AS possible,
        product(possible) AS product, sum(held) AS held, any_value(min_possible) AS min_possible, count(*) AS terms,
        list({part: part, possible: possible}) AS rates
    FROM by_term WHERE possible > 0 GROUP BY ALL
)
SELECT p.condition, p.how, p.subject, p.person_id, p.held, p.held < p.min_possible AS is_unknown,
    (CASE pooling WHEN 'sessions' THEN part
        ELSE list_sum([r.part * (product / r.possible) FOR r IN rates]) END)::BIGINT AS numerator,
    (CASE pooling WHEN 'sessions' THEN possible ELSE p.terms * product END)::BIGINT AS denominator,
    coalesce(CASE pooling WHEN 'sessions' THEN a.sessions ELSE a.terms * product END, 0)::BIGINT AS slack
FROM pooled p LEFT JOIN awaited a USING (subject, person_id, "window")
"""

ON_ROLL = """
CREATE OR REPLACE TABLE on_roll AS
SELECT DISTINCT p.subject, p.person_id
FROM people p JOIN roll r USING (person_id)
WHERE NOT r.is_previous AND (r.left_on IS NULL OR r.left_on > p.anchor)
    AND (r.entry_on IS NULL OR r.entry_on <= p.anchor)
"""

# Sixteen or over and on no roll: has left school.
LEAVERS = """
CREATE OR REPLACE TABLE leavers AS
SELECT p.subject, p.person_id FROM people p
WHERE years_old(p.born, p.anchor) >= 16 AND NOT EXISTS (
    SELECT 1 FROM on_roll o WHERE o.subject = p.subject AND o.person_id = p.person_id)
"""

# A child of school age on a roll without a possible session is not known to attend, nor to stay away.
UNMEASURED = """
CREATE OR REPLACE TABLE unmeasured AS
SELECT c.condition, p.subject, p.person_id
FROM people p
JOIN on_roll USING (subject, person_id)
JOIN conditions c ON c.topic = 'attendance'
JOIN windows w ON w."window" = c."window" AND w.anchor = p.anchor
WHERE p.is_child AND years_old(p.born, coalesce(w.to_on::DATE, p.anchor)) BETWEEN 5 AND 15
    AND p.years BETWEEN c.age_from AND c.age_to
    AND NOT EXISTS (
        SELECT 1 FROM attended a
        WHERE a.condition = c.condition AND a.subject = p.subject AND a.person_id = p.person_id)
"""

YOUNG_CARERS = """
CREATE OR REPLACE TABLE young_carers AS
SELECT c.condition, p.subject, p.person_id,
    coalesce(bool_or(list_contains(c.kinds, r.young_carer)), false)::BIGINT AS numerator,
    count(r.young_carer) = 0 AS is_unknown, list_sort(list(r.source)) AS sources
FROM people p JOIN on_roll USING (subject, person_id) JOIN roll r USING (person_id)
JOIN conditions c ON c.topic = 'young_carer'
WHERE p.is_child AND NOT r.is_previous AND (r.left_on IS NULL OR r.left_on > p.anchor)
GROUP BY 1, 2, 3
"""

# Days of term since the last school was left: a summer between two schools is no time off roll.
OFF_ROLL = """
CREATE OR REPLACE TABLE off_roll AS
WITH last_left AS (
    SELECT p.subject, p.person_id, p.anchor, max(r.left_on) AS left_on, count(r.person_id) AS records,
        list_sort(list(r.source) FILTER (r.source IS NOT NULL)) AS sources
    FROM people p LEFT JOIN roll r USING (person_id)
    WHERE p.is_child AND years_old(p.born, p.anchor) BETWEEN 5 AND 15
    GROUP BY ALL
), since AS (
    SELECT l.subject, l.person_id, l.left_on, l.records, l.sources,
        coalesce(sum(greatest(0, least(t.ends_on::DATE, l.anchor) - greatest(t.starts_on::DATE, l.left_on))), 0) AS days
    FROM last_left l LEFT JOIN terms t ON t.starts_on <= l.anchor AND t.ends_on > l.left_on
    GROUP BY ALL
)
SELECT c.condition, s.subject, s.person_id, (o.person_id IS NULL AND s.days >= c.term_days)::BIGINT AS numerator,
    o.person_id IS NULL AND s.left_on IS NULL AS is_unknown, s.sources
FROM since s LEFT JOIN on_roll o USING (subject, person_id) JOIN conditions c ON c.topic = 'off_roll'
"""

READINGS = """
CREATE OR REPLACE TABLE readings AS
WITH every AS (
SELECT condition, subject, person_id, numerator, denominator, 0::BIGINT AS slack, false AS is_unknown, doubtful,
    NULL::BIGINT AS held, sources
FROM counted
UNION ALL
SELECT condition, subject, person_id, numerator, denominator, slack, is_unknown, 0, held, NULL
FROM attended WHERE how <> 'family'
UNION ALL
SELECT condition, subject, NULL, sum(numerator)::BIGINT, sum(denominator)::BIGINT, sum(slack)::BIGINT,
    bool_or(is_unknown), 0,
    sum(held)::BIGINT, NULL
FROM attended WHERE how = 'family' GROUP BY ALL
UNION ALL
SELECT condition, subject, person_id, NULL, NULL, 0, true, 0, NULL, NULL FROM unmeasured
UNION ALL
SELECT condition, subject, person_id, numerator, 1, 0, is_unknown, 0, NULL, sources FROM young_carers
UNION ALL
SELECT condition, subject, person_id, numerator, 1, 0, is_unknown, 0, NULL, sources FROM off_roll
)
SELECT e.* FROM every e
JOIN conditions c USING (condition)
LEFT JOIN leavers l ON l.subject = e.subject AND l.person_id = e.person_id
WHERE l.person_id IS NULL OR NOT c.leaves_out_leavers
"""

STATEMENTS = (
    YEARS,
    PEOPLE,
    COUNTED,
    WINDOW_TERMS,
    TERM_TOTALS,
    AWAITED,
    ATTENDED,
    ON_ROLL,
    LEAVERS,
    UNMEASURED,
    YOUNG_CARERS,
    OFF_ROLL,
    READINGS,
)
