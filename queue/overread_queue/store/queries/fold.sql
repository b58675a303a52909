-- name: has_seen
SELECT 1 AS seen FROM probe_seen WHERE mark = :mark

-- name: saw
INSERT INTO probe_seen (mark) VALUES (:mark) ON CONFLICT DO NOTHING

-- name: loads
SELECT mark, items, active_ms FROM probe_load WHERE day = :day

-- name: add_load
INSERT INTO probe_load (day, mark, items, active_ms) VALUES (:day, :mark, :items, :active_ms)
ON CONFLICT (day, mark) DO UPDATE SET items = items + excluded.items, active_ms = active_ms + excluded.active_ms

-- name: forget_loads
DELETE FROM probe_load WHERE day < :day

-- Everybody's looks at a test.
-- name: looks
SELECT * FROM review WHERE escalation = :escalation

-- name: add_result
INSERT INTO probe_result (id, sort, mutation, action_type, tier, pool, answer, caught, confidence, load, minutes, hour)
VALUES (:id, :sort, :mutation, :action_type, :tier, :pool, :answer, :caught, :confidence, :load, :minutes, :hour)

-- name: add_to_crowd
INSERT INTO probe_crowd (period, cut, sort, mark) VALUES (:period, :cut, :sort, :mark) ON CONFLICT DO NOTHING

-- What a test added to a session, once the session is over.
-- name: lighten_session
UPDATE session SET active_ms = active_ms - :active_ms, expected_seconds = max(0, expected_seconds - :seconds)
WHERE id = :session

-- Everything that people did on a test, and then the test's own row: as if it had never been there.
-- name: drop_judgements
DELETE FROM judgement WHERE escalation = :escalation

-- name: drop_challenges
DELETE FROM challenge WHERE escalation = :escalation

-- name: drop_comments
DELETE FROM comment WHERE escalation = :escalation

-- name: drop_reviews
DELETE FROM review WHERE escalation = :escalation

-- name: drop_payload
DELETE FROM payload WHERE escalation = :escalation

-- name: take_out
UPDATE probe SET escalation = NULL, answer = NULL, load = NULL WHERE escalation = :escalation

-- name: drop_escalation
DELETE FROM escalation WHERE id = :escalation RETURNING agent, run

-- name: drop_run
DELETE FROM run WHERE agent = :agent AND id = :run

-- Results of earlier hours that the chain does not tell of yet.
-- name: untold
SELECT id FROM probe_result WHERE told = 0 AND hour < :hour

-- name: tell
UPDATE probe_result SET told = 1 WHERE id = :id

-- name: notice
INSERT INTO probe_noticed (month, seemed, answers) VALUES (:month, :seemed, 1)
ON CONFLICT (month) DO UPDATE SET seemed = seemed + excluded.seemed, answers = answers + 1

-- name: noticed
SELECT seemed, answers FROM probe_noticed WHERE month < :month ORDER BY month
