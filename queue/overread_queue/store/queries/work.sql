-- name: add
INSERT INTO work (day, pool, action_type, kind, tier, items, reviews, active_ms)
VALUES (:day, :pool, :action_type, :kind, :tier, :items, :reviews, :active_ms)
ON CONFLICT DO UPDATE SET items = items + excluded.items, reviews = reviews + excluded.reviews,
    active_ms = active_ms + excluded.active_ms

-- With what is open and no figure tells of yet, blind tests among it.
-- name: between
SELECT pool, action_type, kind, tier, sum(items) AS items, sum(reviews) AS reviews, sum(active_ms) AS active_ms
FROM (
    SELECT pool, action_type, kind, tier, items, reviews, active_ms FROM work WHERE day BETWEEN :first AND :last
    UNION ALL
    SELECT pool, action_type, kind, tier, 1, 0, 0 FROM escalation
    WHERE state IN ('WAITING', 'CLAIMED', 'HELD') AND tier = 'hard_approval' AND timeouts = 0
        AND created_at / 86400000 BETWEEN :first AND :last
)
GROUP BY pool, action_type, kind, tier ORDER BY pool, action_type, kind, tier

-- Days on which anything came in.
-- name: days
SELECT count(*) AS days FROM (
    SELECT day FROM work WHERE items > 0 AND day BETWEEN :first AND :last
    UNION
    SELECT created_at / 86400000 FROM escalation
    WHERE state IN ('WAITING', 'CLAIMED', 'HELD') AND tier = 'hard_approval' AND timeouts = 0
        AND created_at / 86400000 BETWEEN :first AND :last
)
