"""The agents' door: propose, submit, wait, resume, act once. It has no way to decide anything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import replace

from pydantic import JsonValue

from overread_briefs import Action, Brief, Decision
from overread_briefs.brief import Software
from overread_briefs.canonical import MAX_BYTES, jcs, strict_loads
from overread_briefs.fields import Sensitivity
from overread_queue.asking.agent_side import AgentSide, Reference, brief_bytes, encoded, id_of
from overread_queue.asking.delivery import Resumption, check_stored, received
from overread_queue.asking.dossier import Dossier
from overread_queue.asking.proposing import Asked
from overread_queue.asking.submission import (
    MAX_CHECKPOINT_BYTES,
    Submission,
    claim_of,
    withdrawal_of,
)
from overread_queue.asking.tentative import Objection, Rollback, to_take_back
from overread_queue.errors import (
    DeskSilent,
    Erased,
    IntegrityError,
    InvalidRequest,
    NotApproved,
    StillPending,
)
from overread_queue.models import Proposal, Ticket
from overread_queue.routing.pressure import Pressure, nap, pressure_on
from overread_queue.states import EscalationKind, RunState, Tier
from overread_queue.transport.protocol import Hold
from overread_queue.trust.pins import Pin

Begun = Callable[[Dossier], str | None]
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
        strict_loads(jcs(action.parameters), max_bytes=MAX_PARAMETERS_BYTES)
        asked = Asked(action, dict(signals or {}), data_class, software, model)
        return self._transport.propose(asked)

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
        with self._transport.recording(id_of(ticket)):
            found = self._transport.dossier(id_of(ticket)).found
        claim = withdrawal_of(self._trusted.desk_id, self.agent, found.key)
        self._transport.withdraw(found, reason=reason, signature=self._signed(claim))
        self._pins.drop(found.id)

    # -- waiting

    def poll(self, ticket: Reference) -> Decision | None:
        """The verified decision, or None while it is pending.

        Raises `IntegrityError` (`Forged`, `Tampered`, `Replayed`, `Expired`, `TooEarly`) for what
        must not be believed, `Superseded` where a revised brief took its place, and `Halted` while
        somebody has stopped the agent or the desk. What this agent has begun to act on does not
        expire, so that a crash in the middle of it can be repaired at any time.
        """
        self._transport.check_going()  # not recorded: whoever polls would fill the chain with it
        decision, _ = self._read(ticket, self._begun)
        if decision is not None and decision.releases:
            self._transport.check_heard()
        return decision

    def wait(self, ticket: Reference, timeout: float | None = None) -> Decision | None:
        """Sleep until there is a decision; None when `timeout` seconds pass without one.

        A halt wakes it and raises `Halted`; what was asked stays, to be waited for again.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._transport.listen(id_of(ticket)) as bell:
            while True:
                decision = self._polled(ticket)
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
        with self._transport.recording(id_of(ticket)):
            self._transport.check_going()
            self._transport.check_heard()
        decision, there = self._decided(ticket)
        if not decision.releases:
            raise NotApproved(decision)
        if there.found.kind is not EscalationKind.APPROVAL:
            raise InvalidRequest(
                f"{there.found.id} confirms what was done; there is nothing to resume"
            )
        checkpoint = self._checkpoint_of(there)
        return Resumption(self, decision, self._hold(there, decision), checkpoint=checkpoint)

    def acknowledge(self, ticket: Reference, *, finish: bool = True) -> Decision:
        """Close a decision that releases nothing; with `finish=False` the run goes on after it."""
        decision, there = self._decided(ticket)
        found = there.found
        if decision.releases:
            raise InvalidRequest(f"decision {decision.id} is {decision.verdict}: resume() it")
        if found.kind is not EscalationKind.APPROVAL:
            raise InvalidRequest(f"{found.id} was done tentatively: take it back and rolled_back()")
        self._transport.acknowledge(found, finish=finish)
        return decision

    def complete(self, ticket: Reference) -> None:
        """The action is done. `resume` does this when its block ends well."""
        self._finish(ticket, RunState.COMPLETED)

    def fail(self, ticket: Reference, reason: str = "") -> None:
        """Give up: the run fails, whether or not it was resumed before, and however late it is."""
        decision, there = self._decided(ticket, _given_up)
        if there.found.kind is EscalationKind.APPROVAL and there.found.id not in self._holds:
            self._hold(there, decision, giving_up=True)
        self._finish(ticket, RunState.FAILED)
        self.outcome(ticket, ok=False, detail=reason)

    def is_over(self, ticket: Reference) -> bool:
        """Whether this agent has carried its approval out or given it up; `resume` refuses then."""
        with self._transport.recording(id_of(ticket)):
            found = self._transport.dossier(id_of(ticket)).found
        return self._ledger.is_done(found.id, found.attempt)

    def outcome(self, ticket: Reference, *, ok: bool, detail: str = "") -> None:
        """Report, at any later time, how the action turned out in the world."""
        self._transport.outcome(id_of(ticket), ok=ok, detail=detail[:MAX_DETAIL])

    def undelivered(self, ticket: Reference, *, tries: int, trouble: str) -> None:
        """Tell the desk that the answer could not be brought to the agent's runtime yet."""
        self._transport.undelivered(id_of(ticket), tries=tries, trouble=trouble[:MAX_DETAIL])

    # -- acting first

    def rollback_due(self) -> tuple[Rollback, ...]:
        """Tentative actions that nobody confirmed: take each back, then call `rolled_back`.

        Each answer is verified as `poll` does. What nobody signed, or this agent has taken back
        before, is left out; the refusal is written down.
        """
        back = {one.nonce for one in self._ledger.uses() if one.state == "done"}
        found = (self._due(id, back) for id in self._transport.rollbacks())
        return tuple(one for one in found if one is not None)

    def rolled_back(self, ticket: Reference, *, ok: bool, detail: str = "") -> None:
        """Report how taking back went. Raises `Replayed` the second time."""
        self._transport.rolled_back(id_of(ticket), ok=ok, detail=detail[:MAX_DETAIL])
        with suppress(Erased):
            envelope = self._decided(ticket)[0].envelope
            self._ledger.take(envelope.nonce, envelope.escalation, envelope.attempt)
            self._ledger.done(envelope.nonce)

    def objections(self, *, since: int = 0) -> tuple[Objection, ...]:
        """What reviewers hold against actions that this agent only told of, and against briefs
        that were hard to read."""
        return self._transport.objections(since=since)

    # -- going easy

    def pressure(self, action_type: str | None = None) -> Pressure:
        """How full the desk is for an action type; without one, for the fullest this agent uses."""
        registered, policy = self._trusted.roster().agent(self.agent), self._trusted.policy()
        now = self._transport.backlog()
        types = (action_type,) if action_type else registered.actions
        pools = {policy.duty(one, Tier.HARD_APPROVAL).pool for one in types} or {policy.owner}
        found = [
            pressure_on(policy, pool, now.depths, reviewers=now.reviewers, shut=now.shut)
            for pool in pools
        ]
        return replace(max(found, key=lambda one: one.filled), halted=now.halted)

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
        with self._transport.recording():
            signature = self._signed(claim_of(self._trusted.desk_id, submission))
        ticket = self._transport.submit(replace(submission, signature=signature))
        if ticket.taken_in:
            self._remember(ticket, submission.predecessor)
        return ticket

    def _remember(self, ticket: Ticket, predecessor: str | None) -> None:
        self._pins.keep(ticket)
        if predecessor is not None:
            self._pins.drop(predecessor)

    def _polled(self, ticket: Reference) -> Decision | None:
        """While the desk is silent an approval is not handed out, and may be once it speaks."""
        try:
            return self.poll(ticket)
        except DeskSilent:
            return None

    def _read(self, ticket: Reference, begun: Begun) -> tuple[Decision | None, Dossier]:
        with self._transport.recording(id_of(ticket)):
            return self._received(ticket, begun)

    def _received(self, ticket: Reference, begun: Begun) -> tuple[Decision | None, Dossier]:
        own = self._pins.of(id_of(ticket))
        pins = [one for one in (own, ticket) if isinstance(one, Pin | Ticket)]
        there = self._transport.dossier(id_of(ticket))
        decision = received(self._trusted, there, pins, begun=begun(there))
        if decision is not None and decision.releases:
            self._pins.check_wanted(there.found.id)
        return decision, there

    def _due(self, id: str, back: Container[str]) -> Rollback | None:
        """What is said to be taken back, if somebody signed that and nobody has done it."""
        try:
            decision, there = self._received(id, self._begun)
            if decision is None or there.answered is None or decision.envelope.nonce in back:
                return None
            return to_take_back(there.found, there.answered.payload, decision)
        except IntegrityError as refusal:
            self._refuse(id, refusal)
            return None

    def _refuse(self, id: str, refusal: IntegrityError) -> None:
        """Written down once: whoever asks in a loop would fill the chain with it."""
        if id not in self._refused:
            self._refused.add(id)
            with suppress(IntegrityError), self._transport.recording(id):
                raise refusal

    def _begun(self, there: Dossier) -> str | None:
        """The nonce that this agent's ledger took for it: the first use was in time."""
        return self._ledger.begun(there.found.id, there.found.attempt)

    def _decided(self, ticket: Reference, begun: Begun | None = None) -> tuple[Decision, Dossier]:
        decision, there = self._read(ticket, begun or self._begun)
        if decision is None:
            raise StillPending(id_of(ticket))
        return decision, there

    def _checkpoint_of(self, there: Dossier) -> JsonValue:
        if there.answered is None:
            return None
        payload = there.answered.payload
        with self._transport.recording(there.found.id):
            check_stored(self._trusted, there.found, payload)
        stored = payload.checkpoint
        return strict_loads(stored, max_bytes=MAX_CHECKPOINT_BYTES) if stored else None

    def _hold(self, there: Dossier, decision: Decision, *, giving_up: bool = False) -> Hold:
        found, nonce = there.found, decision.envelope.nonce
        with self._transport.recording(found.id):
            self._ledger.take(nonce, found.id, found.attempt)
        hold = self._transport.take(found, giving_up=giving_up)
        self._holds[found.id] = hold, nonce
        return hold

    def _finish(self, ticket: Reference, target: RunState) -> None:
        held = self._holds.get(id_of(ticket))
        if held is None:
            with self._transport.recording(id_of(ticket)):
                found = self._transport.dossier(id_of(ticket)).found
            self._transport.finish(found, target)
            return
        hold, nonce = held
        hold.finish(target)
        del self._holds[id_of(ticket)]
        self._ledger.done(nonce)


def _given_up(there: Dossier) -> str | None:
    """The nonce of any answer: giving up releases nothing, so no answer comes too late."""
    return there.answered.decision.nonce if there.answered else None
