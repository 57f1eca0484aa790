"""The SQL that finds the rows of proofs: of `deciding` attendance, whoever is shown; of all else, what was counted.

`proofs`: subject, condition, proof (counted from 1; several conditions may share one). Before it stand `deciding`
(subject, condition, person: none for everybody) and `proving` (subject, condition).
"""

# Several rules look at the same terms of the same child: what they look at is gathered once, and each points at it.
LOOKED_AT = """
CREATE OR REPLACE TABLE looked_at AS
SELECT d.subject, d.condition, d.person, c."window",
    dense_rank() OVER (ORDER BY d.subject, c."window", d.person) AS proof
FROM deciding d JOIN conditions c USING (condition)
"""

PROOFS = """
CREATE OR REPLACE TABLE proofs AS
SELECT subject, condition, proof, NULL AS sources FROM looked_at
UNION ALL
SELECT p.subject, p.condition,
    row_number() OVER (ORDER BY p.subject, p.condition) + (SELECT coalesce(max(proof), 0) FROM looked_at), f.sources
FROM proving p JOIN compared f ON f.subject = p.subject AND f.condition = p.condition
WHERE f.place = 1 AND f.sources IS NOT NULL
"""

STATEMENTS = (LOOKED_AT, PROOFS)

SOURCES = """
SELECT l.proof, r.source
FROM (SELECT DISTINCT proof, subject, person, "window" FROM looked_at) l
JOIN people p ON p.subject = l.subject
JOIN window_terms w ON w."window" = l."window" AND w.anchor = p.anchor
JOIN session_rows r ON r.person = p.person AND r.term = w.term AND r.possible > 0
WHERE p.is_child AND (l.person IS NULL OR p.person = l.person)
UNION ALL
SELECT proof, unnest(sources) FROM proofs WHERE sources IS NOT NULL
"""
LAST = "SELECT coalesce(max(proof), 0) FROM proofs"
