-- name: get
SELECT * FROM judgement WHERE escalation = :escalation AND attempt = :attempt AND reviewer = :reviewer

-- name: add
INSERT INTO judgement (escalation, attempt, reviewer, option, confidence, at, active_ms, signature)
VALUES (:escalation, :attempt, :reviewer, :option, :confidence, :at, :active_ms, :signature)

-- First judgements of a session.
-- name: in_session
SELECT * FROM judgement AS j WHERE j.at >= :since AND (j.escalation, j.attempt, j.reviewer) IN (
    SELECT r.escalation, r.attempt, r.reviewer FROM review AS r WHERE r.session = :session
)

-- From here on the recommendation is handed out. No row where it was already.
-- name: reveal
UPDATE judgement SET revealed_at = :now
WHERE escalation = :escalation AND attempt = :attempt AND reviewer = :reviewer AND revealed_at IS NULL
RETURNING revealed_at
