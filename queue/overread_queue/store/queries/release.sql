-- name: add_release
INSERT INTO probe_release (sort, hour) VALUES (:sort, :hour) RETURNING id

-- name: add_figure
INSERT INTO probe_figure (release, cut, part, n, caught) VALUES (:release, :cut, :part, :n, :caught)

-- Everything that was ever told, in the order in which it was.
-- name: figures
SELECT r.id AS release, r.hour, f.cut, f.part, f.n, f.caught
FROM probe_release AS r JOIN probe_figure AS f ON f.release = r.id WHERE r.sort = :sort
ORDER BY r.id, f.cut, f.part

-- name: last_told
SELECT f.cut, max(f.release) AS release FROM probe_figure AS f JOIN probe_release AS r ON r.id = f.release
WHERE r.sort = :sort GROUP BY f.cut

-- Sorts of tests of which there is enough that is new, and nothing that came in this hour.
-- name: grown
SELECT r.sort FROM probe_result AS r GROUP BY r.sort
HAVING max(r.hour = :hour) = 0 AND count(*) >= :least + coalesce((
    SELECT max(f.n) FROM probe_figure AS f JOIN probe_release AS p ON p.id = f.release
    WHERE p.sort = r.sort AND f.cut = 'all'), 0)
