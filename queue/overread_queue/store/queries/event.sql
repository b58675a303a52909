-- name: head
SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1

-- name: add
INSERT INTO event (seq, at, actor, kind, agent, run, escalation, detail, previous, hash)
VALUES (:seq, :at, :actor, :kind, :agent, :run, :escalation, :detail, :previous, :hash)

-- name: of_escalation
SELECT * FROM event WHERE escalation = :escalation ORDER BY seq

-- name: all
SELECT * FROM event ORDER BY seq

-- The state transition error rate's numerator.
-- name: refusals
SELECT substr(kind, 9) AS error, count(*) AS items FROM event WHERE kind LIKE 'refused:%' GROUP BY kind

-- name: add_checkpoint
INSERT INTO checkpoint (seq, line) VALUES (:seq, :line)
