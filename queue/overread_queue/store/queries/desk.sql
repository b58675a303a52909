-- name: identity
SELECT id FROM desk

-- name: add_identity
INSERT INTO desk (id, created_at) VALUES (:id, :now)

-- name: add_policy
INSERT INTO policy (sha256, body, seen_at) VALUES (:sha256, :body, :now) ON CONFLICT (sha256) DO NOTHING

-- name: session
SELECT * FROM session WHERE id = :id

-- name: open_session
SELECT * FROM session WHERE reviewer = :reviewer AND ended_at IS NULL

-- name: open_sessions
SELECT count(*) AS sessions FROM session WHERE ended_at IS NULL

-- With the pause since this reviewer's last one; a clock that went back makes none.
-- name: add_session
INSERT INTO session (id, reviewer, started_at, expected_seconds, break_ms)
SELECT :id, :reviewer, :now, 0, max(0, :now - max(ended_at)) FROM session
WHERE reviewer = :reviewer AND ended_at IS NOT NULL

-- name: grow_session
UPDATE session SET expected_seconds = expected_seconds + :seconds WHERE id = :id AND ended_at IS NULL

-- name: end_session
UPDATE session SET ended_at = :now WHERE id = :id AND ended_at IS NULL RETURNING id

-- name: comments
SELECT author, at, text FROM comment WHERE escalation = :escalation ORDER BY at, id

-- name: add_comment
INSERT INTO comment (id, escalation, author, at, text) VALUES (:id, :escalation, :author, :now, :text)

-- As bytes with their type: text that is not UTF-8 must not keep the other rows from being read.
-- name: new_messages
SELECT id, kind, CAST(agent AS BLOB) AS agent, CAST(key AS BLOB) AS key,
    typeof(body) AS body_type, CAST(body AS BLOB) AS body,
    typeof(checkpoint) AS checkpoint_type, CAST(checkpoint AS BLOB) AS checkpoint,
    CAST(signature AS BLOB) AS signature, name, ticket, predecessor, proposal, source
FROM inbox WHERE state = 'new' AND id > :after ORDER BY id LIMIT :most

-- name: answer_message
UPDATE inbox SET state = :state, escalation = :escalation, answer = :answer, paper = :paper, handled_at = :now
WHERE id = :id AND state = 'new' RETURNING id
