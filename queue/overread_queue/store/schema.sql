-- One desk. Ids are UUIDv7 text, times are UTC milliseconds, digests are lower-case hex.
-- The tables repeat the state machines' invariants, so that a slip in a program is refused here.

CREATE TABLE desk (
    id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

-- Every policy version that ever decided a tier, so that the tier can be re-derived.
CREATE TABLE policy (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    body BLOB NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- An agent's workflow. `holder` is the escalation whose decision is being acted on.
CREATE TABLE run (
    agent TEXT NOT NULL CHECK (length(agent) BETWEEN 1 AND 128 AND agent NOT GLOB '*[^A-Za-z0-9._:/@+-]*'),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 128 AND id NOT GLOB '*[^A-Za-z0-9._:/@+-]*'),
    state TEXT NOT NULL CHECK (state IN (
        'RUNNING', 'PAUSED_PENDING_HUMAN', 'HUMAN_RESPONDED', 'RESUMING', 'COMPLETED', 'FAILED', 'TIMED_OUT'
    )),
    fence INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),
    holder TEXT,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (agent, id),
    CHECK ((holder IS NULL) = (lease_until IS NULL)),
    CHECK (holder IS NULL OR state = 'RESUMING')
) STRICT;

-- The moves of states.py once more, so that no other program makes one that does not exist.
CREATE TRIGGER run_moves BEFORE UPDATE OF state ON run
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
    'RUNNING>PAUSED_PENDING_HUMAN', 'RUNNING>COMPLETED', 'RUNNING>FAILED',
    'PAUSED_PENDING_HUMAN>HUMAN_RESPONDED', 'PAUSED_PENDING_HUMAN>TIMED_OUT',
    'TIMED_OUT>PAUSED_PENDING_HUMAN', 'TIMED_OUT>HUMAN_RESPONDED', 'TIMED_OUT>FAILED',
    'HUMAN_RESPONDED>RESUMING',
    'RESUMING>PAUSED_PENDING_HUMAN', 'RESUMING>COMPLETED', 'RESUMING>FAILED'
)
BEGIN SELECT RAISE(ABORT, 'a run does not make this move'); END;

CREATE TRIGGER run_is_final BEFORE UPDATE OF state ON run
WHEN OLD.state IN ('COMPLETED', 'FAILED') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a finished run never changes'); END;

-- The queue itself, narrow: what is ordered, counted and guarded. Bodies live in `payload`.
CREATE TABLE escalation (
    id TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    run TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 128 AND key NOT GLOB '*[^A-Za-z0-9._:/@+-]*'),
    attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    state TEXT NOT NULL CHECK (state IN (
        'WAITING', 'CLAIMED', 'HELD', 'DECIDED', 'TIMED_OUT', 'WITHDRAWN', 'SUPERSEDED'
    )),
    kind TEXT NOT NULL CHECK (kind IN ('approval', 'soft_review', 'audit')),
    tier TEXT NOT NULL CHECK (tier IN ('autonomous', 'notify', 'soft_review', 'hard_approval', 'hard_stop')),
    severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5),
    pool TEXT NOT NULL,
    action_type TEXT NOT NULL,
    brief_sha256 TEXT NOT NULL CHECK (length(brief_sha256) = 64),
    action_sha256 TEXT NOT NULL CHECK (length(action_sha256) = 64),
    policy_sha256 TEXT NOT NULL REFERENCES policy (sha256),
    predecessor TEXT REFERENCES escalation (id),
    created_at INTEGER NOT NULL,
    sla_ms INTEGER NOT NULL CHECK (sla_ms > 0),
    deadline_at INTEGER NOT NULL,
    claimable_at INTEGER NOT NULL,
    promote_at INTEGER,
    expected_seconds INTEGER NOT NULL CHECK (expected_seconds >= 0),
    stake INTEGER NOT NULL CHECK (stake > 0),
    timeouts INTEGER NOT NULL DEFAULT 0,
    hops INTEGER NOT NULL DEFAULT 0,
    reviewer TEXT,
    session TEXT,
    fence INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),
    lease_until INTEGER,
    held_until INTEGER,
    closed_at INTEGER,
    UNIQUE (agent, key),
    FOREIGN KEY (agent, run) REFERENCES run (agent, id),
    CHECK ((kind = 'approval') = (tier IN ('hard_approval', 'hard_stop'))),
    CHECK ((state IN ('CLAIMED', 'HELD')) = (reviewer IS NOT NULL)),
    CHECK ((reviewer IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'HELD') = (held_until IS NOT NULL)),
    CHECK ((state IN ('DECIDED', 'TIMED_OUT', 'WITHDRAWN', 'SUPERSEDED')) = (closed_at IS NOT NULL))
) STRICT;

CREATE INDEX escalation_waiting ON escalation (pool, severity, deadline_at) WHERE state = 'WAITING';
CREATE INDEX escalation_promote ON escalation (promote_at) WHERE state IN ('WAITING', 'CLAIMED');
CREATE INDEX escalation_depth ON escalation (pool, expected_seconds, kind)
    WHERE state IN ('WAITING', 'CLAIMED', 'HELD');
CREATE INDEX escalation_leased ON escalation (lease_until) WHERE state IN ('CLAIMED', 'HELD');
CREATE INDEX escalation_due ON escalation (deadline_at) WHERE state IN ('WAITING', 'CLAIMED');
CREATE INDEX escalation_run ON escalation (agent, run);
CREATE INDEX escalation_closed ON escalation (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX escalation_withdrawn ON escalation (id) WHERE state = 'WITHDRAWN';
CREATE UNIQUE INDEX escalation_successor ON escalation (predecessor) WHERE predecessor IS NOT NULL;

CREATE TRIGGER escalation_moves BEFORE UPDATE OF state ON escalation
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
    'WAITING>CLAIMED', 'WAITING>TIMED_OUT', 'WAITING>WITHDRAWN', 'WAITING>SUPERSEDED',
    'CLAIMED>WAITING', 'CLAIMED>HELD', 'CLAIMED>DECIDED',
    'CLAIMED>TIMED_OUT', 'CLAIMED>WITHDRAWN', 'CLAIMED>SUPERSEDED',
    'HELD>CLAIMED', 'HELD>WAITING', 'HELD>DECIDED'
)
BEGIN SELECT RAISE(ABORT, 'an escalation does not make this move'); END;

CREATE TRIGGER escalation_is_final BEFORE UPDATE OF state ON escalation
WHEN OLD.closed_at IS NOT NULL AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a closed escalation never changes'); END;

-- Every proposal, whether or not it came to a person; `inputs` are what the policy judged it by, and
-- `parameters` what would be executed; both may be erased. `asked` came with a brief: somebody looks anyway.
CREATE TABLE action (
    id TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    action_type TEXT NOT NULL,
    action_sha256 TEXT NOT NULL CHECK (length(action_sha256) = 64),
    policy_sha256 TEXT NOT NULL REFERENCES policy (sha256),
    tier TEXT NOT NULL CHECK (tier IN ('autonomous', 'notify', 'soft_review', 'hard_approval', 'hard_stop')),
    rules TEXT NOT NULL,
    inputs TEXT,
    parameters TEXT,
    agent_version TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    asked INTEGER NOT NULL CHECK (asked IN (0, 1)),
    escalation TEXT REFERENCES escalation (id) DEFERRABLE INITIALLY DEFERRED,
    probability REAL CHECK (probability BETWEEN 0 AND 1),
    sampled INTEGER CHECK (sampled IN (0, 1)),
    CHECK ((probability IS NULL) = (sampled IS NULL)),
    CHECK (asked = 0 OR sampled IS NULL)
) STRICT;

CREATE INDEX action_undrawn ON action (id) WHERE tier = 'autonomous' AND asked = 0 AND sampled IS NULL;
CREATE INDEX action_notice ON action (id) WHERE tier = 'notify' AND asked = 0;
CREATE INDEX action_agent ON action (agent, agent_version, proposed_at);
CREATE INDEX action_proposed ON action (proposed_at);
CREATE INDEX action_escalation ON action (escalation) WHERE escalation IS NOT NULL;

-- What reviewers hold against actions that agents took and only told of.
CREATE TABLE objection (
    action TEXT NOT NULL REFERENCES action (id),
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (action, reviewer)
) STRICT;

-- Bodies that may be erased: the exact bytes that were digested, and what people wrote.
CREATE TABLE payload (
    escalation TEXT PRIMARY KEY REFERENCES escalation (id),
    question TEXT NOT NULL,
    brief BLOB,
    checkpoint BLOB,
    triggers TEXT NOT NULL,
    signature BLOB,
    edited_action BLOB,
    reason TEXT,
    erased_at INTEGER,
    erased_why TEXT,
    CHECK (erased_at IS NULL OR coalesce(brief, checkpoint, edited_action, reason) IS NULL)
) STRICT;

CREATE TRIGGER payload_brief_is_fixed BEFORE UPDATE OF brief ON payload
WHEN NEW.brief IS NOT NULL AND NEW.brief IS NOT OLD.brief
BEGIN SELECT RAISE(ABORT, 'received bytes are never changed'); END;

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    reviewer TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    expected_seconds INTEGER NOT NULL,
    active_ms INTEGER NOT NULL DEFAULT 0 CHECK (active_ms >= 0),
    break_ms INTEGER CHECK (break_ms >= 0)
) STRICT;

CREATE UNIQUE INDEX session_open ON session (reviewer) WHERE ended_at IS NULL;
CREATE INDEX session_reviewer ON session (reviewer, ended_at) WHERE ended_at IS NOT NULL;

-- One person's look at one escalation. `outcome` is how the look ended. Like all that blind tests are taken out
-- of again, it has no rowid, whose gaps would tell where they were.
CREATE TABLE review (
    id TEXT PRIMARY KEY,
    escalation TEXT NOT NULL REFERENCES escalation (id),
    attempt INTEGER NOT NULL,
    session TEXT REFERENCES session (id),
    reviewer TEXT NOT NULL,
    fence INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    active_ms INTEGER NOT NULL DEFAULT 0 CHECK (active_ms >= 0),
    focus_lost INTEGER NOT NULL DEFAULT 0,
    evidence TEXT NOT NULL DEFAULT '[]',
    unmasked TEXT NOT NULL DEFAULT '[]',
    outcome TEXT,
    option TEXT,
    parameters TEXT,
    reason TEXT,
    withheld TEXT CHECK (withheld IN ('policy', 'drawn')),
    withhold_probability REAL CHECK (withhold_probability BETWEEN 0 AND 1),
    undone INTEGER NOT NULL DEFAULT 0,
    CHECK ((outcome IS NULL) = (closed_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX review_escalation ON review (escalation, reviewer, attempt, fence);
CREATE INDEX review_reviewer ON review (reviewer, opened_at);
CREATE INDEX review_session ON review (session);

-- A reviewer's first judgement where the recommendation is withheld: committed before it is shown, and signed.
CREATE TABLE judgement (
    escalation TEXT NOT NULL REFERENCES escalation (id),
    attempt INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    option TEXT NOT NULL,
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    at INTEGER NOT NULL,
    active_ms INTEGER NOT NULL CHECK (active_ms >= 0),
    revealed_at INTEGER,
    signature BLOB NOT NULL,
    PRIMARY KEY (escalation, attempt, reviewer)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER judgement_is_fixed BEFORE UPDATE OF option, confidence, at, active_ms, signature ON judgement
BEGIN SELECT RAISE(ABORT, 'a first judgement is never changed'); END;
CREATE TRIGGER judgement_is_revealed_once BEFORE UPDATE OF revealed_at ON judgement
WHEN OLD.revealed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a recommendation is revealed once'); END;
CREATE TRIGGER judgement_stays BEFORE DELETE ON judgement
WHEN NOT EXISTS (SELECT 1 FROM probe WHERE escalation = OLD.escalation)
    OR EXISTS (SELECT 1 FROM event WHERE escalation = OLD.escalation)
BEGIN SELECT RAISE(ABORT, 'a first judgement is never removed'); END;

-- What a reviewer held against their own approval. `boilerplate` says why it may be worth nothing.
CREATE TABLE challenge (
    escalation TEXT NOT NULL REFERENCES escalation (id),
    attempt INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL,
    weakest TEXT,
    missing TEXT,
    wrong_if TEXT NOT NULL,
    changed TEXT NOT NULL,
    boilerplate TEXT,
    signature BLOB NOT NULL,
    PRIMARY KEY (escalation, attempt, reviewer),
    CHECK ((weakest IS NULL) <> (missing IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_reviewer ON challenge (reviewer, at);

-- One of the opinions that dual control asks for, signed in a namespace of its own: no decision.
CREATE TABLE opinion (
    escalation TEXT NOT NULL REFERENCES escalation (id),
    attempt INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'modify', 'reject')),
    at INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    signature BLOB NOT NULL,
    edited_action BLOB,
    reason TEXT NOT NULL,
    PRIMARY KEY (escalation, attempt, reviewer)
) STRICT;

CREATE INDEX opinion_at ON opinion (at);

CREATE TRIGGER opinion_is_fixed BEFORE UPDATE OF envelope, signature ON opinion
BEGIN SELECT RAISE(ABORT, 'an opinion is never changed'); END;
CREATE TRIGGER opinion_stays BEFORE DELETE ON opinion
BEGIN SELECT RAISE(ABORT, 'an opinion is never removed'); END;

-- What was stopped, in words: one agent, or the whole desk where `agent` is null. Whether it still is, the
-- events `halted` and `halt_lifted` say, the latter with a lead's signature: no row lifts anything.
CREATE TABLE halt (
    id TEXT PRIMARY KEY,
    agent TEXT,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    lifted_at INTEGER,
    lifted_by TEXT,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX halt_open ON halt (coalesce(agent, '')) WHERE lifted_at IS NULL;

CREATE TRIGGER halt_stays BEFORE DELETE ON halt
BEGIN SELECT RAISE(ABORT, 'a halt is never removed'); END;

-- Signed envelopes. The signature is the decision; the state column is a convenience.
CREATE TABLE decision (
    escalation TEXT NOT NULL REFERENCES escalation (id),
    attempt INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN (
        'approve', 'modify', 'reject', 'need_info', 'taken_over', 'timed_out', 'withdrawn'
    )),
    option TEXT NOT NULL,
    signer TEXT NOT NULL,
    nonce TEXT NOT NULL UNIQUE,
    envelope BLOB NOT NULL,
    signature BLOB NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (escalation, attempt)
) STRICT;

CREATE TRIGGER decision_is_fixed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;

-- What the agent did with a decision. `fence` is the run's when it was taken last; `tries` and `trouble` tell of
-- whoever could not bring it to the agent's runtime.
CREATE TABLE delivery (
    escalation TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'taken', 'done', 'failed')),
    taken_at INTEGER,
    fence INTEGER,
    done_at INTEGER,
    outcome TEXT CHECK (outcome IN ('ok', 'failed')),
    reported_at INTEGER,
    detail TEXT,
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    trouble TEXT,
    PRIMARY KEY (escalation, attempt),
    FOREIGN KEY (escalation, attempt) REFERENCES decision (escalation, attempt)
) STRICT;

CREATE INDEX delivery_open ON delivery (escalation) WHERE state IN ('pending', 'taken');

CREATE TABLE comment (
    id TEXT PRIMARY KEY,
    escalation TEXT NOT NULL REFERENCES escalation (id),
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000)
) STRICT, WITHOUT ROWID;

CREATE INDEX comment_escalation ON comment (escalation, at);

-- The any-language entrance: INSERT (agent, key, body) and read `state` and `answer` back.
-- Nothing here is believed; intake reads each row once. On the desk of a mailbox these are the copies that it made:
-- `source` is the row they came from, `name` the sender's, `paper` the answer that goes into the outbox.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL DEFAULT 'submit' CHECK (kind IN (
        'submit', 'revise', 'withdraw', 'propose', 'take', 'finish', 'end', 'acknowledge', 'outcome', 'rolled_back',
        'undelivered', 'refused', 'unreadable'
    )),
    agent TEXT NOT NULL,
    key TEXT NOT NULL,
    body ANY NOT NULL,
    checkpoint ANY,
    signature ANY,
    name TEXT,
    ticket TEXT,
    predecessor TEXT,
    proposal TEXT,
    source INTEGER UNIQUE,
    paper TEXT,
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'accepted', 'rejected')),
    escalation TEXT,
    answer TEXT,
    handled_at INTEGER
) STRICT;

CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_untold ON inbox (id) WHERE paper IS NOT NULL AND told = 0;
CREATE INDEX inbox_name ON inbox (agent, name) WHERE name IS NOT NULL;
CREATE INDEX inbox_escalation ON inbox (escalation) WHERE escalation IS NOT NULL;

-- How far the papers in a mailbox's outbox have come: the last event that they tell of.
CREATE TABLE outbox (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;

-- The chain: every event's hash covers the one before it.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    agent TEXT,
    run TEXT,
    escalation TEXT,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL CHECK (length(previous) = 64),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX event_escalation ON event (escalation) WHERE escalation IS NOT NULL;
CREATE INDEX event_glass ON event (kind) WHERE kind IN ('glass_broken', 'glass_seen');
CREATE INDEX event_stop ON event (kind)
    WHERE kind IN ('halted', 'halt_lifted', 'breaker_opened', 'breaker_lifted');
CREATE INDEX event_rotation ON event (kind) WHERE kind = 'audit_key_rotated';

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;
CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;

-- Signed heads of the chain, each in the transaction of what it covers. The copies that count are in a
-- file that agents cannot write: whoever can write here can plant rows, so nothing is looked up by `seq`.
CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    line BLOB NOT NULL
) STRICT;

CREATE TRIGGER checkpoint_is_fixed BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never removed'); END;

-- What is kept whatever the policy's retention says; open until a lead lifts it.
CREATE TABLE legal_hold (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('escalation', 'agent', 'run')),
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    lifted_at INTEGER,
    lifted_by TEXT,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX legal_hold_open ON legal_hold (kind, subject) WHERE lifted_at IS NULL;

-- ---- Oversight's health: how far the chain was read, and what it added up to.

CREATE TABLE followed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;

-- Events that were read and that no figure tells of yet. A blind test has none, so figures that moved with every
-- real question would tell which ones are real while people have them before them.
CREATE TABLE withheld (
    seq INTEGER PRIMARY KEY REFERENCES event (seq)
) STRICT;

-- What happened on one UTC day (counted from 1970) in one part of the desk, by how it turned out and, where it
-- took time, by how long: `bucket` is the duration's logarithm, `total` the milliseconds of all `items` together.
CREATE TABLE tally (
    what TEXT NOT NULL,
    cut TEXT NOT NULL CHECK (cut IN ('', 'action_type', 'tier', 'pool', 'state')),
    day INTEGER NOT NULL,
    part TEXT NOT NULL,
    mark TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    items INTEGER NOT NULL CHECK (items > 0),
    total INTEGER NOT NULL,
    PRIMARY KEY (what, cut, day, part, mark, bucket),
    CHECK ((cut = '') = (part = ''))
) STRICT, WITHOUT ROWID;

-- What came to a pool on one UTC day (counted from 1970), by sort, and how much of it was reviewed: what
-- staffing is reckoned from.
CREATE TABLE work (
    day INTEGER NOT NULL,
    pool TEXT NOT NULL,
    action_type TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('approval', 'soft_review', 'audit')),
    tier TEXT NOT NULL CHECK (tier IN ('autonomous', 'notify', 'soft_review', 'hard_approval', 'hard_stop')),
    items INTEGER NOT NULL CHECK (items >= 0),
    reviews INTEGER NOT NULL CHECK (reviews >= 0),
    active_ms INTEGER NOT NULL CHECK (active_ms >= 0),
    PRIMARY KEY (day, pool, action_type, kind, tier)
) STRICT, WITHOUT ROWID;

-- ---- Alarms, and the charts that raise them.

-- Where each chart stands, moved in the transaction that moves the reader of the chain. What charts learn
-- and drop are events.
CREATE TABLE chart (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
        'escalation_drift', 'override_collapse', 'fast_approvals', 'speeding_up', 'breach_forecast', 'depth',
        'new_version', 'missed_tests'
    )),
    subject TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    severe INTEGER NOT NULL CHECK (severe IN (0, 1)),
    says TEXT NOT NULL,
    n INTEGER NOT NULL CHECK (n >= 0),
    observed REAL,
    expected REAL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    note TEXT NOT NULL DEFAULT '',
    over_at INTEGER,
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX alarm_standing ON alarm (kind, subject) WHERE over_at IS NULL;
CREATE INDEX alarm_raised ON alarm (raised_at);

CREATE TRIGGER alarm_stays BEFORE DELETE ON alarm
BEGIN SELECT RAISE(ABORT, 'an alarm is never removed'); END;

-- ---- The truth about closed items.

-- Whether what an agent proposed was right, and how that is known. A later word of the same source takes the
-- place of the earlier one, which stays beside it.
CREATE TABLE truth (
    id INTEGER PRIMARY KEY,
    escalation TEXT NOT NULL REFERENCES escalation (id),
    truth TEXT NOT NULL CHECK (truth IN ('right', 'wrong')),
    source TEXT NOT NULL CHECK (source IN ('outcome', 'audit', 'second_reading')),
    harmful INTEGER NOT NULL CHECK (harmful IN (0, 1)),
    loss REAL CHECK (loss >= 0),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    note TEXT NOT NULL,
    CHECK (truth = 'wrong' OR (harmful = 0 AND loss IS NULL))
) STRICT;

CREATE INDEX truth_escalation ON truth (escalation, source, id);
CREATE INDEX truth_at ON truth (at);

CREATE TRIGGER truth_is_fixed BEFORE UPDATE OF id, escalation, truth, source, harmful, loss, at, by ON truth
BEGIN SELECT RAISE(ABORT, 'a word on the truth is never changed'); END;
CREATE TRIGGER truth_stays BEFORE DELETE ON truth
BEGIN SELECT RAISE(ABORT, 'a word on the truth is never removed'); END;

-- ---- Blind tests.

-- A closed item's brief with a mistake put into it, or as it was, that may be put among real work. While it is,
-- `escalation` names the row that people see; `answer` and `load` are what came of it, until it is folded.
CREATE TABLE probe (
    id TEXT PRIMARY KEY,
    sort TEXT NOT NULL CHECK (sort IN ('wrong', 'good')),
    mutation TEXT NOT NULL,
    explanation TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES escalation (id),
    action_type TEXT NOT NULL,
    body BLOB,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    checked_at INTEGER,
    checked_by TEXT,
    realistic INTEGER CHECK (realistic IN (0, 1)),
    retired_at INTEGER,
    escalation TEXT REFERENCES escalation (id) DEFERRABLE INITIALLY DEFERRED,
    answer TEXT,
    load TEXT CHECK (load IN ('light', 'heavy')),
    CHECK ((checked_at IS NULL) = (checked_by IS NULL) AND (checked_at IS NULL) = (realistic IS NULL)),
    CHECK (escalation IS NOT NULL OR answer IS NULL),
    CHECK ((answer IS NULL) = (load IS NULL))
) STRICT;

CREATE UNIQUE INDEX probe_live ON probe (escalation) WHERE escalation IS NOT NULL;
CREATE INDEX probe_source ON probe (source);

-- A live probe has neither events nor signatures. A real question always has an event, so no row that somebody
-- plants here passes one off as a test.
CREATE TRIGGER decision_on_real_work BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM probe WHERE escalation = NEW.escalation)
    AND NOT EXISTS (SELECT 1 FROM event WHERE escalation = NEW.escalation)
BEGIN SELECT RAISE(ABORT, 'a blind test is never decided'); END;
CREATE TRIGGER opinion_on_real_work BEFORE INSERT ON opinion
WHEN EXISTS (SELECT 1 FROM probe WHERE escalation = NEW.escalation)
    AND NOT EXISTS (SELECT 1 FROM event WHERE escalation = NEW.escalation)
BEGIN SELECT RAISE(ABORT, 'a blind test is never decided'); END;

-- How far the arrivals of real work were drawn for.
CREATE TABLE probe_draw (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;

-- The rest is kept without rowids, so that neither an order nor a gap tells when something came. Marks are
-- keyed digests: nobody reads a name off them without the desk's key, which is not in this file.

-- Who has met which probe.
CREATE TABLE probe_seen (
    mark TEXT PRIMARY KEY CHECK (length(mark) = 64)
) STRICT, WITHOUT ROWID;

-- What folded tests took of somebody's UTC day.
CREATE TABLE probe_load (
    day INTEGER NOT NULL,
    mark TEXT NOT NULL CHECK (length(mark) = 64),
    items INTEGER NOT NULL CHECK (items >= 0),
    active_ms INTEGER NOT NULL CHECK (active_ms >= 0),
    PRIMARY KEY (day, mark)
) STRICT, WITHOUT ROWID;

-- What came of tests: no person, no escalation, no probe. `id` is random, `hour` the UTC hour of the folding.
CREATE TABLE probe_result (
    id TEXT PRIMARY KEY CHECK (length(id) = 32),
    sort TEXT NOT NULL CHECK (sort IN ('wrong', 'good')),
    mutation TEXT NOT NULL,
    action_type TEXT NOT NULL,
    tier TEXT NOT NULL,
    pool TEXT NOT NULL,
    answer TEXT NOT NULL,
    caught INTEGER NOT NULL CHECK (caught IN (0, 1)),
    confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),
    load TEXT NOT NULL CHECK (load IN ('light', 'heavy')),
    minutes TEXT NOT NULL CHECK (minutes IN ('first', 'later')),
    hour INTEGER NOT NULL CHECK (hour % 3600000 = 0),
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Answers to whether anything in a session with a test looked like one, by UTC month.
CREATE TABLE probe_noticed (
    month TEXT PRIMARY KEY CHECK (length(month) = 7),
    seemed INTEGER NOT NULL CHECK (seemed >= 0),
    answers INTEGER NOT NULL CHECK (answers >= seemed)
) STRICT, WITHOUT ROWID;

-- How many different people answered: one mark per person, period and cut.
CREATE TABLE probe_crowd (
    period TEXT NOT NULL,
    cut TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('wrong', 'good')),
    mark TEXT NOT NULL CHECK (length(mark) = 64),
    PRIMARY KEY (period, cut, sort, mark)
) STRICT, WITHOUT ROWID;

-- What leads are told of tests, as it was when they were told; `cut` is what results are cut by. The whole has the
-- part '', and '*' is the rest that is too small for parts of its own.
CREATE TABLE probe_release (
    id INTEGER PRIMARY KEY,
    sort TEXT NOT NULL CHECK (sort IN ('wrong', 'good')),
    hour INTEGER NOT NULL CHECK (hour % 3600000 = 0)
) STRICT;

CREATE TABLE probe_figure (
    release INTEGER NOT NULL REFERENCES probe_release (id),
    cut TEXT NOT NULL CHECK (cut IN ('all', 'mutation', 'tier', 'action')),
    part TEXT NOT NULL CHECK ((cut = 'all') = (part = '')),
    n INTEGER NOT NULL CHECK (n >= 30),
    caught INTEGER NOT NULL CHECK (caught BETWEEN 0 AND n),
    PRIMARY KEY (release, cut, part)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER probe_release_is_fixed BEFORE UPDATE ON probe_release
BEGIN SELECT RAISE(ABORT, 'a release is never changed'); END;
CREATE TRIGGER probe_release_stays BEFORE DELETE ON probe_release
BEGIN SELECT RAISE(ABORT, 'a release is never removed'); END;
CREATE TRIGGER probe_figure_is_fixed BEFORE UPDATE ON probe_figure
BEGIN SELECT RAISE(ABORT, 'a released figure is never changed'); END;
CREATE TRIGGER probe_figure_stays BEFORE DELETE ON probe_figure
BEGIN SELECT RAISE(ABORT, 'a released figure is never removed'); END;

-- ---- Words of briefs, to be found again.

-- What every reviewer is shown unmasked, so that it can be found again. `rowid` is the number of the event with
-- which the question came: the newest is found first, and blind tests, which have none, are never found.
CREATE VIRTUAL TABLE words USING fts5 (
    escalation UNINDEXED, question, steps, evidence, reasons, tokenize = 'unicode61 remove_diacritics 2'
);

-- How far the chain was read for it.
CREATE TABLE words_read (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;

-- How far the chain was read for an OpenTelemetry collector.
CREATE TABLE traced (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;
