-- Where a lead took an approval out of other people's hands, and where another lead has looked at that since.
-- name: told
SELECT e.kind, e.escalation, e.actor, e.at, coalesce(p.question, '') AS question
FROM event AS e LEFT JOIN payload AS p ON p.escalation = e.escalation
WHERE e.kind IN ('glass_broken', 'glass_seen') AND e.escalation IS NOT NULL ORDER BY e.seq
