-- Stopping and lifting as the chain of events has them. The row adds the reason, which may be erased.
-- An event that somebody forged badly stops what it names, can be lifted, and is in nobody else's way.
-- name: told
WITH told AS (
    SELECT seq, kind, agent, at, actor,
        CASE WHEN json_valid(detail) THEN CAST(coalesce(detail ->> 'halt', '') AS TEXT) ELSE '' END AS halt
    FROM event WHERE kind IN ('halted', 'halt_lifted')
)
SELECT t.kind, t.halt, t.agent, t.at, t.actor, coalesce(h.reason, '') AS reason
FROM told AS t LEFT JOIN halt AS h ON h.id = t.halt ORDER BY t.seq

-- name: unlifted
SELECT id FROM halt WHERE lifted_at IS NULL

-- A row that somebody else put there stands in nobody's way: the event beside it is what counts.
-- name: add
INSERT INTO halt (id, agent, at, by, reason) VALUES (:id, :agent, :at, :by, :reason) ON CONFLICT DO NOTHING

-- name: lift
UPDATE halt SET lifted_at = :now, lifted_by = :by WHERE id = :id AND lifted_at IS NULL
