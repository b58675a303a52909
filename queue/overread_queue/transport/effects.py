"""What an agent's words do to the desk, whichever way they came."""

from __future__ import annotations

from overread_queue.asking.delivery import run_of
from overread_queue.asking.submission import Prepared, admit, supersede
from overread_queue.asking.tentative import note_rollback
from overread_queue.errors import LeaseLost, NotAllowed, NotFound, StillPending
from overread_queue.ground import Ground
from overread_queue.models import Ticket
from overread_queue.moves import Mover
from overread_queue.reviewing.looking import escalation
from overread_queue.states import EscalationKind, EscalationState, RunState
from overread_queue.stopping.breaker import watch
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow


def mine(tx: Transaction, agent: str, id: str) -> EscalationRow:
    """An escalation of this agent's own. Raises `NotFound`, `NotAllowed`."""
    found = escalation(tx, id)
    if found.kind is EscalationKind.AUDIT or tx.probes.is_live(id):
        raise NotFound("escalation", id)  # Who was drawn, or tested, is no agent's to know.
    if found.agent != agent:
        raise NotAllowed(f"escalation {id} belongs to {found.agent}, not {agent}")
    return found


def hand_in(ground: Ground, mover: Mover, prepared: Prepared) -> Ticket:
    """A new question, or one that takes an earlier one's place."""
    submission = prepared.submission
    if submission.predecessor is None:
        return admit(ground, mover, prepared)
    return supersede(
        ground, mover, mine(mover.tx, submission.agent, submission.predecessor), prepared
    )


def take_back(mover: Mover, found: EscalationRow, reason: str) -> None:
    mover.close("withdrawn", found, EscalationState.WITHDRAWN, {})
    mover.tx.payloads.answer(found.id, edited_action=None, reason=reason)


def acknowledge(mover: Mover, found: EscalationRow, *, finish: bool) -> None:
    """The agent has read an answer that releases nothing; its run ends, or goes on."""
    mover.tx.decisions.finish(found.id, found.attempt, "done", now=mover.now)
    mover.note("acknowledged", found)
    run = run_of(mover.tx, found)
    if mover.tx.decisions.unfinished_in_run(run.agent, run.id):
        return
    if run.state is RunState.HUMAN_RESPONDED:
        run = mover.run(run, RunState.RESUMING)
    if finish and run.state is RunState.RESUMING and run.holder is None:
        mover.run(run, RunState.COMPLETED)


def finish_unpaused(mover: Mover, found: EscalationRow, target: RunState) -> None:
    """A run that never paused needs no lease to be over."""
    if found.kind is EscalationKind.APPROVAL:
        raise LeaseLost("run of", found.id)
    mover.run(run_of(mover.tx, found), target)


def report(ground: Ground, mover: Mover, found: EscalationRow, *, ok: bool, detail: str) -> None:
    """How an action turned out in the world. Raises `StillPending`."""
    word = "ok" if ok else "failed"
    if not mover.tx.decisions.outcome(
        found.id, found.attempt, outcome=word, detail=detail, now=mover.now
    ):
        raise StillPending(found.id)
    mover.note("outcome", found, {"outcome": word})
    if not ok:
        watch(ground, mover, found.agent)


def note_undelivered(mover: Mover, found: EscalationRow, *, tries: int, trouble: str) -> None:
    """Its agent's runtime has not had the answer yet; nothing to say once it is finished with."""
    if mover.tx.decisions.undelivered(found.id, found.attempt, tries=tries, trouble=trouble):
        mover.note("undelivered", found, {"tries": tries})


def report_rollback(
    ground: Ground, mover: Mover, found: EscalationRow, *, ok: bool, detail: str
) -> None:
    """How taking a tentative action back turned out. Raises `Replayed` the second time."""
    note_rollback(mover, found, ok=ok, detail=detail)
    if not ok:
        watch(ground, mover, found.agent)
