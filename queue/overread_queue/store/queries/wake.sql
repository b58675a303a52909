-- Whoever writes it first has asked.
-- name: begin
INSERT INTO asking (runtime, gate, brief, checkpoint) VALUES (:runtime, :gate, :brief, :checkpoint)
ON CONFLICT DO NOTHING

-- name: begun
SELECT brief, checkpoint FROM asking WHERE runtime = :runtime AND gate = :gate

-- It was refused, or its answer was brought.
-- name: drop
DELETE FROM asking WHERE runtime = :runtime AND gate = :gate

-- The same gate again changes nothing.
-- name: add
INSERT INTO wake (escalation, runtime, gate, target, serial_key, batch_id, added_at)
VALUES (:escalation, :runtime, :gate, :target, :serial_key, :batch_id, :now)
ON CONFLICT DO NOTHING

-- name: get
SELECT * FROM wake WHERE escalation = :escalation

-- name: at_gate
SELECT * FROM wake WHERE runtime = :runtime AND gate = :gate

-- Nothing where something else waits at that gate already.
-- name: move
UPDATE OR IGNORE wake SET gate = :to WHERE runtime = :runtime AND gate = :gate

-- name: move_question
UPDATE OR IGNORE asking SET gate = :to WHERE runtime = :runtime AND gate = :gate

-- Oldest first.
-- name: open
SELECT * FROM wake WHERE runtime = :runtime AND ended IS NULL ORDER BY added_at, escalation

-- Answered together or not at all, whether or not some of it was delivered before.
-- name: of_batch
SELECT * FROM wake WHERE runtime = :runtime AND batch_id = :batch_id ORDER BY added_at, escalation

-- Whoever held it died, or sleeps for too long.
-- name: lapse
UPDATE wake SET owner = NULL, lease_until = NULL
WHERE runtime = :runtime AND serial_key = :serial_key AND owner IS NOT NULL AND lease_until <= :now

-- Nothing while anything of the same run is leased: that one goes first.
-- name: lease
UPDATE wake SET owner = :owner, lease_until = :until, fence = fence + 1, attempts = attempts + 1
WHERE escalation = :escalation AND ended IS NULL AND next_try_at <= :now AND NOT EXISTS (
    SELECT 1 FROM wake AS other
    WHERE other.runtime = wake.runtime AND other.serial_key = wake.serial_key AND other.owner IS NOT NULL
)
RETURNING *

-- Its question was put once more.
-- name: renew
UPDATE wake SET again = :again, attempts = 0, trouble = '' WHERE escalation = :escalation

-- name: extend
UPDATE wake SET lease_until = :until WHERE escalation = :escalation AND fence = :fence AND owner IS NOT NULL
RETURNING escalation

-- The runtime was seen to wait for this answer: if it waits no longer, it has had it.
-- name: seen
UPDATE wake SET seen_pending = 1 WHERE escalation = :escalation

-- name: later
UPDATE wake SET owner = NULL, lease_until = NULL, next_try_at = :next_try_at, trouble = :trouble
WHERE escalation = :escalation AND fence = :fence AND owner IS NOT NULL
RETURNING escalation

-- By whoever holds the lease, for the whole of its batch.
-- name: holds
SELECT 1 FROM wake WHERE escalation = :escalation AND fence = :fence AND owner IS NOT NULL

-- name: end
UPDATE wake SET ended = :ended, ended_at = :now, trouble = '', owner = NULL, lease_until = NULL
WHERE escalation = :escalation AND ended IS NULL
