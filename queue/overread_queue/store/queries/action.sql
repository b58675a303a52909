-- name: get
SELECT * FROM action WHERE id = :id

-- name: add
INSERT INTO action (id, agent, action_type, action_sha256, policy_sha256, tier, rules, inputs,
    parameters, agent_version, proposed_at, asked, escalation)
VALUES (:id, :agent, :action_type, :action_sha256, :policy_sha256, :tier, :rules, :inputs,
    :parameters, :agent_version, :now, :asked, :escalation)

-- name: link
UPDATE action SET escalation = :escalation WHERE id = :id AND escalation IS NULL RETURNING *

-- What a question is about.
-- name: behind
SELECT * FROM action WHERE escalation = :escalation ORDER BY id LIMIT 1

-- What agents did by themselves and nobody has drawn for yet.
-- name: undrawn
SELECT * FROM action WHERE tier = 'autonomous' AND asked = 0 AND sampled IS NULL ORDER BY id LIMIT :most

-- name: draw
UPDATE action SET probability = :probability, sampled = :sampled WHERE id = :id AND sampled IS NULL RETURNING *

-- When this version of an agent was first heard of.
-- name: first_seen
SELECT min(proposed_at) AS at FROM action WHERE agent = :agent AND agent_version = :version

-- What is over, without hard approvals that nobody has asked for yet: a blind test has no row here.
-- name: recorded
SELECT a.* FROM action AS a LEFT JOIN escalation AS e ON e.id = a.escalation
WHERE a.proposed_at >= :since
    AND (a.tier <> 'hard_approval' OR a.escalation IS NOT NULL OR a.proposed_at <= :unasked)
    AND (coalesce(e.tier, '') <> 'hard_approval' OR (e.closed_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)))
ORDER BY a.proposed_at, a.id

-- The notices feed: what agents did and told of, newest first.
-- name: notices
SELECT a.*, (SELECT count(*) FROM objection AS o WHERE o.action = a.id) AS objections
FROM action AS a WHERE a.tier = 'notify' AND a.asked = 0 AND a.proposed_at >= :since ORDER BY a.id DESC LIMIT :most

-- name: object
INSERT INTO objection (action, reviewer, at, reason) VALUES (:action, :reviewer, :now, :reason)
ON CONFLICT (action, reviewer) DO NOTHING RETURNING action

-- name: objections_to
SELECT o.action, o.reviewer, o.at, o.reason, a.action_type, a.action_sha256
FROM objection AS o JOIN action AS a ON a.id = o.action
WHERE a.agent = :agent AND o.at >= :since ORDER BY o.at, o.action

-- How often an agent was told no by a person, and how often what it did failed.
-- name: troubles
SELECT
    (SELECT count(*) FROM decision AS d JOIN escalation AS e ON e.id = d.escalation
        WHERE e.agent = :agent AND d.verdict = 'reject' AND d.released_at > :since) AS rejections,
    (SELECT count(*) FROM delivery AS v JOIN escalation AS e ON e.id = v.escalation
        WHERE e.agent = :agent AND v.outcome = 'failed' AND v.reported_at > :since) AS failures

-- Everything that the random sample was drawn from.
-- name: drawn
SELECT id, proposed_at, probability, sampled FROM action WHERE sampled IS NOT NULL AND proposed_at < :until
ORDER BY proposed_at, id
