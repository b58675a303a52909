-- name: source
SELECT file FROM pragma_database_list WHERE name = 'main'

-- name: number_from
INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', :after)

-- The whole schema, to be compared with the one that this table was made with.
-- name: shape
SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name

-- name: add
INSERT INTO inbox (kind, agent, key, body, checkpoint, signature, name, ticket, predecessor, proposal)
VALUES (:kind, :agent, :key, :body, :checkpoint, :signature, :name, :ticket, :predecessor, :proposal)

-- What this sender has handed in under a key before; a few tries are enough to find one that was not refused.
-- name: by_key
SELECT kind, CAST(key AS BLOB) AS key, CAST(body AS BLOB) AS body, CAST(checkpoint AS BLOB) AS checkpoint,
    CAST(ticket AS BLOB) AS ticket, CAST(predecessor AS BLOB) AS predecessor
FROM inbox WHERE agent = :agent AND key = :key AND kind IN ('submit', 'revise') AND ticket IS NOT NULL
ORDER BY id DESC LIMIT 20

-- name: by_ticket
SELECT kind, CAST(key AS BLOB) AS key, CAST(body AS BLOB) AS body, CAST(checkpoint AS BLOB) AS checkpoint,
    CAST(ticket AS BLOB) AS ticket, CAST(predecessor AS BLOB) AS predecessor
FROM inbox WHERE ticket = :ticket AND agent = :agent ORDER BY id LIMIT 1

-- As bytes with their type, and nothing that is too large: one hostile row must not keep the others from being read.
-- name: after
SELECT id, CAST(kind AS BLOB) AS kind, CAST(agent AS BLOB) AS agent, CAST(key AS BLOB) AS key,
    typeof(body) AS body_type, CAST(body AS BLOB) AS body,
    typeof(checkpoint) AS checkpoint_type, CAST(checkpoint AS BLOB) AS checkpoint,
    CAST(signature AS BLOB) AS signature, CAST(name AS BLOB) AS name, CAST(ticket AS BLOB) AS ticket,
    CAST(predecessor AS BLOB) AS predecessor, CAST(proposal AS BLOB) AS proposal
FROM inbox WHERE id > :after AND id <= :upto ORDER BY id LIMIT :most

-- Whatever a file may claim of them: sizes are read from the rows' headers, before their content is.
-- name: sizes
SELECT id, coalesce(octet_length(kind), 0) + coalesce(octet_length(agent), 0) + coalesce(octet_length(key), 0)
    + coalesce(octet_length(body), 0) + coalesce(octet_length(checkpoint), 0) + coalesce(octet_length(signature), 0)
    + coalesce(octet_length(name), 0) + coalesce(octet_length(ticket), 0)
    + coalesce(octet_length(predecessor), 0) + coalesce(octet_length(proposal), 0) AS bytes
FROM inbox WHERE id > :after ORDER BY id LIMIT :most
