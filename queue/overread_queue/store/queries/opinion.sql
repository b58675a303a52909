-- What people have said about one escalation, in the order in which they did.
-- name: about
SELECT * FROM opinion WHERE escalation = :escalation AND attempt = :attempt ORDER BY at, reviewer

-- name: add
INSERT INTO opinion (escalation, attempt, reviewer, verdict, at, envelope, signature, edited_action, reason)
VALUES (:escalation, :attempt, :reviewer, :verdict, :at, :envelope, :signature, :edited_action, :reason)
