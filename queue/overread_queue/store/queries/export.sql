-- Everything below streams in the order of a primary key: nothing is sorted, and the order never changes.
-- `since` is in the period, `until` is not. Blind tests among the work are left out: they have no event, and every
-- real question has one, so that a row planted in `probe` hides nothing.

-- name: count_sessions
SELECT count(*) AS items FROM session
WHERE ended_at IS NOT NULL AND started_at >= :since AND started_at < :until

-- Active time is added up from the looks, so that it is the time of what stands in the other columns. A judgement
-- and a challenge belong to the look in which they were made: one person may look at the same thing twice.
-- name: sessions
SELECT s.id AS session, s.reviewer, s.started_at, s.ended_at, s.ended_at - s.started_at AS wall_ms,
    coalesce(sum(r.active_ms), 0) AS active_ms, s.expected_seconds, s.break_ms,
    count(r.id) AS looks, count(DISTINCT r.escalation) AS escalations,
    count(*) FILTER (WHERE coalesce(d.verdict, o.verdict) = 'approve') AS approved,
    count(*) FILTER (WHERE coalesce(d.verdict, o.verdict) = 'modify') AS modified,
    count(*) FILTER (WHERE coalesce(d.verdict, o.verdict) = 'reject') AS rejected,
    count(*) FILTER (WHERE coalesce(d.verdict, o.verdict) = 'need_info') AS asked,
    count(*) FILTER (WHERE coalesce(d.verdict, o.verdict) = 'taken_over') AS taken_over,
    count(*) FILTER (WHERE r.outcome = 'handed_on') AS handed_on,
    count(*) FILTER (WHERE r.outcome = 'snoozed') AS snoozed,
    count(*) FILTER (WHERE r.outcome = 'released') AS released,
    count(*) FILTER (WHERE r.outcome = 'lapsed') AS lapsed,
    coalesce(sum(r.undone), 0) AS undone,
    count(j.at) AS judged,
    count(*) FILTER (WHERE j.option <> CAST(p.brief AS TEXT) ->> '$.recommendation.option') AS differed,
    count(c.at) AS challenged, count(c.boilerplate) AS boilerplate,
    coalesce(sum(json_array_length(r.evidence)), 0) AS evidence_opened
FROM session AS s
    LEFT JOIN review AS r ON r.session = s.id AND (
        NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = r.escalation)
        OR EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = r.escalation)
    )
    LEFT JOIN payload AS p ON p.escalation = r.escalation
    LEFT JOIN decision AS d ON r.outcome = 'decided' AND d.escalation = r.escalation AND d.attempt = r.attempt
    LEFT JOIN opinion AS o ON r.outcome = 'opinion' AND o.escalation = r.escalation AND o.attempt = r.attempt
        AND o.reviewer = r.reviewer
    LEFT JOIN judgement AS j ON j.escalation = r.escalation AND j.attempt = r.attempt AND j.reviewer = r.reviewer
        AND j.at BETWEEN r.opened_at AND coalesce(r.closed_at, j.at)
    LEFT JOIN challenge AS c ON c.escalation = r.escalation AND c.attempt = r.attempt AND c.reviewer = r.reviewer
        AND c.at BETWEEN r.opened_at AND coalesce(r.closed_at, c.at)
WHERE s.ended_at IS NOT NULL AND s.started_at >= :since AND s.started_at < :until
GROUP BY s.id ORDER BY s.id

-- name: count_decisions
SELECT count(*) AS items FROM decision WHERE released_at >= :since AND released_at < :until

-- name: decisions
SELECT d.escalation || '/' || d.attempt AS decision, d.escalation, d.attempt, d.verdict, d.option, d.signer,
    CAST(d.envelope AS TEXT) ->> '$.role' AS role, e.kind, e.tier, e.pool, e.action_type, e.agent,
    CAST(d.envelope AS TEXT) ->> '$.requester' AS requester,
    CAST(d.envelope AS TEXT) ->> '$.decided_at' AS decided_at, d.released_at,
    CAST(d.envelope AS TEXT) ->> '$.expires_at' AS expires_at, d.released_at - e.created_at AS waited_ms,
    (SELECT sum(r.active_ms) FROM review AS r WHERE r.escalation = d.escalation AND r.attempt = d.attempt) AS active_ms,
    (SELECT count(*) FROM opinion AS o WHERE o.escalation = d.escalation AND o.attempt = d.attempt) AS opinions,
    CAST(p.brief AS TEXT) ->> '$.recommendation.option' AS recommended,
    v.state AS delivery, v.taken_at, v.done_at, v.outcome,
    p.brief, p.reason, e.policy_sha256, d.envelope, d.signature
FROM decision AS d
    JOIN escalation AS e ON e.id = d.escalation
    JOIN payload AS p ON p.escalation = d.escalation
    LEFT JOIN delivery AS v ON v.escalation = d.escalation AND v.attempt = d.attempt
WHERE d.released_at >= :since AND d.released_at < :until ORDER BY d.escalation, d.attempt

-- name: count_escalations
SELECT count(*) AS items FROM escalation AS e WHERE e.created_at >= :since AND e.created_at < :until AND (
    NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = e.id)
    OR EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = e.id)
)

-- What is still open says nothing of what it recommends or of what was said so far: its reviewers may not know yet.
-- name: escalations
SELECT e.id AS escalation, e.agent, CAST(p.brief AS TEXT) ->> '$.agent.version' AS agent_version,
    CAST(p.brief AS TEXT) ->> '$.model.name' AS model, CAST(p.brief AS TEXT) ->> '$.model.version' AS model_version,
    e.run, e.kind, e.tier, e.severity, e.pool, e.action_type, e.state, e.attempt, e.predecessor AS revises,
    e.created_at, e.sla_ms, e.deadline_at, e.closed_at, e.closed_at - e.created_at AS waited_ms,
    e.timeouts, e.hops, e.expected_seconds, e.stake, d.verdict,
    iif(e.closed_at IS NULL, NULL, CAST(p.brief AS TEXT) ->> '$.recommendation.option') AS recommended,
    iif(e.closed_at IS NULL, NULL, (SELECT count(*) FROM review AS r WHERE r.escalation = e.id)) AS looks,
    iif(e.closed_at IS NULL, NULL, (SELECT sum(r.active_ms) FROM review AS r WHERE r.escalation = e.id)) AS active_ms,
    iif(e.closed_at IS NULL, NULL, (SELECT count(*) FROM opinion AS o WHERE o.escalation = e.id)) AS opinions,
    p.brief, e.brief_sha256, e.action_sha256, e.policy_sha256, p.erased_at
FROM escalation AS e
    JOIN payload AS p ON p.escalation = e.id
    LEFT JOIN decision AS d ON d.escalation = e.id AND d.attempt = e.attempt
WHERE e.created_at >= :since AND e.created_at < :until AND (
    NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = e.id)
    OR EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = e.id)
) ORDER BY e.id

-- name: count_events
SELECT count(*) AS items FROM event WHERE at >= :since AND at < :until

-- name: events
SELECT seq, at, actor, kind, agent, run, escalation, detail, previous, hash FROM event
WHERE at >= :since AND at < :until ORDER BY seq
