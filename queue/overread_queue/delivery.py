"""What happens between a signed decision and an agent that has acted on it."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pydantic import JsonValue, ValidationError

from overread_briefs import Action, Decision, action_sha256, brief_sha256
from overread_briefs.brief import Brief
from overread_briefs.canonical import strict_loads
from overread_briefs.decision import RELEASING
from overread_briefs.errors import BriefError
from overread_queue.errors import (
    Erased,
    Forged,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotFound,
    OverreadError,
    Replayed,
    Superseded,
    Tampered,
)
from overread_queue.ground import Ground
from overread_queue.halting import check_not_halted
from overread_queue.models import Ticket
from overread_queue.moves import Mover
from overread_queue.opinions import check_two, expectation, heard, takes_two
from overread_queue.states import EscalationKind, EscalationState, RunState, Tier
from overread_queue.store import Transaction
from overread_queue.store.rows import DecisionRow, EscalationRow, PayloadRow, RunRow
from overread_queue.trust.envelope import Signed, verify_envelope
from overread_queue.trust.vouching import Claim, check_claim, digest

if TYPE_CHECKING:
    from overread_queue.agent import AgentQueue

E = EscalationState


def received(
    ground: Ground,
    tx: Transaction,
    found: EscalationRow,
    pinned: Ticket | None,
    *,
    begun: str | None = None,
) -> Decision | None:
    """The stored envelope, verified against what was submitted; None while there is none.

    `pinned` is the agent's own memory of what it submitted, `begun` the nonce of the decision that
    may be past its time. Raises `IntegrityError`, `Superseded`.
    """
    if found.state is E.SUPERSEDED:
        successor = tx.escalations.successor(found.id)
        raise Superseded(found.id, successor.id if successor else "another one")
    stored = tx.decisions.get(found.id, found.attempt)
    if stored is None:
        if found.state is E.DECIDED:
            raise Forged(f"escalation {found.id} is marked decided, but nobody signed a decision")
        return None
    payload = tx.payloads.get(found.id)
    if payload is None:
        raise Tampered(f"escalation {found.id} has lost its brief")
    _check_pinned(found, pinned)
    return _verified(ground, tx, found, payload, stored, begun=begun)


def _verified(
    ground: Ground,
    tx: Transaction,
    found: EscalationRow,
    payload: PayloadRow,
    stored: DecisionRow,
    *,
    begun: str | None,
) -> Decision:
    proposed = proposed_action(found, payload)
    check_kind(found)
    action = _stored_action(payload) or proposed
    if stored.verdict == "approve":
        action = proposed
    expect = expectation(ground, tx, found, action_type=proposed.type)
    envelope = verify_envelope(
        Signed(stored.envelope, stored.signature),
        roster=ground.roster(),
        expect=replace(expect, action_sha256=action_sha256(action), begun=begun),
        now=ground.clock.now(),
    )
    if envelope.verdict == "approve" and envelope.action_sha256 != found.action_sha256:
        raise Tampered(f"the approval of {found.id} is for another action than the one proposed")
    said = heard(ground, tx, found, expect, at=envelope.released_at)
    # What was begun has passed this before: it may go on under a policy that is stricter by now.
    begins = envelope.verdict in RELEASING and envelope.nonce != begun
    if begins and takes_two(ground, tx, found, action_type=proposed.type):
        check_two(envelope, said)
    return Decision(envelope, action, payload.reason or "", said.envelopes)


def proposed_action(found: EscalationRow, payload: PayloadRow) -> Action:
    """The action inside the stored bytes, once they are shown to be the ones submitted.

    Raises `Tampered`, and `Erased` where the bytes went on purpose.
    """
    if payload.brief is None and payload.erased_at is not None:
        raise Erased(found.id)
    if payload.brief is None or brief_sha256(payload.brief) != found.brief_sha256:
        raise Tampered(f"the brief of {found.id} is not the one that was submitted")
    brief = Brief.model_validate(strict_loads(payload.brief), by_alias=True)
    if action_sha256(brief.action) != found.action_sha256:
        raise Tampered(f"the action of {found.id} is not the one that was submitted")
    return brief.action


def check_kind(found: EscalationRow) -> None:
    """What is asked for beforehand has a tier that waits, and nothing else has; the signature
    covers the tier, so an answer about what was done already never releases anything.

    Raises `Tampered`.
    """
    waits = found.tier.severity >= Tier.HARD_APPROVAL.severity
    if waits != (found.kind is EscalationKind.APPROVAL):
        raise Tampered(f"escalation {found.id} is {found.kind} at {found.tier}, which cannot be")


def check_stored(ground: Ground, found: EscalationRow, payload: PayloadRow) -> None:
    """Where an agent has a key, what is stored in its name is what it signed. Raises `Forged`.

    What the desk itself puts before people for an audit is no agent's submission.
    """
    agent = ground.roster().agents.get(found.agent)
    if agent is None or agent.key is None or found.kind is EscalationKind.AUDIT:
        return
    claim = Claim(
        desk=ground.desk_id,
        agent=found.agent,
        key=found.key,
        brief_sha256=found.brief_sha256,
        checkpoint_sha256=digest(payload.checkpoint),
        predecessor=found.predecessor,
    )
    check_claim(claim, payload.signature, agent)


def _stored_action(payload: PayloadRow) -> Action | None:
    if payload.edited_action is None:
        return None
    try:
        return Action.model_validate(strict_loads(payload.edited_action))
    except (BriefError, ValidationError) as error:
        raise Tampered(f"the changed action of {payload.escalation} cannot be read") from error


def _check_pinned(found: EscalationRow, pinned: Ticket | None) -> None:
    if pinned is None:
        return
    mine = (pinned.brief_sha256, pinned.action_sha256, pinned.tier)
    if mine != (found.brief_sha256, found.action_sha256, found.tier):
        raise Tampered(f"escalation {found.id} is not what this agent submitted")


def take(ground: Ground, actor: str, found: EscalationRow, *, giving_up: bool = False) -> Hold:
    """Take the run to act on a decision. Raises `LeaseHeld`, `Replayed`, `MoveRefused`, and
    `Halted` unless it is taken in order to give it up."""
    now = ground.clock.now()
    with ground.write(actor, about=found.id) as tx:
        if not giving_up:
            check_not_halted(tx, found.agent)
        mover = Mover(tx, actor, now)
        run = _run_of(tx, found)
        if not tx.decisions.take(found.id, found.attempt, fence=run.fence + 1, now=now):
            raise Replayed(f"decision {found.id}/{found.attempt} was already acted on")
        lease = ground.policy().settings.lease
        taken = mover.take_run(run, holder=found.id, lease_until=now + lease * 1000)
        if taken is None:
            raise _not_taken(run, now)
        stored = tx.decisions.get(found.id, found.attempt)
        if stored is None:
            raise NotFound("decision", found.id)
    return Hold(ground, actor, found, fence=taken.fence, nonce=stored.nonce)


def acknowledged(mover: Mover, found: EscalationRow, *, finish: bool) -> None:
    """The agent has read an answer that releases nothing; its run ends, or goes on."""
    mover.tx.decisions.finish(found.id, found.attempt, "done", now=mover.now)
    mover.note("acknowledged", found)
    run = _run_of(mover.tx, found)
    if mover.tx.decisions.unfinished_in_run(run.agent, run.id):
        return
    if run.state is RunState.HUMAN_RESPONDED:
        run = mover.run(run, RunState.RESUMING)
    if finish and run.state is RunState.RESUMING and run.holder is None:
        mover.run(run, RunState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Hold:
    """A run that this process holds under a lease, by its fencing token."""

    ground: Ground
    actor: str
    escalation: EscalationRow
    fence: int
    nonce: str

    @property
    def lease_seconds(self) -> int:
        return self.ground.policy().settings.lease

    def extend(self) -> None:
        """Push the end of the lease out. Raises `LeaseLost`."""
        now, found = self.ground.clock.now(), self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            until = now + self.lease_seconds * 1000
            kept = tx.runs.extend(
                found.agent, found.run, fence=self.fence, lease_until=until, now=now
            )
            if kept is None and not self._is_mine(tx):
                raise LeaseLost("run", found.run)

    def finish(self, target: RunState) -> str:
        """Close the delivery and end the run, unless it has gone on to its next gate.

        Gives the decision's nonce. Raises `LeaseLost` if somebody else took the decision over.
        """
        found = self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            mover = Mover(tx, self.actor, self.ground.clock.now())
            word = "done" if target is RunState.COMPLETED else "failed"
            if not tx.decisions.finish(
                found.id, found.attempt, word, now=mover.now, fence=self.fence
            ):
                raise LeaseLost("run", found.run)
            mover.note(word, found)
            self._end(mover, _run_of(tx, found), target)
        return self.nonce

    def give_back(self) -> None:
        """Let the decision be taken again at once."""
        now, found = self.ground.clock.now(), self.escalation
        with self.ground.write(self.actor, about=found.id) as tx:
            tx.runs.give_back(found.agent, found.run, fence=self.fence, now=now)

    def _is_mine(self, tx: Transaction) -> bool:
        """Whether nobody took the decision since; the run may be at its next gate by now."""
        delivery = tx.decisions.delivery(self.escalation.id, self.escalation.attempt)
        return delivery is not None and delivery.fence == self.fence

    def _end(self, mover: Mover, run: RunRow, target: RunState) -> None:
        elsewhere = run.fence != self.fence and run.holder is not None
        if run.state is not RunState.RESUMING or elsewhere:
            return
        others = mover.tx.decisions.unfinished_in_run(run.agent, run.id)
        if target is RunState.COMPLETED and others:
            mover.tx.runs.give_back(run.agent, run.id, fence=self.fence, now=mover.now)
        else:
            mover.run(run, target)


class Resumption:
    """An approval being acted on. A background thread keeps its lease alive."""

    def __init__(
        self, queue: AgentQueue, decision: Decision, hold: Hold, *, checkpoint: JsonValue
    ) -> None:
        self.decision = decision
        self.action = decision.action
        """Exactly what may be executed."""
        self.checkpoint = checkpoint
        """What the agent stored with its brief."""
        self._queue = queue
        self._hold = hold
        self._left = threading.Event()
        self._beat = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> Self:
        self._beat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left.set()
        self._beat.join()
        if error is None:
            self._queue.complete(self._hold.escalation.id)
        else:
            with suppress(OverreadError):
                self._hold.give_back()

    def heartbeat(self) -> None:
        """Extend the lease now. Raises `LeaseLost`: stop, somebody else is acting."""
        self._hold.extend()

    def _keep_alive(self) -> None:
        while not self._left.wait(self._hold.lease_seconds / 3):
            # A lost lease shows when the block is left: completing is fenced.
            with suppress(OverreadError):
                self._hold.extend()


def _run_of(tx: Transaction, found: EscalationRow) -> RunRow:
    run = tx.runs.get(found.agent, found.run)
    if run is None:
        raise NotFound("run", found.run)
    return run


def _not_taken(run: RunRow, now: int) -> OverreadError:
    if run.state is RunState.RESUMING and run.lease_until is not None:
        return LeaseHeld(run.id, seconds_left=max(1, (run.lease_until - now) // 1000))
    return MoveRefused("run", run.id, found=run.state, wanted=RunState.RESUMING)
