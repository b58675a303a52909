-- name: get
SELECT * FROM review WHERE id = :id

-- name: add
INSERT INTO review (id, escalation, attempt, session, reviewer, fence, opened_at, withheld, withhold_probability)
VALUES (:id, :escalation, :attempt, :session, :reviewer, :fence, :now, :withheld, :withhold_probability)

-- This reviewer's latest look: its draft is shown again. By fence, because clocks jump.
-- name: latest
SELECT * FROM review WHERE escalation = :escalation AND reviewer = :reviewer ORDER BY attempt DESC, fence DESC LIMIT 1

-- name: open_on
SELECT * FROM review WHERE escalation = :escalation AND closed_at IS NULL

-- name: seen
UPDATE review SET active_ms = :active_ms, focus_lost = :focus_lost, evidence = :evidence, unmasked = :unmasked
WHERE id = :id

-- With every `seen`: a session's active time is that of its reviews.
-- name: seen_in_session
UPDATE session SET active_ms = active_ms + :more_ms WHERE id = :session

-- name: undone
UPDATE review SET undone = undone + 1 WHERE escalation = :escalation AND closed_at IS NULL

-- name: draft
UPDATE review SET option = :option, parameters = :parameters, reason = :reason WHERE id = :id

-- name: close
UPDATE review SET closed_at = :now, outcome = :outcome WHERE id = :id AND closed_at IS NULL

-- name: in_session
SELECT r.*, p.question, coalesce(d.verdict, o.verdict, b.answer) AS verdict
FROM review AS r JOIN payload AS p ON p.escalation = r.escalation
    LEFT JOIN decision AS d ON r.outcome = 'decided' AND d.escalation = r.escalation AND d.attempt = r.attempt
    LEFT JOIN opinion AS o ON r.outcome = 'opinion' AND o.escalation = r.escalation AND o.attempt = r.attempt
        AND o.reviewer = r.reviewer
    LEFT JOIN probe AS b ON r.outcome = 'decided' AND b.escalation = r.escalation
WHERE r.session = :session

-- Real items that somebody answered, up to as many as matter.
-- name: answered
SELECT count(*) AS items FROM (
    SELECT 1 FROM review AS r
    WHERE r.reviewer = :reviewer AND r.outcome IN ('decided', 'opinion', 'handed_on')
        AND EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = r.escalation)
    LIMIT :most
)

-- A reviewer's looks, and whether each came to an answer or is held for one.
-- name: since
SELECT r.id, r.opened_at, r.closed_at, r.active_ms,
    coalesce(r.outcome IN ('decided', 'opinion'), e.state = 'HELD') AS settled
FROM review AS r JOIN escalation AS e ON e.id = r.escalation
WHERE r.reviewer = :reviewer AND r.opened_at >= :since
