-- What has happened since the papers were written last, in order.
-- name: touched
SELECT seq, agent, run, escalation FROM event
WHERE seq > coalesce((SELECT seq FROM outbox WHERE only = 1), 0) ORDER BY seq LIMIT :most

-- name: answers
SELECT id, agent, name, paper FROM inbox WHERE paper IS NOT NULL AND told = 0 ORDER BY id LIMIT :most

-- name: tell_upto
INSERT INTO outbox (only, seq) VALUES (1, :seq) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq

-- name: tell
UPDATE inbox SET told = 1 WHERE id = :id

-- The newest row of the agents' inbox that was copied.
-- name: copied
SELECT coalesce(max(source), 0) AS source FROM inbox

-- name: copy
INSERT INTO inbox (kind, agent, key, body, checkpoint, signature, name, ticket, predecessor, proposal, source)
VALUES (:kind, :agent, :key, :body, :checkpoint, :signature, :name, :ticket, :predecessor, :proposal, :source)
ON CONFLICT DO NOTHING

-- Whether an agent's message of that name was handled before.
-- name: named
SELECT 1 AS named FROM inbox WHERE agent = :agent AND name = :name AND id < :before LIMIT 1
