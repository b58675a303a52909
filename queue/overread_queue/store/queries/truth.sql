-- name: add
INSERT INTO truth (escalation, truth, source, harmful, loss, at, by, note)
VALUES (:escalation, :truth, :source, :harmful, :loss, :now, :by, :note)

-- The words that stand about one escalation: the last of each source.
-- name: of
SELECT * FROM truth AS t WHERE t.escalation = :escalation AND NOT EXISTS (SELECT 1 FROM truth AS later
    WHERE later.escalation = t.escalation AND later.source = t.source AND later.id > t.id)
ORDER BY t.id

-- name: since
SELECT * FROM truth AS t WHERE t.at >= :since AND NOT EXISTS (SELECT 1 FROM truth AS later
    WHERE later.escalation = t.escalation AND later.source = t.source AND later.id > t.id)
ORDER BY t.at, t.id

-- What people have answered or should have, and nobody has said the truth about, with what was said of it.
-- name: unjudged
SELECT e.id AS escalation, e.kind, e.agent, e.action_type, e.created_at, e.closed_at, p.question, d.verdict, v.outcome
FROM escalation AS e JOIN payload AS p ON p.escalation = e.id
    LEFT JOIN decision AS d ON d.escalation = e.id AND d.attempt = e.attempt
    LEFT JOIN delivery AS v ON v.escalation = e.id AND v.attempt = e.attempt
WHERE e.closed_at >= :since AND e.state IN ('DECIDED', 'TIMED_OUT') AND p.erased_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
    AND NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = e.id)
    AND NOT EXISTS (SELECT 1 FROM truth AS t WHERE t.escalation = e.id)
ORDER BY e.id

-- Every standing word about the question that a proposal led to.
-- name: of_proposals
SELECT a.id AS proposal, t.* FROM action AS a JOIN truth AS t ON t.escalation = a.escalation
WHERE a.proposed_at >= :since AND NOT EXISTS (SELECT 1 FROM truth AS later
    WHERE later.escalation = t.escalation AND later.source = t.source AND later.id > t.id)

-- What agents did by themselves and was drawn for, and what people answered or should have: all that a rate can be
-- about, each with the chance that somebody looked at it.
-- name: population
SELECT a.id AS proposal, a.agent, a.action_type, a.agent_version, a.proposed_at, a.inputs, a.probability, a.sampled,
    a.escalation, e.created_at AS asked_at, d.verdict
FROM action AS a LEFT JOIN escalation AS e ON e.id = a.escalation
    LEFT JOIN decision AS d ON d.escalation = e.id AND d.attempt = e.attempt
WHERE a.proposed_at >= :since AND (a.sampled IS NOT NULL OR e.state IN ('DECIDED', 'TIMED_OUT'))
    AND NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
ORDER BY a.proposed_at, a.id

-- When a policy first ruled here.
-- name: ruling_since
SELECT seen_at FROM policy WHERE sha256 = :sha256

-- What people said of what two had to read, in turn; the last of them may have spoken by deciding.
-- name: twice_read
SELECT escalation, attempt, verdict <> 'approve' AS objected, at, reviewer FROM opinion
WHERE (escalation, attempt) IN (SELECT escalation, attempt FROM opinion WHERE at >= :since AND at < :until)
UNION ALL
SELECT d.escalation, d.attempt, d.verdict <> 'approve', d.released_at, d.signer FROM decision AS d
WHERE (d.escalation, d.attempt) IN (SELECT escalation, attempt FROM opinion WHERE at >= :since AND at < :until)
    AND d.signer <> 'desk' AND d.verdict IN ('approve', 'modify', 'reject') AND NOT EXISTS (SELECT 1 FROM opinion AS o
        WHERE o.escalation = d.escalation AND o.attempt = d.attempt AND o.reviewer = d.signer)
ORDER BY escalation, attempt, at, reviewer
