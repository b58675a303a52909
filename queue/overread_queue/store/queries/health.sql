-- name: cursor
SELECT seq FROM followed

-- name: move_on
INSERT INTO followed (only, seq) VALUES (1, :seq) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq

-- name: next
SELECT seq FROM event WHERE seq > :after ORDER BY seq LIMIT :most

-- name: withhold
INSERT INTO withheld (seq) SELECT value FROM json_each(:seqs)

-- What figures may tell of: no hard approval that it is about is open in its first time, or was answered in a session
-- that goes on. What ran late is no blind test. A
-- proposal that nobody has asked about yet waits for its question.
-- name: over
SELECT w.seq FROM withheld AS w JOIN event AS n ON n.seq = w.seq
    LEFT JOIN action AS a ON a.id = CASE WHEN n.kind = 'proposed' AND json_valid(n.detail)
        THEN json_extract(n.detail, '$.proposal') END
WHERE w.seq >= :first
    AND NOT EXISTS (
        SELECT 1 FROM escalation AS e LEFT JOIN session AS s ON s.id = e.session
        WHERE e.id IN (
            SELECT n.escalation UNION ALL SELECT a.escalation
            UNION ALL SELECT b.id FROM escalation AS b WHERE b.agent = n.agent AND b.run = n.run AND n.escalation IS NULL
        )
        AND e.tier = 'hard_approval' AND e.timeouts = 0
        AND (e.closed_at IS NULL OR (s.ended_at IS NULL AND s.started_at > :forgotten))
    )
    AND NOT (n.kind = 'proposed' AND coalesce(a.tier, '') = 'hard_approval' AND a.escalation IS NULL AND n.at > :unasked)
ORDER BY w.seq LIMIT :most

-- name: tell
DELETE FROM withheld WHERE seq IN (SELECT value FROM json_each(:seqs))

-- What happened, with what is known of it now. Nobody's name is among it.
-- `since` is when the escalation came into the state that it leaves, which a change of pool does not end.
-- name: told
WITH next AS MATERIALIZED (
    SELECT seq, at, kind, agent, escalation, detail,
        CASE WHEN json_valid(detail) THEN json_extract(detail, '$.proposal') END AS proposal,
        CASE WHEN json_valid(detail) THEN json_extract(detail, '$.fence') END AS fence
    FROM event WHERE seq IN (SELECT value FROM json_each(:seqs)) ORDER BY seq
)
SELECT n.seq, n.at, n.kind, n.agent, n.escalation, n.detail, coalesce(q.action_type, a.action_type) AS action_type,
    q.tier, q.kind AS asked_for, q.created_at, q.created_at + q.sla_ms AS due_at,
    a.tier AS proposed_tier, a.asked, a.agent_version, a.inputs,
    r.active_ms, r.opened_at, r.evidence AS opened, r.undone, j.option AS judged,
    c.escalation IS NOT NULL AS challenged, c.boilerplate IS NOT NULL AS boilerplate, p.brief,
    EXISTS (SELECT 1 FROM event AS b WHERE b.escalation = n.escalation AND b.seq < n.seq
        AND b.kind = 'claimed') AS taken,
    EXISTS (SELECT 1 FROM event AS b WHERE b.escalation = n.escalation AND b.seq < n.seq
        AND b.kind IN ('held', 'decided', 'opinion', 'handed_on')) AS responded,
    (SELECT b.at FROM event AS b WHERE b.escalation = n.escalation AND b.seq < n.seq
        AND CASE WHEN json_valid(b.detail) THEN json_extract(b.detail, '$.to')
            IS NOT json_extract(b.detail, '$.from') END
        ORDER BY b.seq DESC LIMIT 1) AS since
FROM next AS n
    LEFT JOIN escalation AS q ON q.id = n.escalation
    LEFT JOIN action AS a ON a.id = CASE n.kind WHEN 'proposed' THEN n.proposal
        WHEN 'submitted' THEN (SELECT id FROM action WHERE escalation = n.escalation LIMIT 1) END
    LEFT JOIN review AS r ON r.id = (SELECT id FROM review WHERE escalation = n.escalation
        AND outcome = n.kind AND fence = n.fence AND n.kind IN ('decided', 'opinion', 'handed_on')
        ORDER BY id DESC LIMIT 1)
    LEFT JOIN judgement AS j ON j.escalation = r.escalation AND j.attempt = r.attempt AND j.reviewer = r.reviewer
    LEFT JOIN challenge AS c ON c.escalation = r.escalation AND c.attempt = r.attempt AND c.reviewer = r.reviewer
    LEFT JOIN payload AS p ON p.escalation = r.escalation
ORDER BY n.seq

-- name: add
INSERT INTO tally (what, cut, day, part, mark, bucket, items, total)
VALUES (:what, :cut, :day, :part, :mark, :bucket, :items, :total)
ON CONFLICT DO UPDATE SET items = items + excluded.items, total = total + excluded.total

-- What was counted on some days, by part of the desk.
-- name: sums
SELECT part, mark, bucket, sum(items) AS items, sum(total) AS total FROM tally
WHERE what = :what AND cut = :cut AND day >= :first AND day < :after
GROUP BY part, mark, bucket

-- The same of the whole desk, day by day.
-- name: daily
SELECT day, mark, bucket, sum(items) AS items, sum(total) AS total FROM tally
WHERE what = :what AND cut = '' AND day >= :first AND day < :after
GROUP BY day, mark, bucket

-- name: latest_day
SELECT max(day) AS day FROM tally WHERE what = :what AND cut = ''

-- What is open now. Blind tests are among it: a count without them would tell which of a list they are. Hence nothing
-- of it is read off the chain, which knows nothing of them. An answer is held for seconds.
-- name: open
SELECT e.state, e.kind, e.tier, e.pool, e.action_type, e.created_at, e.created_at + e.sla_ms AS due_at,
    e.expected_seconds, e.tier <> 'hard_approval' OR e.timeouts > 0 AS told,
    e.fence > 0 AS taken,
    e.state = 'HELD' OR EXISTS (SELECT 1 FROM review AS r WHERE r.escalation = e.id
        AND (r.undone > 0 OR r.outcome IN ('decided', 'opinion', 'handed_on'))) AS responded,
    coalesce(CASE e.state
        WHEN 'WAITING' THEN (SELECT max(r.closed_at) FROM review AS r WHERE r.escalation = e.id)
        WHEN 'CLAIMED' THEN coalesce(
            (SELECT r.opened_at FROM review AS r WHERE r.escalation = e.id AND r.closed_at IS NULL),
            (SELECT s.started_at FROM session AS s WHERE s.id = e.session))
        ELSE e.held_until END, e.created_at) AS since
FROM escalation AS e
WHERE e.state IN ('WAITING', 'CLAIMED', 'HELD')

-- What had come and not gone before a day.
-- name: flow
SELECT coalesce(sum(CASE what WHEN 'arrived' THEN items ELSE -items END), 0) AS open FROM tally
WHERE what IN ('arrived', 'gone') AND cut = '' AND day < :day

-- First judgements and last choices on what somebody has since said the truth about.
-- name: judged_and_known
SELECT t.escalation, j.option AS first, r.option AS last, p.brief
FROM (SELECT DISTINCT escalation FROM truth) AS t
    CROSS JOIN judgement AS j ON j.escalation = t.escalation
    JOIN review AS r ON r.escalation = j.escalation AND r.reviewer = j.reviewer AND r.attempt = j.attempt
    JOIN payload AS p ON p.escalation = j.escalation
WHERE r.outcome IN ('decided', 'opinion') AND r.closed_at >= :since AND r.closed_at < :until
