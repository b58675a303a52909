-- How far the chain was read for a collector.
-- name: cursor
SELECT seq FROM traced

-- name: move_on
INSERT INTO traced (only, seq) VALUES (1, :seq) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq

-- Questions that left the desk in a stretch of the chain.
-- name: closed
SELECT DISTINCT escalation FROM event
WHERE seq > :after AND seq <= :up_to AND escalation IS NOT NULL AND CASE WHEN json_valid(detail)
    THEN json_extract(detail, '$.to') END IN ('DECIDED', 'TIMED_OUT', 'WITHDRAWN', 'SUPERSEDED')

-- What agents were through with acting on in a stretch of the chain.
-- name: acted
SELECT DISTINCT d.escalation, d.taken_at, d.done_at, d.state
FROM event AS v
    JOIN escalation AS e ON e.agent = v.agent AND e.run = v.run
    JOIN delivery AS d ON d.escalation = e.id AND d.attempt = e.attempt AND d.done_at = v.at
WHERE v.seq > :after AND v.seq <= :up_to AND v.kind IN ('run', 'acknowledged', 'rolled_back')
    AND d.taken_at IS NOT NULL
