-- Stopping and lifting as the chain of events has them. The row adds the reason, which may be erased.
-- name: told
SELECT v.kind, v.detail ->> 'halt' AS halt, v.agent, v.at, v.actor, coalesce(h.reason, '') AS reason
FROM event AS v LEFT JOIN halt AS h ON h.id = v.detail ->> 'halt'
WHERE v.kind IN ('halted', 'halt_lifted') ORDER BY v.seq

-- name: unlifted
SELECT id FROM halt WHERE lifted_at IS NULL

-- A row that somebody else put there stands in nobody's way: the event beside it is what counts.
-- name: add
INSERT INTO halt (id, agent, at, by, reason) VALUES (:id, :agent, :at, :by, :reason) ON CONFLICT DO NOTHING

-- name: lift
UPDATE halt SET lifted_at = :now, lifted_by = :by WHERE id = :id AND lifted_at IS NULL
