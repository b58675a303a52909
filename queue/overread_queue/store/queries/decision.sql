-- name: get
SELECT * FROM decision WHERE escalation = :escalation AND attempt = :attempt

-- name: add
INSERT INTO decision (escalation, attempt, verdict, option, signer, nonce, envelope, signature, released_at)
VALUES (:escalation, :attempt, :verdict, :option, :signer, :nonce, :envelope, :signature, :released_at)

-- name: add_delivery
INSERT INTO delivery (escalation, attempt, state) VALUES (:escalation, :attempt, 'pending')

-- name: delivery
SELECT * FROM delivery WHERE escalation = :escalation AND attempt = :attempt

-- name: take
UPDATE delivery SET state = 'taken', taken_at = coalesce(taken_at, :now), fence = :fence
WHERE escalation = :escalation AND attempt = :attempt AND state IN ('pending', 'taken')
RETURNING state

-- Only by whoever took it last; without a fence by an agent that took nothing.
-- name: finish
UPDATE delivery SET state = :state, done_at = :now
WHERE escalation = :escalation AND attempt = :attempt AND state IN ('pending', 'taken')
    AND (:fence IS NULL OR fence = :fence)
RETURNING state

-- name: outcome
UPDATE delivery SET outcome = :outcome, detail = :detail, reported_at = :now
WHERE escalation = :escalation AND attempt = :attempt
RETURNING state

-- Its agent's runtime could not be reached, or would not take it.
-- name: undelivered
UPDATE delivery SET tries = :tries, trouble = :trouble
WHERE escalation = :escalation AND attempt = :attempt AND state IN ('pending', 'taken')
RETURNING state

-- Approvals that nobody has carried out yet, and any other answer that could not be brought; oldest first. Not of
-- sessions that go on: a blind test answered there would be missing.
-- name: waiting_for_agent
SELECT e.id, e.agent, e.action_type, d.verdict, d.released_at, v.state = 'taken' AS taken, v.tries,
    coalesce(v.trouble, '') AS trouble
FROM delivery AS v CROSS JOIN escalation AS e CROSS JOIN decision AS d
WHERE e.id = v.escalation AND e.attempt = v.attempt AND d.escalation = v.escalation AND d.attempt = v.attempt
    AND v.state IN ('pending', 'taken') AND e.kind = 'approval' AND d.released_at <= :before
    AND (d.verdict IN ('approve', 'modify') OR v.tries > 0)
    AND NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
ORDER BY d.released_at, e.id

-- Tentative actions that nobody confirmed, and that were not taken back yet.
-- name: rollbacks
SELECT e.* FROM escalation AS e
    JOIN delivery AS v ON v.escalation = e.id AND v.attempt = e.attempt
    JOIN decision AS d ON d.escalation = e.id AND d.attempt = e.attempt
WHERE e.agent = :agent AND e.kind = 'soft_review' AND v.state IN ('pending', 'taken')
    AND d.verdict NOT IN ('approve', 'modify')
ORDER BY e.id

-- Decisions of a run that its agent has not finished with.
-- name: unfinished_in_run
SELECT d.escalation FROM delivery AS d JOIN escalation AS e ON e.id = d.escalation
WHERE e.agent = :agent AND e.run = :run AND e.kind = 'approval' AND d.state IN ('pending', 'taken')
