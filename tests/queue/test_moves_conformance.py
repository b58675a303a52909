"""Both state machines, move by move: what is in the tables happens, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import (
    LEASE_SECONDS,
    assert_chain_whole,
    escalation_moves,
    events,
    pass_time,
    pick_up,
    raw,
    run_moves,
    settle,
)
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.errors import (
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    OverreadError,
    Replayed,
    Superseded,
)
from overread_queue.models import Review, Ticket
from overread_queue.moves import Mover
from overread_queue.states import (
    ESCALATION_MOVES,
    FINISHED,
    OPEN,
    RUN_MOVES,
    EscalationState,
    RunState,
)
from overread_queue.store import Store
from overread_queue.store.driver import sqlite3

E, R = EscalationState, RunState
CLOSED = sorted(set(E) - OPEN)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A desk on which everything happened that can."""
    here = house(tmp_path_factory.mktemp("walk"))
    with here.agent() as queue, here.desk("ana") as ana:
        _decided_by_people(here, queue, ana)
        _closed_by_others(here, queue, ana)
        _taken_again(here, queue)
        _closed_in_the_agents_own_time(here, queue)
    return here


def _decided_by_people(here: House, queue: AgentQueue, ana: ReviewDesk) -> None:
    ticket = queue.submit(brief(run="gates"))
    review = pick_up(ana, ticket)
    receipt = ana.decide(review, option="approve")
    ana.open(ana.undo(receipt))
    ana.release(ticket.id)
    ana.decide(pick_up(ana, ticket), option="approve")
    pass_time(here, LEASE_SECONDS + 11)
    ana.sweep()
    settle(here, ticket, "approve")
    with queue.resume(ticket):
        queue.submit(brief(run="gates", amount=1.5), key="second-gate")
    settle(here, queue.submit(brief(run="gates", amount=1.5), key="second-gate"), "reject")
    queue.acknowledge(queue.submit(brief(run="gates", amount=1.5), key="second-gate"))


def _closed_by_others(here: House, queue: AgentQueue, ana: ReviewDesk) -> None:
    for claimed in (False, True):
        for close in (queue.withdraw, lambda t: queue.revise(t, brief(amount=t.deadline_at % 97))):
            ticket = queue.submit(brief(question=f"Refund? {claimed} {close}"[:60]))
            if claimed:
                ana.claim(ticket.id)
            close(ticket)
            pass_time(here, 1)
    late = [queue.submit(brief(action_type=t, run=t)) for t in ("mail.send", "content.hide")]
    moved = queue.submit(brief(question="Refund, and nobody answers?", run="moved"))
    pass_time(here, 2 * 3600 - 1)
    ana.claim(late[1].id)
    pass_time(here, 1)
    ana.sweep()
    pass_time(here, 2 * 3600)
    ana.sweep()
    assert queue.status(moved).pool == "seniors"


def _taken_again(here: House, queue: AgentQueue) -> None:
    ticket = queue.submit(brief(question="Refund, by an agent that crashes?"))
    settle(here, ticket, "approve")
    queue.resume(ticket)
    pass_time(here, LEASE_SECONDS)
    queue.resume(ticket)
    queue.fail(ticket)


def _closed_in_the_agents_own_time(here: House, queue: AgentQueue) -> None:
    """A run that asks for nothing ends from RUNNING: no door leaves one there yet."""
    store = Store(here.path)
    try:
        for run, target in (("plain-1", R.COMPLETED), ("plain-2", R.FAILED)):
            with store.write() as tx:
                tx.runs.add(queue.agent, run, now=here.clock.now())
                found = tx.runs.get(queue.agent, run)
                assert found is not None
                Mover(tx, f"agent:{queue.agent}", here.clock.now()).run(found, target)
    finally:
        store.close()


@pytest.mark.parametrize("move", sorted(ESCALATION_MOVES), ids=">".join)
def test_every_move_of_an_escalation_is_taken_and_written_down(
    walked: House, move: tuple[E, E]
) -> None:
    assert move in escalation_moves(walked.path)


@pytest.mark.parametrize("move", sorted(RUN_MOVES), ids=">".join)
def test_every_move_of_a_run_is_taken_and_written_down(walked: House, move: tuple[R, R]) -> None:
    assert move in run_moves(walked.path)


def test_no_other_move_was_ever_made(walked: House) -> None:
    """A breach that moves an escalation to another pool leaves it waiting, or makes it wait."""
    assert set(run_moves(walked.path)) <= set(RUN_MOVES)
    extra = set(escalation_moves(walked.path)) - set(ESCALATION_MOVES)
    assert extra <= {(E.WAITING, E.WAITING)}
    assert_chain_whole(walked.path)


# -- the tables defend themselves


def _put(db: sqlite3.Connection, table: str, state: str) -> None:
    """Bring the one row of `table` to `state` past the guards, as only a test may."""
    db.execute(f"DROP TRIGGER IF EXISTS {table}_moves")
    db.execute(f"DROP TRIGGER IF EXISTS {table}_is_final")
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute(f"UPDATE {table} SET state = ?", (state,))
    db.execute("PRAGMA ignore_check_constraints = OFF")


def _shape(state: str) -> tuple[object, ...]:
    """Reviewer, lease, held and closed as the CHECKs want them, so that only the move is wrong."""
    held, closed = state == "HELD", state in CLOSED
    leased = state in ("CLAIMED", "HELD")
    return ("ana" if leased else None, 1 if leased else None, 1 if held else None, closed or None)


@pytest.mark.parametrize(
    ("source", "target"),
    sorted((a, b) for a, b in product(E, E) if a != b),
    ids=lambda state: str(state),
)
def test_the_escalation_table_makes_the_same_moves(bare: House, source: E, target: E) -> None:
    change = (
        "UPDATE escalation"
        " SET state = ?, reviewer = ?, lease_until = ?, held_until = ?, closed_at = ?"
    )
    with raw(bare.path) as db:
        guards = _guards(db, "escalation")
        _put(db, "escalation", source)
        db.execute(change, (source, *_shape(source)))
        for guard in guards:
            db.execute(guard)
        if (source, target) in ESCALATION_MOVES:
            assert db.execute(change, (target, *_shape(target))).rowcount == 1
        else:
            with pytest.raises(sqlite3.IntegrityError, match=r"does not make|never changes"):
                db.execute(change, (target, *_shape(target)))


@pytest.mark.parametrize(
    ("source", "target"),
    sorted((a, b) for a, b in product(R, R) if a != b),
    ids=lambda state: str(state),
)
def test_the_run_table_makes_the_same_moves(bare: House, source: R, target: R) -> None:
    with raw(bare.path) as db:
        guards = _guards(db, "run")
        _put(db, "run", source)
        for guard in guards:
            db.execute(guard)
        if (source, target) in RUN_MOVES:
            assert db.execute("UPDATE run SET state = ?", (target,)).rowcount == 1
        else:
            with pytest.raises(sqlite3.IntegrityError, match=r"does not make|never changes"):
                db.execute("UPDATE run SET state = ?", (target,))


def _guards(db: sqlite3.Connection, table: str) -> list[str]:
    rows = db.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name IN (?, ?)",
        (f"{table}_moves", f"{table}_is_final"),
    ).fetchall()
    assert len(rows) == 2
    return [row["sql"] for row in rows]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A desk with one escalation, to be pushed around by SQL."""
    here = house(tmp_path_factory.mktemp("bare"))
    with here.agent() as queue:
        queue.submit(brief())
    return here


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escalation SET state = 'CLAIMED'",
        "UPDATE escalation SET reviewer = 'ana', lease_until = 1",
        "UPDATE escalation SET state = 'APPROVED'",
        "UPDATE escalation SET fence = -1",
        "UPDATE escalation SET state = 'WITHDRAWN'",
        "UPDATE escalation SET key = 'two words'",
        "UPDATE escalation SET kind = 'audit'",
        "UPDATE escalation SET tier = 'soft_review', severity = 3",
        "UPDATE escalation SET run = 'no-such-run'",
        "UPDATE run SET holder = 'somebody', lease_until = 1",
        "UPDATE run SET state = 'DONE'",
        "UPDATE payload SET brief = x'7b7d'",
        "INSERT INTO event SELECT seq + 2, at, actor, kind, agent, run, escalation, detail,"
        " previous, substr(hash, 2) || 'x' FROM event ORDER BY seq DESC LIMIT 1",
        "UPDATE event SET actor = 'nobody'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT seq, at, 'nobody', kind, agent, run, escalation,"
        " detail, previous, hash FROM event WHERE seq = 1",
    ],
)
def test_a_slip_in_a_program_is_refused_by_the_table(tmp_path: Path, statement: str) -> None:
    here = house(tmp_path)
    with here.agent() as queue:
        queue.submit(brief())
    with raw(here.path) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA recursive_triggers = ON")
        before = _facts(here)
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)
    assert _facts(here) == before


def test_a_signed_decision_is_never_changed_or_removed(tmp_path: Path) -> None:
    here = house(tmp_path)
    with here.agent() as queue:
        settle(here, queue.submit(brief()), "reject")
    with raw(here.path) as db:
        for statement in ("UPDATE decision SET verdict = 'approve'", "DELETE FROM decision"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                db.execute(statement)


# -- refused by name, without a trace but the refusal


@pytest.fixture(params=CLOSED)
def closed(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[House, Ticket, Review]:
    """An escalation that ended in each of the final states, and ana's old look at it."""
    here = house(tmp_path)
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief(action_type="mail.send"))
        review = pick_up(ana, ticket)
        if request.param is E.DECIDED:
            ana.decide(review, option="reject", reason="no")
        elif request.param is E.WITHDRAWN:
            queue.withdraw(ticket)
        elif request.param is E.SUPERSEDED:
            queue.revise(ticket, brief(amount=12.5))
        else:
            pass_time(here, 3600)
            ana.sweep()
        assert queue.status(ticket).state is request.param
    return here, ticket, review


def test_a_closed_escalation_never_moves_again(closed: tuple[House, Ticket, Review]) -> None:
    here, ticket, review = closed
    with here.agent() as queue, here.desk() as ana:
        until = here.clock.now() + 1000
        calls: list[Callable[[], object]] = [
            lambda: ana.claim(ticket.id),
            lambda: ana.open(review.item),
            lambda: ana.decide(review, option="approve"),
            lambda: ana.decide(review, option="reject", reason="no"),
            lambda: ana.release(review.item),
            lambda: ana.snooze(review.item, until=until, reason="later"),
            lambda: ana.hand_on(review.item, reason="not mine"),
            lambda: ana.unmask(review, "bank-account"),
            lambda: queue.withdraw(ticket),
        ]
        for call in calls:
            before = _facts(here)
            with pytest.raises((MoveRefused, LeaseLost)) as refused:
                call()
            assert _facts(here) == before
            assert events(here.path)[-1].kind == f"refused:{type(refused.value).__name__}"
        ana.sweep()
    assert_chain_whole(here.path)


def _facts(here: House) -> str:
    """Everything but what reviewers looked at, and refusals."""
    kept = "SELECT * FROM event WHERE kind NOT LIKE 'refused:%'"
    with raw(here.path) as db:
        tables = ("escalation", "run", "payload", "decision", "delivery", "comment", "session")
        reads = [*(f"SELECT * FROM {table}" for table in tables), kept]
        return repr([[tuple(row) for row in db.execute(read)] for read in reads])


@pytest.mark.parametrize("finished", sorted(FINISHED))
def test_a_finished_run_is_never_taken_again(tmp_path: Path, finished: R) -> None:
    here = house(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief())
        settle(here, ticket, "approve")
        queue.resume(ticket)
        if finished is R.COMPLETED:
            queue.complete(ticket)
        else:
            queue.fail(ticket)
        before = _facts(here)
        for call in (queue.resume, queue.complete, queue.fail):
            with pytest.raises((Replayed, LeaseLost)):
                call(ticket)
        assert _facts(here) == before


def test_a_mover_refuses_what_its_table_does_not_have(tmp_path: Path) -> None:
    """Each pair of states that is not in the table, asked for directly."""
    here = house(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief(run="r"))
    store = Store(here.path)
    try:
        for target in sorted(set(R) - {R.HUMAN_RESPONDED, R.TIMED_OUT}):
            with pytest.raises(MoveRefused) as refused:
                _move_run(store, here, target)
            assert (refused.value.found, refused.value.wanted) == (R.PAUSED_PENDING_HUMAN, target)
        with pytest.raises(MoveRefused):
            _close_as_decided(store, here, ticket)
    finally:
        store.close()
    assert [event.kind for event in events(here.path)] == ["made", "submitted", "run"]


def _move_run(store: Store, here: House, target: R) -> None:
    with store.write() as tx:
        run = tx.runs.get("refund-agent", "r")
        assert run is not None
        Mover(tx, "desk", here.clock.now()).run(run, target)


def _close_as_decided(store: Store, here: House, ticket: Ticket) -> None:
    with store.write() as tx:
        found = tx.escalations.get(ticket.id)
        assert found is not None
        Mover(tx, "desk", here.clock.now()).close("decided", found, E.DECIDED, {})


def test_refusals_are_counted_by_kind(tmp_path: Path) -> None:
    here = house(tmp_path)
    with here.agent() as queue, here.agent() as other, here.desk() as ana, here.desk("ben") as ben:
        ticket = queue.submit(brief())
        ana.claim(ticket.id)
        for _ in range(2):
            with pytest.raises(LeaseLost):
                ben.claim(ticket.id)
        ana.release(ticket.id)
        settle(here, ticket, "approve")
        with pytest.raises(MoveRefused):
            ben.claim(ticket.id)
        queue.resume(ticket)
        with pytest.raises(LeaseHeld):
            other.resume(ticket)
        replaced = queue.submit(brief(amount=12.5))
        queue.revise(replaced, brief(amount=13.5))
        with pytest.raises(Superseded) as gone:
            other.poll(replaced)
        assert isinstance(gone.value, OverreadError)
    store = Store(here.path)
    try:
        with store.read() as tx:
            assert tx.events.refusals() == {"LeaseLost": 2, "MoveRefused": 1, "LeaseHeld": 1}
    finally:
        store.close()
