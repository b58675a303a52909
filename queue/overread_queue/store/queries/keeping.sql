-- Closed for long enough, and not erased: the next ones by id. `usable_since` is when the youngest approval
-- was released that nobody may begin with any more; what is being acted on stays readable.
-- name: expired
SELECT e.id, e.agent, e.run,
    EXISTS (SELECT 1 FROM legal_hold AS h WHERE h.lifted_at IS NULL AND (h.kind, h.subject) IN
        (VALUES ('escalation', e.id), ('agent', e.agent), ('run', e.run))) AS held,
    EXISTS (SELECT 1 FROM delivery AS v JOIN decision AS d USING (escalation, attempt)
        WHERE v.escalation = e.id AND d.verdict IN ('approve', 'modify')
        AND (v.state = 'taken' OR (v.state = 'pending' AND d.released_at > :usable_since))) AS in_use
FROM escalation AS e JOIN payload AS p ON p.escalation = e.id
WHERE e.id > :after AND e.closed_at <= :before AND p.erased_at IS NULL
ORDER BY e.id LIMIT :most

-- name: holds_on
SELECT * FROM legal_hold WHERE lifted_at IS NULL
    AND (kind, subject) IN (VALUES ('escalation', :id), ('agent', :agent), ('run', :run))

-- name: holds
SELECT * FROM legal_hold ORDER BY at, rowid

-- name: add_hold
INSERT INTO legal_hold (id, kind, subject, at, by, reason) VALUES (:id, :kind, :subject, :now, :by, :reason)
ON CONFLICT (kind, subject) WHERE lifted_at IS NULL DO NOTHING RETURNING id

-- name: lift_hold
UPDATE legal_hold SET lifted_at = :now, lifted_by = :by
WHERE kind = :kind AND subject = :subject AND lifted_at IS NULL RETURNING id

-- name: erase_payload
UPDATE payload SET question = '', brief = NULL, checkpoint = NULL, triggers = '[]', edited_action = NULL,
    reason = NULL, erased_at = :now, erased_why = :why
WHERE escalation = :id AND erased_at IS NULL RETURNING escalation

-- name: erase_reviews
UPDATE review SET evidence = '[]', unmasked = '[]', parameters = NULL, reason = NULL WHERE escalation = :id

-- name: erase_comments
UPDATE comment SET text = 'erased' WHERE escalation = :id

-- name: erase_challenges
UPDATE challenge SET weakest = iif(weakest IS NULL, NULL, ''), missing = iif(missing IS NULL, NULL, ''),
    wrong_if = '', changed = '', boilerplate = NULL
WHERE escalation = :id

-- name: erase_opinions
UPDATE opinion SET edited_action = NULL, reason = '' WHERE escalation = :id

-- name: erase_truths
UPDATE truth SET note = '' WHERE escalation = :id

-- Tests that were made from it.
-- name: erase_probes
UPDATE probe SET body = NULL, explanation = '' WHERE source = :id

-- name: erase_outcomes
UPDATE delivery SET detail = NULL, trouble = NULL WHERE escalation = :id

-- name: erase_messages
UPDATE inbox SET body = x'', checkpoint = NULL, answer = '' WHERE escalation = :id

-- name: erase_proposals
UPDATE action SET inputs = NULL, parameters = NULL WHERE escalation = :id

-- name: erase_words
DELETE FROM words WHERE rowid = (SELECT seq FROM event WHERE escalation = :id AND kind = 'submitted')

-- Its words are taken out of the index at once, not only passed over. Kept with the index from then on.
-- name: delete_without_trace
INSERT INTO words (words, rank) VALUES ('secure-delete', 1)

-- The slow way to the same: the whole index is written anew, without what was passed over.
-- name: merge_words
INSERT INTO words (words) VALUES ('optimize')

-- Proposals that led to no question, and what was held against them.
-- name: old_proposals
SELECT a.id, EXISTS (SELECT 1 FROM legal_hold AS h
    WHERE h.lifted_at IS NULL AND h.kind = 'agent' AND h.subject = a.agent) AS held
FROM action AS a
WHERE a.escalation IS NULL AND a.proposed_at <= :before AND (a.inputs IS NOT NULL OR a.parameters IS NOT NULL)

-- name: erase_proposal
UPDATE action SET inputs = NULL, parameters = NULL WHERE id = :id

-- name: erase_objections
UPDATE objection SET reason = '' WHERE action = :id

-- Messages that led to no question: refused ones, which nothing else refers to.
-- name: old_messages
SELECT i.id, EXISTS (SELECT 1 FROM legal_hold AS h
    WHERE h.lifted_at IS NULL AND h.kind = 'agent' AND h.subject = i.agent) AS held
FROM inbox AS i
WHERE i.escalation IS NULL AND i.handled_at <= :before AND length(CAST(i.body AS BLOB)) > 0

-- name: erase_message
UPDATE inbox SET body = x'', checkpoint = NULL, answer = '' WHERE id = :id
