-- name: get
SELECT agent, id, state, fence, holder, lease_until FROM run WHERE agent = :agent AND id = :id

-- name: add
INSERT INTO run (agent, id, state, created_at, updated_at) VALUES (:agent, :id, 'RUNNING', :now, :now)

-- One guarded move; a row comes back only if the run was still where the caller thought.
-- name: move
UPDATE run SET state = :target, holder = NULL, lease_until = NULL, updated_at = :now
WHERE agent = :agent AND id = :id AND state = :source
RETURNING agent, id, state, fence, holder, lease_until

-- An agent takes the run to act on a decision: first time, or after the last lease lapsed or was given back.
-- name: take
UPDATE run SET state = 'RESUMING', fence = fence + 1, holder = :holder, lease_until = :lease_until,
    updated_at = :now
WHERE agent = :agent AND id = :id
    AND (state = 'HUMAN_RESPONDED' OR (state = 'RESUMING' AND (lease_until IS NULL OR lease_until <= :now)))
RETURNING agent, id, state, fence, holder, lease_until

-- name: extend
UPDATE run SET lease_until = :lease_until, updated_at = :now
WHERE agent = :agent AND id = :id AND state = 'RESUMING' AND fence = :fence AND holder IS NOT NULL
RETURNING agent, id, state, fence, holder, lease_until

-- name: give_back
UPDATE run SET holder = NULL, lease_until = NULL, updated_at = :now
WHERE agent = :agent AND id = :id AND state = 'RESUMING' AND fence = :fence
RETURNING agent, id, state, fence, holder, lease_until
