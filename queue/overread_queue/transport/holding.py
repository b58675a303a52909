"""A run held under a lease in the desk's own database."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.asking.delivery import run_of
from overread_queue.errors import LeaseHeld, LeaseLost, MoveRefused, OverreadError, Replayed
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.states import RunState
from overread_queue.stopping.halting import check_not_halted
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, RunRow


def take(ground: Ground, actor: str, found: EscalationRow, *, giving_up: bool = False) -> DeskHold:
    """Take the run to act on a decision. Raises `LeaseHeld`, `Replayed`, `MoveRefused`, and
    `Halted` unless it is taken in order to give it up."""
    now = ground.clock.now()
    with ground.write(actor, about=found.id) as tx:
        if not giving_up:
            check_not_halted(ground, tx, found.agent)
        mover = Mover(tx, actor, now)
        run = run_of(tx, found)
        if not tx.decisions.take(found.id, found.attempt, fence=run.fence + 1, now=now):
            raise Replayed(f"decision {found.id}/{found.attempt} was already acted on")
        lease = ground.policy().settings.lease
        taken = mover.take_run(run, holder=found.id, lease_until=now + lease * 1000)
        if taken is None:
            raise _not_taken(run, now)
    return DeskHold(ground, actor, found, fence=taken.fence)


@dataclass(frozen=True, slots=True)
class DeskHold:
    """A run that this process holds under a lease, by its fencing token."""

    ground: Ground
    actor: str
    escalation: EscalationRow
    fence: int

    @property
    def lease_seconds(self) -> int:
        return self.ground.policy().settings.lease

    def extend(self) -> None:
        now, found = self.ground.clock.now(), self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            until = now + self.lease_seconds * 1000
            kept = tx.runs.extend(
                found.agent, found.run, fence=self.fence, lease_until=until, now=now
            )
            if kept is None and not self._is_mine(tx):
                raise LeaseLost("run", found.run)

    def finish(self, target: RunState) -> None:
        found = self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            mover = Mover(tx, self.actor, self.ground.clock.now())
            word = "done" if target is RunState.COMPLETED else "failed"
            if not tx.decisions.finish(
                found.id, found.attempt, word, now=mover.now, fence=self.fence
            ):
                raise LeaseLost("run", found.run)
            mover.note(word, found)
            _end(mover, run_of(tx, found), target, fence=self.fence)

    def give_back(self) -> None:
        now, found = self.ground.clock.now(), self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            tx.runs.give_back(found.agent, found.run, fence=self.fence, now=now)

    def _is_mine(self, tx: Transaction) -> bool:
        """Whether nobody took the decision since; the run may be at its next gate by now."""
        delivery = tx.decisions.delivery(self.escalation.id, self.escalation.attempt)
        return delivery is not None and delivery.fence == self.fence


def follow_take(ground: Ground, mover: Mover, found: EscalationRow, *, giving_up: bool) -> None:
    """Note that an agent acts on a decision, where its own side keeps the lease.

    What is left of a lease here says nothing: the agent has taken it over where it lives.
    """
    if not giving_up:
        check_not_halted(ground, mover.tx, found.agent)
    run, now = run_of(mover.tx, found), mover.now
    if not mover.tx.decisions.take(found.id, found.attempt, fence=run.fence + 1, now=now):
        raise Replayed(f"decision {found.id}/{found.attempt} was already acted on")
    mover.tx.runs.give_back(run.agent, run.id, fence=run.fence, now=now)
    until = now + ground.policy().settings.lease * 1000
    if mover.take_run(run, holder=found.id, lease_until=until) is None:
        raise MoveRefused("run", run.id, found=run.state, wanted=RunState.RESUMING)


def follow_finish(mover: Mover, found: EscalationRow, target: RunState) -> None:
    """Note that an agent has done what a decision allowed, or given it up. Raises `Replayed`."""
    delivery = mover.tx.decisions.delivery(found.id, found.attempt)
    word = "done" if target is RunState.COMPLETED else "failed"
    if delivery is None or delivery.state != "taken":
        raise Replayed(f"decision {found.id}/{found.attempt} is not being acted on")
    mover.tx.decisions.finish(found.id, found.attempt, word, now=mover.now)
    mover.note(word, found)
    _end(mover, run_of(mover.tx, found), target, fence=delivery.fence or 0)


def _end(mover: Mover, run: RunRow, target: RunState, *, fence: int) -> None:
    elsewhere = run.fence != fence and run.holder is not None
    if run.state is not RunState.RESUMING or elsewhere:
        return
    others = mover.tx.decisions.unfinished_in_run(run.agent, run.id)
    if target is RunState.COMPLETED and others:
        mover.tx.runs.give_back(run.agent, run.id, fence=fence, now=mover.now)
    else:
        mover.run(run, target)


def _not_taken(run: RunRow, now: int) -> OverreadError:
    if run.state is RunState.RESUMING and run.lease_until is not None:
        return LeaseHeld(run.id, seconds_left=max(1, (run.lease_until - now) // 1000))
    return MoveRefused("run", run.id, found=run.state, wanted=RunState.RESUMING)
