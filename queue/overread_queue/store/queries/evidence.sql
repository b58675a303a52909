-- For an examiner, who reads whatever is there in whatever type: in the order of the chain.
-- name: events
SELECT seq, at, actor, kind, agent, run, escalation, detail, previous, hash FROM event ORDER BY seq

-- name: last
SELECT max(seq) AS seq FROM event

-- name: checkpoints
SELECT line FROM checkpoint ORDER BY id

-- Everything that somebody signed about an escalation.
-- name: statements
SELECT 'decision' AS kind, escalation, attempt, envelope, signature FROM decision
UNION ALL
SELECT 'opinion', escalation, attempt, envelope, signature FROM opinion

-- Everything that somebody signed before an approval; `revealed_at` came later.
-- name: judgements
SELECT escalation, attempt, reviewer, option, confidence, at, active_ms, signature FROM judgement

-- name: challenges
SELECT * FROM challenge

-- name: escalations
SELECT id, state FROM escalation

-- Blind tests that are among real work, and the runs that were made for them.
-- name: probes
SELECT b.escalation, e.agent, e.run FROM probe AS b LEFT JOIN escalation AS e ON e.id = b.escalation
WHERE b.escalation IS NOT NULL

-- name: runs
SELECT agent, id, state FROM run

-- name: briefs
SELECT p.escalation, p.brief, e.brief_sha256 FROM payload AS p JOIN escalation AS e ON e.id = p.escalation

-- name: policies
SELECT sha256, body FROM policy

-- Everything that was made in this file, and how.
-- name: schema
SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND tbl_name <> '_sqlite_migrations'
