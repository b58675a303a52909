-- name: head
SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1

-- What would tell of a blind test, by its escalation or its run: no event does. Every real question has one.
-- name: is_silent
SELECT 1 AS silent FROM probe AS b JOIN escalation AS e ON e.id = b.escalation
WHERE b.escalation IS NOT NULL AND (e.id = :escalation OR (e.agent = :agent AND e.run = :run))
    AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = e.id)

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

-- The keys that drew the random sample earlier, each disclosed when the next one took over. An event that somebody
-- forged badly discloses nothing, and is in nobody's way.
-- name: rotations
WITH told AS (
    SELECT seq, at, CASE WHEN json_valid(detail) THEN detail ELSE '{}' END AS detail
    FROM event WHERE kind = 'audit_key_rotated'
)
SELECT at, detail ->> 'disclosed' AS disclosed, CAST(coalesce(detail ->> 'key', '') AS TEXT) AS key FROM told
WHERE length(detail ->> 'disclosed') = 64 AND detail ->> 'disclosed' NOT GLOB '*[^0-9a-f]*' ORDER BY seq
