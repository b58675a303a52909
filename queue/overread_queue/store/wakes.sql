-- What an agent's runtime waits for, on the agent's own side: to which gate an answer belongs, and how
-- far it has come. `gate` is the runtime's own name of it. Nothing here is needed to verify an answer, and losing it loses no decision.

CREATE TABLE wake (
    escalation TEXT PRIMARY KEY,
    again TEXT UNIQUE,
    runtime TEXT NOT NULL,
    gate TEXT NOT NULL,
    target TEXT NOT NULL,
    serial_key TEXT NOT NULL,
    batch_id TEXT,
    added_at INTEGER NOT NULL,
    seen_pending INTEGER NOT NULL DEFAULT 0 CHECK (seen_pending IN (0, 1)),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0,
    trouble TEXT NOT NULL DEFAULT '',
    owner TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    ended_at INTEGER,
    ended TEXT CHECK (ended IN ('delivered', 'superseded')),
    UNIQUE (runtime, gate),
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CHECK ((ended IS NULL) = (ended_at IS NULL)),
    CHECK (ended IS NULL OR owner IS NULL)
) STRICT;

-- What is asked at a gate, from before it is handed in until its answer was brought: after a crash it is handed in as it was,
-- so that it is the same question, and once more where its approval ran out before it could be brought.
CREATE TABLE asking (
    runtime TEXT NOT NULL,
    gate TEXT NOT NULL,
    brief BLOB NOT NULL,
    checkpoint TEXT,
    PRIMARY KEY (runtime, gate)
) STRICT, WITHOUT ROWID;

-- One run of a runtime has one live resume.
CREATE UNIQUE INDEX wake_serial ON wake (runtime, serial_key) WHERE owner IS NOT NULL;
CREATE INDEX wake_open ON wake (runtime, added_at) WHERE ended IS NULL;
CREATE INDEX wake_batch ON wake (runtime, batch_id) WHERE batch_id IS NOT NULL;
