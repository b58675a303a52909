-- Stopping and lifting as the chain of events has them. A halt's row adds the reason, which may be erased.
-- An event that somebody forged badly stops what it names, can be lifted, and is in nobody else's way.
-- name: told
WITH told AS (
    SELECT seq, kind, agent, at, actor, CASE WHEN json_valid(detail) THEN detail ELSE '{}' END AS detail
    FROM event WHERE kind IN ('halted', 'halt_lifted', 'breaker_opened', 'breaker_lifted')
), named AS (
    SELECT *, CAST(coalesce(detail ->> 'halt', detail ->> 'breaker', '') AS TEXT) AS stop FROM told
)
SELECT n.kind, n.stop, n.agent, n.at, n.actor,
    CAST(coalesce(h.reason, n.detail ->> 'cause', '') AS TEXT) AS words,
    CAST(coalesce(n.detail ->> 'signature', '') AS TEXT) AS signature
FROM named AS n LEFT JOIN halt AS h ON h.id = n.stop ORDER BY n.seq

-- name: unlifted
SELECT id FROM halt WHERE lifted_at IS NULL

-- A row that somebody else put there stands in nobody's way: the event beside it is what counts.
-- name: add
INSERT INTO halt (id, agent, at, by, reason) VALUES (:id, :agent, :at, :by, :reason) ON CONFLICT DO NOTHING

-- name: lift
UPDATE halt SET lifted_at = :now, lifted_by = :by WHERE id = :id AND lifted_at IS NULL
