-- name: chart
SELECT state FROM chart WHERE kind = :kind AND subject = :subject

-- name: charts
SELECT subject, state FROM chart WHERE kind = :kind ORDER BY subject

-- name: keep_chart
INSERT INTO chart (kind, subject, state) VALUES (:kind, :subject, :state)
ON CONFLICT (kind, subject) DO UPDATE SET state = excluded.state

-- The next fact begins a new one.
-- name: drop_chart
DELETE FROM chart WHERE kind = :kind AND subject = :subject RETURNING subject

-- name: standing
SELECT * FROM alarm WHERE over_at IS NULL AND kind = :kind AND subject = :subject

-- name: standing_subjects
SELECT subject FROM alarm WHERE over_at IS NULL AND kind = :kind

-- name: all_standing
SELECT * FROM alarm WHERE over_at IS NULL

-- The latest first.
-- name: raised
SELECT * FROM alarm WHERE raised_at >= :since ORDER BY raised_at DESC, id DESC

-- name: get
SELECT * FROM alarm WHERE id = :id

-- name: raise
INSERT INTO alarm (id, kind, subject, raised_at, since, severe, says, n, observed, expected)
VALUES (:id, :kind, :subject, :raised_at, :since, :severe, :says, :n, :observed, :expected)

-- What was seen since: the figures of an alarm go on as long as it stands.
-- name: renew
UPDATE alarm SET says = :says, n = :n, observed = :observed WHERE id = :id AND over_at IS NULL

-- name: end
UPDATE alarm SET over_at = :now WHERE id = :id AND over_at IS NULL

-- name: acknowledge
UPDATE alarm SET acknowledged_at = :now, acknowledged_by = :by, note = :note
WHERE id = :id AND acknowledged_at IS NULL RETURNING id

-- What waits, the most pressing first. Blind tests are among it: a number without them would tell which they are.
-- name: waiting
SELECT pool, created_at, deadline_at FROM escalation
WHERE state IN ('WAITING', 'CLAIMED') AND deadline_at > :now AND kind = 'approval'
ORDER BY deadline_at LIMIT :most

-- What leads wrote; the alarm itself stays.
-- name: forget_notes
UPDATE alarm SET note = '' WHERE note <> '' AND acknowledged_at < :before RETURNING id
