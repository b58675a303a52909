-- name: get
SELECT * FROM payload WHERE escalation = :escalation

-- name: add
INSERT INTO payload (escalation, question, brief, checkpoint, triggers, signature)
VALUES (:escalation, :question, :brief, :checkpoint, :triggers, :signature)

-- What the reviewer wrote and changed; stored beside the envelope, which holds only digests.
-- name: answer
UPDATE payload SET edited_action = :edited_action, reason = :reason WHERE escalation = :escalation
