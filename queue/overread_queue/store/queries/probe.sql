-- name: add
INSERT INTO probe (id, sort, mutation, explanation, source, action_type, body, made_at, made_by)
VALUES (:id, :sort, :mutation, :explanation, :source, :action_type, :body, :made_at, :made_by)

-- name: get
SELECT * FROM probe WHERE id = :id

-- name: all
SELECT * FROM probe ORDER BY id

-- name: ids
SELECT id FROM probe ORDER BY id

-- name: check
UPDATE probe SET checked_at = :now, checked_by = :by, realistic = :realistic WHERE id = :id RETURNING id

-- name: retire
UPDATE probe SET retired_at = :now WHERE id = :id AND retired_at IS NULL RETURNING id

-- Whether people see it as an escalation now. Every real question has an event.
-- name: is_live
SELECT 1 AS live FROM probe AS b
WHERE b.escalation = :escalation AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = b.escalation)

-- All of those, with what the desk knows of each.
-- name: live
SELECT b.* FROM probe AS b
WHERE b.escalation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = b.escalation)
ORDER BY b.escalation

-- What may be put among real work of these actions now.
-- name: usable
SELECT * FROM probe WHERE realistic = 1 AND retired_at IS NULL AND escalation IS NULL AND body IS NOT NULL ORDER BY id

-- name: put_in
UPDATE probe SET escalation = :escalation WHERE id = :id AND escalation IS NULL RETURNING id

-- name: answer
UPDATE probe SET answer = :answer, load = :load WHERE escalation = :escalation RETURNING id

-- As a decision would say it.
-- name: verdict
SELECT answer AS verdict FROM probe WHERE escalation = :escalation AND answer <> 'handed_on'

-- Those that came to an answer in a session, or are held for one.
-- name: answered_in
SELECT b.* FROM probe AS b
    JOIN review AS r ON r.escalation = b.escalation JOIN escalation AS e ON e.id = b.escalation
WHERE b.escalation IS NOT NULL AND r.session = :session
    AND (r.outcome IN ('decided', 'handed_on') OR e.state = 'HELD')

-- Somebody who has looked at what it was made from.
-- name: knows_source
SELECT 1 AS knows FROM review WHERE escalation = :source AND reviewer = :reviewer LIMIT 1

-- Real work that came since the last time somebody drew for it, and asks for an approval.
-- name: arrivals
SELECT e.id, e.pool FROM event AS v JOIN escalation AS e ON e.id = v.escalation
WHERE v.seq > :after AND v.kind = 'submitted' AND e.tier = 'hard_approval' ORDER BY v.seq

-- name: drawn_to
SELECT seq FROM probe_draw

-- name: draw_to
INSERT INTO probe_draw (only, seq) VALUES (1, :seq) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq

-- name: results
SELECT id, sort, mutation, action_type, tier, pool, answer, caught, confidence, load, minutes, hour
FROM probe_result ORDER BY id

-- People who answered tests of a cut, in the period that had most of them.
-- name: crowd
SELECT coalesce(max(people), 0) AS people FROM (
    SELECT count(*) AS people FROM probe_crowd WHERE cut = :cut AND sort = :sort GROUP BY period
)

-- The same in one period.
-- name: crowd_in
SELECT count(*) AS people FROM probe_crowd WHERE period = :period AND cut = :cut AND sort = :sort
