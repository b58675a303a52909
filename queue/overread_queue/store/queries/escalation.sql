-- name: get
SELECT * FROM escalation WHERE id = :id

-- name: by_key
SELECT * FROM escalation WHERE agent = :agent AND key = :key

-- name: successor
SELECT * FROM escalation WHERE predecessor = :id

-- name: add
INSERT INTO escalation (
    id, agent, run, key, state, kind, tier, severity, pool, action_type, brief_sha256, action_sha256,
    policy_sha256, predecessor, created_at, sla_ms, deadline_at, claimable_at, promote_at, expected_seconds, stake
) VALUES (
    :id, :agent, :run, :key, 'WAITING', :kind, :tier, :severity, :pool, :action_type, :brief_sha256,
    :action_sha256, :policy_sha256, :predecessor, :created_at, :sla_ms, :deadline_at, :claimable_at,
    :promote_at, :expected_seconds, :stake
)

-- Open escalations that keep a run paused.
-- name: open_in_run
SELECT id FROM escalation
WHERE agent = :agent AND run = :run AND kind = 'approval' AND state IN ('WAITING', 'CLAIMED', 'HELD')

-- What one reviewer may claim in a pool now: nothing that they have given an opinion on. A clock that shows
-- an earlier time than when an item came has jumped back, and hides nothing.
-- name: ready_in_pool
SELECT e.id, e.severity, e.deadline_at, e.expected_seconds, e.agent, e.action_type, e.promote_at, e.stake
FROM escalation AS e
WHERE e.state = 'WAITING' AND e.pool = :pool AND (e.claimable_at <= :now OR e.created_at > :now) AND NOT EXISTS (
    SELECT 1 FROM opinion AS o
    WHERE o.escalation = e.id AND o.attempt = e.attempt AND o.reviewer = :reviewer
)

-- Everything a pool still has to do: items, and expected seconds of review.
-- name: depth
SELECT pool, count(*) AS items, sum(expected_seconds) AS seconds FROM escalation
WHERE state IN ('WAITING', 'CLAIMED', 'HELD') GROUP BY pool

-- The same without what was drawn by lot: from this nobody learns that anything was.
-- name: depth_asked
SELECT pool, count(*) AS items, sum(expected_seconds) AS seconds FROM escalation
WHERE state IN ('WAITING', 'CLAIMED', 'HELD') AND kind <> 'audit' GROUP BY pool

-- Half the SLA is over: it moves up, once.
-- name: to_promote
SELECT * FROM escalation WHERE state IN ('WAITING', 'CLAIMED') AND promote_at <= :now LIMIT :most

-- name: promote
UPDATE escalation SET promote_at = NULL WHERE id = :id AND promote_at <= :now RETURNING *

-- What waits in a pool for its time: batching or snoozed.
-- name: later_in_pool
SELECT count(*) AS items, min(claimable_at) AS next_at FROM escalation
WHERE state = 'WAITING' AND pool = :pool AND claimable_at > :now AND created_at <= :now

-- name: leased_in_pool
SELECT reviewer, count(*) AS items FROM escalation
WHERE state IN ('CLAIMED', 'HELD') AND pool = :pool GROUP BY reviewer

-- name: claim
UPDATE escalation SET state = 'CLAIMED', reviewer = :reviewer, session = :session, fence = fence + 1,
    lease_until = :lease_until
WHERE id = :id AND state = 'WAITING' AND (claimable_at <= :now OR created_at > :now)
RETURNING *

-- name: extend
UPDATE escalation SET lease_until = :lease_until
WHERE id = :id AND state IN ('CLAIMED', 'HELD') AND reviewer = :reviewer AND fence = :fence
RETURNING *

-- Back to the queue by its own reviewer: release, snooze or hand on.
-- name: put_back
UPDATE escalation SET state = 'WAITING', reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL,
    claimable_at = :claimable_at, pool = :pool, deadline_at = :deadline_at, promote_at = :promote_at, hops = :hops
WHERE id = :id AND state = 'CLAIMED' AND reviewer = :reviewer AND fence = :fence
RETURNING *

-- name: hold
UPDATE escalation SET state = 'HELD', held_until = :held_until, lease_until = :lease_until
WHERE id = :id AND state = 'CLAIMED' AND reviewer = :reviewer AND fence = :fence AND lease_until > :now
RETURNING *

-- name: unhold
UPDATE escalation SET state = 'CLAIMED', held_until = NULL, session = :session, lease_until = :lease_until
WHERE id = :id AND state = 'HELD' AND reviewer = :reviewer AND fence = :fence AND held_until > :now
RETURNING *

-- Its agent was stopped before the release.
-- name: put_back_held
UPDATE escalation SET state = 'WAITING', reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL
WHERE id = :id AND state = 'HELD' AND fence = :fence
RETURNING *

-- Signed and released: from HELD when the window is over, from CLAIMED for verdicts that need none.
-- name: decide
UPDATE escalation SET state = 'DECIDED', reviewer = NULL, lease_until = NULL, held_until = NULL, closed_at = :now
WHERE id = :id AND state = :source AND reviewer = :reviewer AND fence = :fence AND lease_until > :now
RETURNING *

-- One of two people has said something: back to the queue, for somebody else.
-- name: opine
UPDATE escalation SET state = 'WAITING', reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL,
    pool = :pool, deadline_at = :deadline_at, claimable_at = :claimable_at, promote_at = :promote_at, hops = :hops
WHERE id = :id AND state = :source AND reviewer = :reviewer AND fence = :fence AND lease_until > :now
RETURNING *

-- Held long enough, by somebody who is still there. Only HELD has `held_until`; both states are
-- named because the partial index is found by its own words.
-- name: held_by
SELECT * FROM escalation
WHERE state IN ('CLAIMED', 'HELD') AND reviewer = :reviewer AND held_until <= :now AND lease_until > :now

-- name: leased_by
SELECT * FROM escalation WHERE state IN ('CLAIMED', 'HELD') AND reviewer = :reviewer

-- name: lapsed
SELECT * FROM escalation WHERE state IN ('CLAIMED', 'HELD') AND lease_until <= :now LIMIT :most

-- name: lapse
UPDATE escalation SET state = 'WAITING', reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL
WHERE id = :id AND state IN ('CLAIMED', 'HELD') AND fence = :fence AND lease_until <= :now
RETURNING *

-- name: overdue
SELECT * FROM escalation WHERE state IN ('WAITING', 'CLAIMED') AND deadline_at <= :now LIMIT :most

-- The agent's own side closes it, or the sweep does: no reviewer has a say any more.
-- name: close
UPDATE escalation SET state = :target, reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL,
    closed_at = :now
WHERE id = :id AND state IN ('WAITING', 'CLAIMED')
RETURNING *

-- A breach moves it on: another pool, a new deadline, and it may be claimed at once, whatever clocks do.
-- name: reroute
UPDATE escalation SET state = 'WAITING', reviewer = NULL, session = NULL, lease_until = NULL, held_until = NULL,
    pool = :pool, deadline_at = :deadline_at, promote_at = :promote_at, claimable_at = created_at,
    timeouts = timeouts + 1
WHERE id = :id AND state IN ('WAITING', 'CLAIMED') AND deadline_at <= :now
RETURNING *

-- Where nobody can do it any more today, it waits in another pool.
-- name: overflow
UPDATE escalation SET pool = :pool WHERE id = :id AND state = 'WAITING' AND pool = :source RETURNING *

-- name: waiting_in_pool
SELECT * FROM escalation WHERE state = 'WAITING' AND pool = :pool LIMIT :most

-- Taken back by the agent, and not signed yet.
-- name: withdrawn_unsigned
SELECT * FROM escalation AS e WHERE e.state = 'WITHDRAWN'
    AND NOT EXISTS (SELECT 1 FROM decision AS d WHERE d.escalation = e.id AND d.attempt = e.attempt)
LIMIT :most

-- One line for a list.
-- name: row
SELECT e.*, p.question FROM escalation AS e JOIN payload AS p ON p.escalation = e.id WHERE e.id = :id

-- name: matching
SELECT e.id FROM escalation AS e JOIN payload AS p ON p.escalation = e.id
WHERE e.state = 'WAITING' AND e.pool = :pool
    AND (p.question LIKE :pattern ESCAPE '\' OR e.agent LIKE :pattern ESCAPE '\'
        OR e.action_type LIKE :pattern ESCAPE '\' OR e.id LIKE :beginning ESCAPE '\'
        OR e.key LIKE :pattern ESCAPE '\')

-- The newest first, without audits: who was drawn is no agent's to know. Nor is a blind test in its name.
-- name: newest
SELECT e.*, p.question FROM escalation AS e JOIN payload AS p ON p.escalation = e.id
WHERE e.kind <> 'audit' AND e.agent = coalesce(:agent, e.agent)
    AND (:agent IS NULL OR NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = e.id))
ORDER BY e.id DESC LIMIT :most

-- name: newest_in_state
SELECT e.*, p.question FROM escalation AS e JOIN payload AS p ON p.escalation = e.id
WHERE e.state = :state AND e.kind <> 'audit' AND e.agent = coalesce(:agent, e.agent)
    AND (:agent IS NULL OR NOT EXISTS (SELECT 1 FROM probe AS b WHERE b.escalation = e.id))
ORDER BY e.id DESC LIMIT :most
