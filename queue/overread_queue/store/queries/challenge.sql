-- name: get
SELECT * FROM challenge WHERE escalation = :escalation AND attempt = :attempt AND reviewer = :reviewer

-- Until the decision it may be written better.
-- name: put
INSERT INTO challenge (escalation, attempt, reviewer, at, weakest, missing, wrong_if, changed, boilerplate, signature)
VALUES (:escalation, :attempt, :reviewer, :at, :weakest, :missing, :wrong_if, :changed, :boilerplate, :signature)
ON CONFLICT (escalation, attempt, reviewer) DO UPDATE SET at = excluded.at, weakest = excluded.weakest,
    missing = excluded.missing, wrong_if = excluded.wrong_if, changed = excluded.changed,
    boilerplate = excluded.boilerplate, signature = excluded.signature

-- What this reviewer wrote about other escalations, newest first.
-- name: earlier
SELECT wrong_if FROM challenge WHERE reviewer = :reviewer AND escalation <> :escalation ORDER BY at DESC LIMIT :most
