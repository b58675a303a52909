"""A desk comes back from a copy, says what that costs, and decides nothing twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from copies import asked, back_to, copied, drafts
from factories import House, brief, house
from journey import UNDO_SECONDS, kinds, pass_time, pick_up, raw, settle
from overread_queue.audit.verify import verify
from overread_queue.errors import (
    InvalidRequest,
    Replayed,
    StoreInUse,
    Tampered,
    WouldLose,
)
from overread_queue.ground import Ground
from overread_queue.models import Ticket
from overread_queue.states import EscalationState, RunState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


# -- coming back


def test_a_lost_desk_comes_back_and_goes_on(here: House) -> None:
    ticket = asked(here)
    made = copied(here)
    here.path.unlink()
    done = back_to(here, made)
    assert (done.loss.any, done.kept) == (False, None)
    settle(here, ticket, "reject")
    with here.agent() as queue:
        assert queue.poll(ticket)
    assert verify(here.places).damage == ()
    assert "restored" in kinds(here.path)
    with raw(here.path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_what_would_be_lost_is_said_and_nothing_changes(here: House) -> None:
    made = copied(here)
    settle(here, asked(here), "reject")
    before = kinds(here.path)
    with pytest.raises(WouldLose, match=r"loses \d+ events .*, 1 decisions and 1 questions"):
        back_to(here, made)
    assert kinds(here.path) == before
    assert drafts(here) == []


def test_a_loss_that_was_accepted_is_kept_under_another_name(here: House) -> None:
    made = copied(here)
    settle(here, asked(here), "reject")
    before = kinds(here.path)
    done = back_to(here, made, accept_loss=True)
    assert done.loss.decisions == 1
    assert done.kept is not None
    assert kinds(done.kept) == before
    assert kinds(here.path) == ["made", "restored"]
    assert verify(here.places).damage == ()


def test_checkpoints_of_the_lost_history_are_kept_and_contradict_the_new_one(here: House) -> None:
    """Going back is visible to whoever kept a head of what was lost."""
    made = copied(here)
    settle(here, asked(here), "reject")
    copied(here, "later.db")
    back_to(here, made, accept_loss=True)
    (kept,) = here.places.trust.glob("checkpoints.before-*")
    assert verify(here.places).whole
    kinds_found = {one.kind for one in verify(here.places, kept=kept).damage}
    assert kinds_found & {"rewritten", "truncated"}


def test_nobody_may_have_the_desk_open(here: House) -> None:
    made = copied(here)
    with here.agent() as queue:
        queue.submit(brief())
        with pytest.raises(StoreInUse):
            back_to(here, made, accept_loss=True)
        queue.submit(brief(amount=2))
    assert kinds(here.path).count("submitted") == 2
    with raw(here.path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.parametrize("rubbish", [b"", b"\xa5" * 50_000], ids=["empty", "rubbish"])
def test_a_desk_that_cannot_be_read_any_more_is_replaced_when_its_loss_is_accepted(
    here: House, rubbish: bytes
) -> None:
    made = copied(here)
    settle(here, asked(here), "reject")
    copied(here, "later.db")
    here.path.write_bytes(rubbish)
    for side in ("-wal", "-shm"):
        here.path.with_name(here.path.name + side).unlink(missing_ok=True)
    with pytest.raises(WouldLose, match="at least"):
        back_to(here, made)
    done = back_to(here, made, accept_loss=True)
    assert done.kept is not None
    assert done.kept.read_bytes() == rubbish
    assert verify(here.places).whole


def test_a_stale_log_is_never_played_into_the_restored_file(here: House) -> None:
    """A crash leaves a log; it belongs to the file that is replaced."""
    made = copied(here)
    aside = here.path.parent / "crashed"
    aside.mkdir()
    with here.agent() as queue:
        queue.submit(brief(amount=2), key="in-the-log")
        for file in here.path.parent.glob("desk.db*"):
            shutil.copy(file, aside / file.name)
    for file in aside.iterdir():
        shutil.copy(file, here.path.parent / file.name)
    here.path.write_bytes(b"\xa5" * 50_000)
    done = back_to(here, made, accept_loss=True)
    assert kinds(here.path) == ["made", "restored"]
    assert verify(here.places).whole
    assert done.kept is not None


def test_a_backup_that_is_not_to_be_believed(here: House) -> None:
    asked(here)
    made = copied(here)
    data = made.path.read_bytes()
    made.path.write_bytes(data + b"x")
    with pytest.raises(Tampered, match="checksum"):
        back_to(here, made)
    made.path.write_bytes(data)
    made.path.with_name("copy.db.sha256").unlink()
    with raw(made.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        db.execute("UPDATE event SET actor = 'x' WHERE seq = 2")
    with pytest.raises(Tampered, match="event 2 was edited"):
        back_to(here, made, accept_loss=True)


def test_another_desks_backup(here: House, tmp_path: Path) -> None:
    other = house(tmp_path / "other")
    made = copied(other)
    with pytest.raises((InvalidRequest, Tampered)):
        back_to(here, made, accept_loss=True)
    assert kinds(here.path) == ["made"]


# -- nothing is done twice


def approved_and_done(here: House, ticket: Ticket) -> None:
    settle(here, ticket, "approve")
    with here.agent() as queue, queue.resume(ticket):
        pass


def test_what_was_acted_on_after_the_backup_is_not_asked_again(here: House) -> None:
    ticket = asked(here)
    made = copied(here)
    approved_and_done(here, ticket)
    done = back_to(here, made, accept_loss=True)
    assert done.reconciled.withdrawn == (ticket.id,)
    with here.desk() as ana:
        ana.sweep()
        assert ana.waiting_ids() == ()
    with here.agent() as queue:
        decision = queue.poll(ticket)
        assert decision is not None
        assert decision.verdict == "withdrawn"
        assert queue.status(ticket).run_state is RunState.HUMAN_RESPONDED


def test_what_was_carried_out_after_the_backup_is_closed(here: House) -> None:
    """The approval is in the backup; the agent did it later."""
    ticket = asked(here)
    settle(here, ticket, "approve")
    made = copied(here)
    with here.agent() as queue, queue.resume(ticket):
        pass
    done = back_to(here, made, accept_loss=True)
    assert done.reconciled.finished == (ticket.id,)
    with here.agent() as queue:
        with pytest.raises(Replayed):
            queue.resume(ticket)
        assert queue.status(ticket).run_state is RunState.COMPLETED


def test_what_an_agent_had_begun_it_may_finish(here: House) -> None:
    ticket = asked(here)
    settle(here, ticket, "approve")
    made = copied(here)
    queue = here.agent()
    queue.resume(ticket)
    queue.close()
    done = back_to(here, made, accept_loss=True)
    assert done.reconciled.finished == done.reconciled.withdrawn == ()
    with here.agent() as queue:
        with queue.resume(ticket) as go:
            assert go.decision.verdict == "approve"
        assert queue.status(ticket).run_state is RunState.COMPLETED


def test_an_approval_given_again_after_going_back_is_refused_by_the_agents_ledger(
    here: House,
) -> None:
    """Also where the ledger was not there when the desk went back."""
    ticket = asked(here)
    made = copied(here)
    approved_and_done(here, ticket)
    ledger = here.places.ledger.rename(here.places.ledger.with_name("elsewhere"))
    back_to(here, made, accept_loss=True)
    ledger.rename(here.places.ledger)
    settle(here, ticket, "approve")
    with here.agent() as queue, pytest.raises(Replayed, match="another decision"):
        queue.resume(ticket)


def test_a_question_that_the_backup_never_knew_is_named(here: House) -> None:
    made = copied(here)
    ticket = asked(here)
    approved_and_done(here, ticket)
    assert back_to(here, made, accept_loss=True).reconciled.unknown == (ticket.id,)


def test_an_approval_in_its_undo_window_at_the_time_of_the_copy_is_asked_again(
    here: House,
) -> None:
    """It was in the reviewer's process alone, so nobody had signed it."""
    ticket = asked(here)
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="approve")
        made = copied(here)
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
    back_to(here, made, accept_loss=True)
    pass_time(here, 10_000)
    with here.desk() as ana:
        ana.sweep()
    with here.agent() as queue:
        assert queue.poll(ticket) is None
        assert queue.status(ticket).state is EscalationState.WAITING


def test_what_was_erased_since_stays_erased(here: House) -> None:
    ticket = asked(here, question="Refund xyzzy?")
    settle(here, ticket, "reject")
    made = copied(here)
    from overread_queue.keeping.purge import erase

    ground = Ground(here.places, here.clock)
    erase(ground, "lead:lea", ticket.id, reason="asked")
    ground.close()
    back_to(here, made, accept_loss=True)
    assert b"xyzzy" not in here.path.read_bytes()
    assert verify(here.places).whole
