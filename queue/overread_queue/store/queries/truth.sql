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
