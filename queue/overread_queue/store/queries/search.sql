-- How far the index is behind: the last event read for it, and the last one there is.
-- name: behind
SELECT coalesce((SELECT seq FROM words_read), 0) AS read, coalesce((SELECT max(seq) FROM event), 0) AS head

-- Questions that came, closed or were erased, in a stretch of the chain.
-- name: changed
SELECT DISTINCT escalation FROM event
WHERE seq > :after AND seq <= :up_to AND escalation IS NOT NULL
    AND (kind IN ('submitted', 'answered', 'erased')
        OR CASE WHEN json_valid(detail) THEN json_extract(detail, '$.to') END
            IN ('DECIDED', 'TIMED_OUT', 'WITHDRAWN', 'SUPERSEDED'))

-- name: read_up_to
INSERT INTO words_read (only, seq) VALUES (1, :seq) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq

-- name: drop
DELETE FROM words WHERE rowid = (SELECT seq FROM event WHERE escalation = :escalation AND kind = 'submitted')

-- name: add
INSERT INTO words (rowid, escalation, question, steps, evidence, reasons)
SELECT seq, :escalation, :question, :steps, :evidence, :reasons FROM event
WHERE escalation = :escalation AND kind = 'submitted'

-- Who works in pools finds what is closed there, and was not answered in a session that goes on: a blind test would be
-- missing.
-- name: found
SELECT e.id, p.question, e.agent, e.action_type, e.tier, e.pool, e.state, d.verdict, e.created_at,
    snippet(words, -1, '[', ']', '…', 12) AS excerpt
FROM words
    JOIN escalation AS e ON e.id = words.escalation
    JOIN payload AS p ON p.escalation = e.id
    LEFT JOIN decision AS d ON d.escalation = e.id AND d.attempt = e.attempt
WHERE words MATCH :query AND e.created_at >= :since
    AND (:pools IS NULL OR (
        e.closed_at IS NOT NULL AND e.pool IN (SELECT value FROM json_each(:pools))
        AND NOT EXISTS (SELECT 1 FROM session AS s
            WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
    ))
ORDER BY words.rowid DESC LIMIT :most

-- name: throw_away
DROP TABLE IF EXISTS words

-- name: forget
DELETE FROM words_read
