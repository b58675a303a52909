-- How many records of each kind a period holds; `since` is in it, `until` is not. Of real work only what is over: a blind
-- test would be missing in every one of these counts.
-- name: counts
SELECT 'escalation' AS kind, count(*) AS items FROM escalation AS e
WHERE e.created_at >= :since AND e.created_at < :until AND e.closed_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM event AS v WHERE v.escalation = e.id)
    AND NOT EXISTS (SELECT 1 FROM session AS s
        WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
UNION ALL
SELECT 'decision', count(*) FROM decision AS d JOIN escalation AS e ON e.id = d.escalation
WHERE d.released_at >= :since AND d.released_at < :until
    AND NOT EXISTS (SELECT 1 FROM session AS s
        WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
UNION ALL
SELECT 'session', count(*) FROM session WHERE started_at >= :since AND started_at < :until
UNION ALL
SELECT 'proposal', count(*) FROM action AS a LEFT JOIN escalation AS e ON e.id = a.escalation
WHERE a.proposed_at >= :since AND a.proposed_at < :until
    AND (a.tier <> 'hard_approval' OR a.escalation IS NOT NULL OR a.proposed_at <= :unasked)
    AND (coalesce(e.tier, '') <> 'hard_approval' OR (e.closed_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM session AS s
        WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)))
UNION ALL
SELECT 'audit_sample', count(*) FROM action WHERE sampled = 1 AND proposed_at >= :since AND proposed_at < :until
UNION ALL
SELECT 'notice', count(*) FROM action WHERE tier = 'notify' AND asked = 0 AND proposed_at >= :since AND proposed_at < :until
UNION ALL
SELECT 'objection', count(*) FROM objection WHERE at >= :since AND at < :until
UNION ALL
SELECT 'event', count(*) FROM event AS v
WHERE v.at >= :since AND v.at < :until AND v.seq <= (SELECT seq FROM followed)
    AND NOT EXISTS (SELECT 1 FROM withheld AS w WHERE w.seq = v.seq)
UNION ALL
SELECT 'rollback', count(*) FROM event WHERE kind = 'rolled_back' AND at >= :since AND at < :until
UNION ALL
SELECT 'halt', count(*) FROM halt WHERE at >= :since AND at < :until
UNION ALL
SELECT 'policy', count(*) FROM policy WHERE seen_at < :until
UNION ALL
SELECT 'signoff', count(*) FROM event WHERE kind = 'policy_signed' AND at >= :since AND at < :until
UNION ALL
SELECT 'adjudication', count(*) FROM truth WHERE at >= :since AND at < :until
UNION ALL
SELECT 'withheld_judgement', count(*) FROM judgement WHERE at >= :since AND at < :until
UNION ALL
SELECT 'challenge', count(*) FROM challenge WHERE boilerplate IS NULL AND at >= :since AND at < :until
UNION ALL
SELECT 'override', count(*) FROM decision AS d JOIN escalation AS e ON e.id = d.escalation
WHERE d.released_at >= :since AND d.released_at < :until AND d.verdict IN ('modify', 'reject', 'need_info', 'taken_over')
    AND NOT EXISTS (SELECT 1 FROM session AS s
        WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
UNION ALL
SELECT 'dual_review', count(*) FROM decision AS d
WHERE d.released_at >= :since AND d.released_at < :until AND d.signer <> 'desk' AND EXISTS (SELECT 1 FROM opinion AS o
    WHERE o.escalation = d.escalation AND o.attempt = d.attempt AND o.reviewer <> d.signer)
UNION ALL
SELECT 'checkpoint', count(*) FROM checkpoint AS c JOIN event AS v ON v.seq = c.seq WHERE v.at >= :since AND v.at < :until
UNION ALL
SELECT 'reviewer', count(*) FROM event
WHERE kind IN ('reviewer_added', 'reviewer_revoked', 'key_rotated', 'role_lent') AND at >= :since AND at < :until
UNION ALL
SELECT 'alarm', count(*) FROM event WHERE kind = 'alarm_raised' AND at >= :since AND at < :until
UNION ALL
SELECT 'export', count(*) FROM event WHERE kind = 'exported' AND at >= :since AND at < :until
UNION ALL
SELECT 'purge', count(*) FROM event WHERE kind IN ('erased', 'erased_unasked') AND at >= :since AND at < :until
UNION ALL
SELECT 'probe_result', count(*) FROM probe_result WHERE told = 1 AND hour >= :since AND hour < :until

-- Breached deadlines by workflow and action type, most first; in the pool that it waited in then.
-- name: breaches
SELECT e.agent, e.action_type, v.detail ->> 'pool' AS pool, count(*) AS breaches, max(v.at) AS last_at
FROM event AS v JOIN escalation AS e ON e.id = v.escalation
WHERE v.kind = 'breached' AND v.at >= :since
GROUP BY e.agent, e.action_type, v.detail ->> 'pool'
ORDER BY count(*) DESC, e.agent, e.action_type, v.detail ->> 'pool'

-- Time-outs and rejections side by side: silence is not a no. Not of sessions that go on: a blind test answered there
-- would be missing.
-- name: verdicts
SELECT e.action_type, d.verdict, count(*) AS items
FROM decision AS d JOIN escalation AS e ON e.id = d.escalation
WHERE d.released_at >= :since
    AND NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = e.session AND s.ended_at IS NULL AND s.started_at > :forgotten)
GROUP BY e.action_type, d.verdict ORDER BY e.action_type, d.verdict

-- Sessions by the week in which they began, from its Monday on: day 0 of UTC time was a Thursday.
-- name: sessions
SELECT ((started_at / 86400000 + 3) / 7 * 7 - 3) * 86400000 AS at, count(*) AS sessions,
    count(DISTINCT reviewer) AS people, sum(active_ms) AS active_ms,
    sum(active_ms > :longest_ms) AS long, coalesce(sum(break_ms < :break_ms), 0) AS hurried
FROM session WHERE started_at >= :since AND started_at < :until GROUP BY 1 ORDER BY 1
