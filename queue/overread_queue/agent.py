"""The agents' door: propose, submit, wait, resume, act once. It has no way to decide anything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from overread_briefs import Action, Brief, Decision
from overread_briefs.brief import Software
from overread_briefs.canonical import MAX_BYTES, jcs, strict_loads
from overread_briefs.fields import Sensitivity
from overread_queue.agent_side import AgentSide, Reference, brief_bytes, encoded, id_of
from overread_queue.breaker import watch
from overread_queue.delivery import (
    Hold,
    Resumption,
    acknowledged,
    check_stored,
    received,
    take,
)
from overread_queue.errors import (
    InvalidRequest,
    LeaseLost,
    NotApproved,
    StillPending,
)
from overread_queue.halting import check_not_halted, halt_on
from overread_queue.models import Proposal, Ticket
from overread_queue.pressure import Pressure, nap, pressure_on
from overread_queue.proposing import announced, judge_action, proposed, record
from overread_queue.states import EscalationKind, EscalationState, RunState, Tier
from overread_queue.store import Transaction
from overread_queue.store.bell import Bell
from overread_queue.store.reserve import keep_away
from overread_queue.store.rows import EscalationRow
from overread_queue.submission import (
    MAX_CHECKPOINT_BYTES,
    Submission,
    admit,
    check_vouched,
    claim_of,
    depths,
    known,
    prepare,
    supersede,
    withdrawal_of,
)
from overread_queue.tentative import Objection, Rollback, note_rollback, objections, rollbacks
from overread_queue.workload import shut_pools

Begun = Callable[[Transaction, EscalationRow], str | None]
"""Which nonce is not held to its time."""
FALLBACK_SECONDS = (1.0, 5.0)
"""How long a waiter sleeps at most between looks: a committer may die before it rings."""
MAX_PARAMETERS_BYTES = MAX_BYTES // 2
"""So that an audit's brief around them is still one that can be read."""
MAX_DETAIL = 2000
"""Characters of an outcome that are kept."""


class AgentQueue(AgentSide):
    """One agent's side of a desk. Use it from one thread, or one per thread.

    Raises `NoDesk` and other StoreErrors from `open`, `NotAllowed` for an agent that is not
    registered.
    """

    # -- asking

    def propose(
        self,
        action: Action,
        *,
        signals: Mapping[str, object] | None = None,
        data_class: Sensitivity | None = None,
        software: Software | None = None,
        model: Software | None = None,
    ) -> Proposal:
        """Ask the policy how far this agent may go by itself. Recorded, whatever the answer.

        `signals` are numbers such as confidence, risk and ood; what is missing or no number makes
        the tier stricter. The same inputs and policy give the same tier, always. Raises a
        `BriefError` for parameters that no brief could hold: they have no digest, or are too large.
        """
        keep_away(self._ground.places.db)
        strict_loads(jcs(action.parameters), max_bytes=MAX_PARAMETERS_BYTES)
        with self._write(None) as mover:
            judged = judge_action(
                self._ground,
                mover.tx,
                self.agent,
                action,
                signals=dict(signals or {}),
                data_class=data_class,
                software=software,
                model=model,
            )
            id = record(mover.tx, judged, escalation=None, now=mover.now)
            mover.tx.events.add(proposed(judged, id, mover))
        return announced(judged, id)

    def submit(
        self,
        brief: Brief | bytes | str,
        *,
        proposal: str | None = None,
        key: str | None = None,
        checkpoint: JsonValue = None,
    ) -> Ticket:
        """Hand a brief to the desk. Durable when this returns.

        `proposal` is the id of an earlier `propose` for the same action; without one the desk
        proposes by itself. At tier soft_review the agent may act at once, and takes the action back
        when `rollback_due` says so; from hard_approval on it waits. Raises `Backpressure` when
        every pool that could take it is full.

        The same key and content gives the same ticket, also after it is decided. Raises
        `InvalidBrief` with every fault, `Conflict` for the same key with other content,
        `MoveRefused` if the brief's run has finished, and `Halted` while the agent is stopped.
        """
        data, state = brief_bytes(brief), encoded(checkpoint)
        return self._submit(Submission(self.agent, data, key, state, proposal=proposal))

    def revise(
        self,
        ticket: Reference,
        brief: Brief | bytes | str,
        *,
        key: str | None = None,
        checkpoint: JsonValue = None,
    ) -> Ticket:
        """Replace a brief: an open one, or one that was answered with a question or a no."""
        submission = Submission(
            self.agent, brief_bytes(brief), key, encoded(checkpoint), predecessor=id_of(ticket)
        )
        return self._submit(submission)

    def withdraw(self, ticket: Reference, reason: str = "") -> None:
        """Take a question back before it is answered. The desk signs a `withdrawn` decision."""
        with self._write(id_of(ticket)) as mover:
            found = self._mine(mover.tx, ticket)
            claim = withdrawal_of(self._ground.desk_id, self.agent, found.key)
            check_vouched(self._ground, claim, self._signed(claim))
            mover.close("withdrawn", found, EscalationState.WITHDRAWN, {})
            mover.tx.payloads.answer(found.id, edited_action=None, reason=reason)

    # -- waiting

    def poll(self, ticket: Reference) -> Decision | None:
        """The verified decision, or None while it is pending.

        Raises `IntegrityError` (`Forged`, `Tampered`, `Replayed`, `Expired`) for what must not be
        believed, `Superseded` where a revised brief took its place, and `Halted` while somebody
        has stopped the agent or the desk. What this agent has begun to act on does not expire, so
        that a crash in the middle of it can be repaired at any time.
        """
        self._check_going()  # not recorded: whoever polls would fill the chain with it
        return self._read(ticket, self._begun)

    def wait(self, ticket: Reference, timeout: float | None = None) -> Decision | None:
        """Sleep until there is a decision; None when `timeout` seconds pass without one.

        A halt wakes it and raises `Halted`; what was asked stays, to be waited for again.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with Bell(self._ground.places.db, id_of(ticket)) as bell:
            while True:
                decision = self.poll(ticket)
                left = None if deadline is None else deadline - time.monotonic()
                if decision is not None or (left is not None and left <= 0):
                    return decision
                nap = random.uniform(*FALLBACK_SECONDS)  # noqa: S311 - not a secret
                bell.wait(nap if left is None else min(nap, left))

    # -- acting

    def resume(self, ticket: Reference) -> Resumption:
        """Take an approval, once, under a lease that is kept alive until it is left.

        Leaving it without an exception completes the run; with one, it gives the run back, to be
        taken again. Raises `NotApproved` for any other verdict, `StillPending` without one,
        `LeaseHeld` while another process acts, `Replayed` after it was acted on, `Halted` while
        the agent is stopped.
        """
        with self._ground.recording(self._actor, about=id_of(ticket)):
            self._check_going()
        found, decision = self._decided(ticket)
        if not decision.releases:
            raise NotApproved(decision)
        if found.kind is not EscalationKind.APPROVAL:
            raise InvalidRequest(f"{found.id} confirms what was done; there is nothing to resume")
        checkpoint = self._checkpoint_of(found)
        return Resumption(self, decision, self._hold(found, decision), checkpoint=checkpoint)

    def acknowledge(self, ticket: Reference, *, finish: bool = True) -> Decision:
        """Close a decision that releases nothing; with `finish=False` the run goes on after it."""
        found, decision = self._decided(ticket)
        if decision.releases:
            raise InvalidRequest(f"decision {decision.id} is {decision.verdict}: resume() it")
        if found.kind is not EscalationKind.APPROVAL:
            raise InvalidRequest(f"{found.id} was done tentatively: take it back and rolled_back()")
        with self._write(found.id) as mover:
            acknowledged(mover, found, finish=finish)
        return decision

    def complete(self, ticket: Reference) -> None:
        """The action is done. `resume` does this when its block ends well."""
        self._finish(ticket, RunState.COMPLETED)

    def fail(self, ticket: Reference, reason: str = "") -> None:
        """Give up: the run fails, whether or not it was resumed before, and however late it is."""
        found, decision = self._decided(ticket, self._given_up)
        if found.kind is EscalationKind.APPROVAL and found.id not in self._holds:
            self._hold(found, decision, giving_up=True)
        self._finish(ticket, RunState.FAILED)
        self.outcome(ticket, ok=False, detail=reason)

    def outcome(self, ticket: Reference, *, ok: bool, detail: str = "") -> None:
        """Report, at any later time, how the action turned out in the world."""
        with self._write(id_of(ticket)) as mover:
            found = self._mine(mover.tx, ticket)
            word = "ok" if ok else "failed"
            if not mover.tx.decisions.outcome(
                found.id, found.attempt, outcome=word, detail=detail[:MAX_DETAIL], now=mover.now
            ):
                raise StillPending(found.id)
            mover.note("outcome", found, {"outcome": word})
            if not ok:
                watch(mover, self._ground.policy(), self.agent)

    # -- acting first

    def rollback_due(self) -> tuple[Rollback, ...]:
        """Tentative actions that nobody confirmed: take each back, then call `rolled_back`."""
        with self._ground.store.read() as tx:
            return rollbacks(tx, self.agent)

    def rolled_back(self, ticket: Reference, *, ok: bool, detail: str = "") -> None:
        """Report how taking back went. Raises `Replayed` the second time."""
        with self._write(id_of(ticket)) as mover:
            found = self._mine(mover.tx, ticket)
            note_rollback(mover, found, ok=ok, detail=detail[:MAX_DETAIL])
            if not ok:
                watch(mover, self._ground.policy(), self.agent)

    def objections(self, *, since: int = 0) -> tuple[Objection, ...]:
        """What reviewers hold against actions that this agent only told of."""
        with self._ground.store.read() as tx:
            return objections(tx, self.agent, since=since)

    # -- going easy

    def pressure(self, action_type: str | None = None) -> Pressure:
        """How full the desk is for an action type; without one, for the fullest this agent uses."""
        registered = self._ground.roster().agent(self.agent)
        policy = self._ground.policy()
        with self._ground.store.read() as tx:
            full, reviewers = depths(tx), tx.desk.open_sessions()
            halted = halt_on(tx, self.agent)
            shut = shut_pools(self._ground, tx, policy.pools, now=self._ground.clock.now())
        types = (action_type,) if action_type else registered.actions
        pools = {policy.duty(one, Tier.HARD_APPROVAL).pool for one in types} or {policy.owner}
        found = [pressure_on(policy, pool, full, reviewers=reviewers, shut=shut) for pool in pools]
        return replace(max(found, key=lambda one: one.filled), halted=halted)

    def slow_down(self, action_type: str | None = None, *, at_most: float = 60) -> float:
        """Sleep for as long as the pressure asks, and say how many seconds that was.

        Call it once around an agent's loop: an open desk costs nothing, a filling one slows the
        loop before anything has to be refused.
        """
        seconds = min(nap(self.pressure(action_type)), at_most)
        time.sleep(seconds)
        return seconds

    # -- inside

    def _submit(self, submission: Submission) -> Ticket:
        with self._ground.recording(self._actor):
            claim = claim_of(self._ground.desk_id, submission)
            submission = replace(submission, signature=self._signed(claim))
            check_vouched(self._ground, claim, submission.signature)
            with self._ground.store.read() as tx:
                check_not_halted(tx, self.agent)
                earlier = known(tx, submission)
            if earlier is not None:
                return earlier
            keep_away(self._ground.places.db)
            prepared = prepare(self._ground, submission)
        with self._write(submission.predecessor) as mover:
            if submission.predecessor is None:
                return admit(mover, prepared)
            return supersede(mover, self._mine(mover.tx, submission.predecessor), prepared)

    def _read(self, ticket: Reference, begun: Begun) -> Decision | None:
        pinned = ticket if isinstance(ticket, Ticket) else None
        recording = self._ground.recording(self._actor, about=id_of(ticket))
        with recording, self._ground.store.read() as tx:
            found = self._mine(tx, ticket)
            return received(self._ground, tx, found, pinned, begun=begun(tx, found))

    def _begun(self, tx: Transaction, found: EscalationRow) -> str | None:
        """The nonce that this agent's ledger took for it: the first use was in time."""
        return self._ledger.begun(found.id, found.attempt)

    def _given_up(self, tx: Transaction, found: EscalationRow) -> str | None:
        """The nonce of any answer: giving up releases nothing, so no answer comes too late."""
        stored = tx.decisions.get(found.id, found.attempt)
        return stored.nonce if stored else None

    def _decided(
        self, ticket: Reference, begun: Begun | None = None
    ) -> tuple[EscalationRow, Decision]:
        decision = self._read(ticket, begun or self._begun)
        if decision is None:
            raise StillPending(id_of(ticket))
        with self._ground.store.read() as tx:
            return self._mine(tx, ticket), decision

    def _checkpoint_of(self, found: EscalationRow) -> JsonValue:
        recording = self._ground.recording(self._actor, about=found.id)
        with recording, self._ground.store.read() as tx:
            payload = tx.payloads.get(found.id)
            if payload is not None:
                check_stored(self._ground, found, payload)
        stored = payload and payload.checkpoint
        return strict_loads(stored, max_bytes=MAX_CHECKPOINT_BYTES) if stored else None

    def _hold(self, found: EscalationRow, decision: Decision, *, giving_up: bool = False) -> Hold:
        with self._ground.recording(self._actor, about=found.id):
            self._ledger.take(decision.envelope.nonce, found.id, found.attempt)
        hold = take(self._ground, self._actor, found, giving_up=giving_up)
        self._holds[found.id] = hold
        return hold

    def _finish(self, ticket: Reference, target: RunState) -> None:
        hold = self._holds.get(id_of(ticket))
        if hold is None:
            self._finish_unheld(ticket, target)
            return
        nonce = hold.finish(target)
        del self._holds[id_of(ticket)]
        self._ledger.done(nonce)

    def _finish_unheld(self, ticket: Reference, target: RunState) -> None:
        """A run that never paused needs no lease to be over."""
        with self._write(id_of(ticket)) as mover:
            found = self._mine(mover.tx, ticket)
            run = mover.tx.runs.get(found.agent, found.run)
            if found.kind is EscalationKind.APPROVAL or run is None:
                raise LeaseLost("run of", found.id)
            mover.run(run, target)
