-- name: add
INSERT INTO work (day, pool, action_type, kind, tier, items, reviews, active_ms)
VALUES (:day, :pool, :action_type, :kind, :tier, :items, :reviews, :active_ms)
ON CONFLICT DO UPDATE SET items = items + excluded.items, reviews = reviews + excluded.reviews,
    active_ms = active_ms + excluded.active_ms

-- name: between
SELECT pool, action_type, kind, tier, sum(items) AS items, sum(reviews) AS reviews, sum(active_ms) AS active_ms
FROM work WHERE day BETWEEN :first AND :last
GROUP BY pool, action_type, kind, tier ORDER BY pool, action_type, kind, tier

-- Days on which anything came in.
-- name: days
SELECT count(DISTINCT day) AS days FROM work WHERE items > 0 AND day BETWEEN :first AND :last
