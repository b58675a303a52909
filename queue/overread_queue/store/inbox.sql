-- What agents of other users may write, and nobody believes. `INSERT INTO inbox (agent, key, body)` is enough for a
-- brief; its answer is a file in the outbox. `name` and `ticket` are made by the sender: they name the message, and
-- the escalation that it becomes.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL DEFAULT 'submit',
    agent TEXT NOT NULL,
    key TEXT NOT NULL,
    body ANY NOT NULL,
    checkpoint ANY,
    signature ANY,
    name TEXT,
    ticket TEXT,
    predecessor TEXT,
    proposal TEXT
) STRICT;

CREATE INDEX inbox_key ON inbox (agent, key);
CREATE INDEX inbox_ticket ON inbox (ticket) WHERE ticket IS NOT NULL;
