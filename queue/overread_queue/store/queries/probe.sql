-- name: add
INSERT INTO probe (id, sort, mutation, explanation, source, action_type, body, made_at, made_by)
VALUES (:id, :sort, :mutation, :explanation, :source, :action_type, :body, :made_at, :made_by)

-- name: get
SELECT * FROM probe WHERE id = :id

-- name: all
SELECT * FROM probe ORDER BY id

-- name: check
UPDATE probe SET checked_at = :now, checked_by = :by, realistic = :realistic WHERE id = :id RETURNING id

-- name: retire
UPDATE probe SET retired_at = :now WHERE id = :id AND retired_at IS NULL RETURNING id

-- Whether people see it as an escalation now. Every real question has an event.
-- name: is_live
SELECT 1 AS live FROM probe AS b
WHERE b.escalation = :escalation AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = b.escalation)

-- name: results
SELECT id, sort, mutation, action_type, tier, pool, answer, caught, confidence, load, minutes, hour
FROM probe_result ORDER BY id

-- People who answered tests of a cut, in the period that had most of them.
-- name: crowd
SELECT coalesce(max(people), 0) AS people FROM (
    SELECT count(*) AS people FROM probe_crowd WHERE cut = :cut AND sort = :sort GROUP BY period
)
