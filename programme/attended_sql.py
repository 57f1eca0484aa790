"""The SQL that reckons attendance under conditions, from `term_totals`. Each statement makes one table.

`attended`: condition, subject, person, numerator, denominator, slack, held (possible sessions), is_unknown.
"""

WINDOW_TERMS = """
CREATE OR REPLACE TABLE window_terms AS
WITH named AS (
    SELECT "window", anchor::DATE AS anchor, to_on::DATE AS to_on, unnest(years)::VARCHAR AS academic_year,
        unnest(terms)::VARCHAR AS term
    FROM windows
)
SELECT w."window", w.anchor, w.to_on, t.number AS term
FROM named w JOIN term_numbers t ON t.academic_year = w.academic_year AND t.term = w.term
"""

# Terms over which a child was on a roll and of which nothing came, though earlier ones did: the school has sent none of
# its pupils' sessions, or the child, there from the first day, must have had some. Half days: all that weekdays hold.
AWAITED = """
CREATE OR REPLACE TABLE awaited AS
WITH missing AS MATERIALIZED (
    SELECT p.subject, p.person, w."window", w.term, t.starts_on, t.ends_on
    FROM people p
    JOIN window_terms w ON w.anchor = p.anchor
    JOIN term_numbers t ON t.number = w.term
    ANTI JOIN term_totals d ON d.person = p.person AND d.term = w.term
    WHERE p.is_child
), begun AS (
    SELECT d.person, min(t.starts_on) AS first_on
    FROM term_totals d SEMI JOIN missing USING (person) JOIN term_numbers t ON t.number = d.term
    GROUP BY d.person
), spoken AS (
    SELECT DISTINCT u.school_urn, t.number AS term
    FROM coded a
    JOIN term_numbers t ON t.year_place = a.academic_year AND t.term_place = a.term
    SEMI JOIN missing ON missing.term = t.number
    JOIN attendance_pupil_id p ON p.place = a.pupil_id
    JOIN school_pupils u ON u.pupil_id = p.text
), lengths AS (
    SELECT number AS term, 2 * count(*) AS sessions
    FROM (SELECT number, unnest(generate_series(starts_on, ends_on, INTERVAL 1 DAY)) AS day FROM term_numbers)
    WHERE isodow(day) < 6 GROUP BY number
), owed AS (
    SELECT DISTINCT m.subject, m.person, m."window", m.term
    FROM missing m
    JOIN roll r USING (person)
    JOIN begun b ON b.person = m.person AND b.first_on < m.starts_on
    LEFT JOIN spoken s ON s.school_urn = r.school_urn AND s.term = m.term
    WHERE coalesce(r.entry_on <= m.ends_on, true) AND coalesce(r.left_on > m.starts_on, NOT r.is_previous)
        AND (s.school_urn IS NULL OR r.entry_on <= m.starts_on)
)
SELECT o.subject, o.person, o."window", count(*) AS terms, sum(l.sessions)::BIGINT AS sessions
FROM owed o JOIN lengths l USING (term)
GROUP BY ALL
"""

# A mean of rates stays a fraction: every rate is brought to the product of the terms' possible sessions.
ATTENDED = """
CREATE OR REPLACE TABLE attended AS
WITH by_term AS (
    SELECT c.condition, p.subject, p.person, t.possible AS held,
        CASE WHEN c.authorised = 'left out' THEN t.possible - t.authorised ELSE t.possible END AS possible,
        CASE c.measure
            WHEN 'unauthorised_absence' THEN t.unauthorised
            WHEN 'absence' THEN t.authorised + t.unauthorised
            ELSE t.possible - t.unauthorised - CASE WHEN c.authorised = 'attended' THEN 0 ELSE t.authorised END
        END AS part
    FROM people p
    JOIN term_totals t USING (person)
    JOIN window_terms w ON w.anchor = p.anchor AND w.term = t.term
    JOIN conditions c ON c."window" = w."window" AND c.topic = 'attendance'
    WHERE (c.who = 'member' OR p.is_child) AND coalesce(p.years BETWEEN c.age_from AND c.age_to, c.age_from = 0)
), pooled AS (
    SELECT condition, subject, person, sum(part) AS part, sum(possible) AS possible, product(possible) AS product,
        sum(held) AS held, count(*) AS terms, list({part: part, possible: possible}) AS rates
    FROM by_term WHERE possible > 0 GROUP BY condition, subject, person
)
SELECT p.condition, c.how, p.subject, p.person, p.held, p.held < c.min_possible AS is_unknown,
    (CASE c.pooling WHEN 'sessions' THEN p.part
        ELSE list_sum([r.part * (p.product / r.possible) FOR r IN p.rates]) END)::BIGINT AS numerator,
    (CASE c.pooling WHEN 'sessions' THEN p.possible ELSE p.terms * p.product END)::BIGINT AS denominator,
    coalesce(CASE c.pooling WHEN 'sessions' THEN a.sessions ELSE a.terms * p.product END, 0)::BIGINT AS slack
FROM pooled p
JOIN conditions c USING (condition)
LEFT JOIN awaited a ON a.subject = p.subject AND a.person = p.person AND a."window" = c."window"
"""

# A child of school age on a roll without a possible session is not known to attend, nor to stay away.
UNMEASURED = """
CREATE OR REPLACE TABLE unmeasured AS
SELECT c.condition, p.subject, p.person
FROM people p
JOIN on_roll USING (subject, person)
JOIN conditions c ON c.topic = 'attendance'
JOIN windows w ON w."window" = c."window" AND w.anchor = p.anchor
WHERE p.is_child AND years_old(p.born, coalesce(w.to_on::DATE, p.anchor)) BETWEEN 5 AND 15
    AND p.years BETWEEN c.age_from AND c.age_to
    AND NOT EXISTS (
        SELECT 1 FROM attended a
        WHERE a.condition = c.condition AND a.subject = p.subject AND a.person = p.person)
"""

STATEMENTS = (WINDOW_TERMS, AWAITED, ATTENDED)
