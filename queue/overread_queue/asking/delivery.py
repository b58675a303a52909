"""What happens between a signed decision and an agent that has acted on it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pydantic import JsonValue, ValidationError

from overread_briefs import Action, Decision, action_sha256, brief_sha256
from overread_briefs.brief import Brief
from overread_briefs.canonical import strict_loads
from overread_briefs.decision import RELEASING
from overread_briefs.errors import BriefError
from overread_queue.asking.dossier import Answered, Dossier, Trusted
from overread_queue.errors import (
    Erased,
    Forged,
    NotFound,
    OverreadError,
    Superseded,
    Tampered,
)
from overread_queue.models import Ticket
from overread_queue.opinions import check_two, expectation, heard
from overread_queue.states import EscalationKind, EscalationState, Tier
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, PayloadRow, RunRow
from overread_queue.terms import Terms
from overread_queue.trust.envelope import Signed, verify_envelope
from overread_queue.trust.pins import Pin
from overread_queue.trust.vouching import Claim, check_claim, digest

if TYPE_CHECKING:
    from overread_queue.agent import AgentQueue
    from overread_queue.transport.protocol import Hold

E = EscalationState


def received(
    trusted: Trusted, dossier: Dossier, pins: Iterable[Pin | Ticket], *, begun: str | None = None
) -> Decision | None:
    """The answer, verified against what was submitted; None while there is none.

    `pins` are the agent's own memory of what it submitted, `begun` the nonce of the decision that
    may be past its time. Raises `IntegrityError`, `Superseded`.
    """
    found = dossier.found
    if found.state is E.SUPERSEDED:
        raise Superseded(found.id, dossier.successor or "another one")
    if dossier.answered is None:
        if found.state is E.DECIDED:
            raise Forged(f"escalation {found.id} is marked decided, but nobody signed a decision")
        return None
    for pin in pins:
        _check_pinned(found, pin)
    return _verified(trusted, found, dossier.answered, begun=begun)


def _verified(
    trusted: Trusted, found: EscalationRow, answered: Answered, *, begun: str | None
) -> Decision:
    payload, stored, policy = answered.payload, answered.decision, answered.policy
    brief = submitted_brief(found, payload)
    check_kind(found)
    action = brief.action if stored.verdict == "approve" else _decided_action(brief, payload)
    expect = expectation(trusted, policy, found, action_type=action.type)
    envelope = verify_envelope(
        Signed(stored.envelope, stored.signature),
        roster=trusted.roster(),
        expect=replace(expect, action_sha256=action_sha256(action), begun=begun),
        now=trusted.clock.now(),
    )
    if envelope.verdict == "approve" and envelope.action_sha256 != found.action_sha256:
        raise Tampered(f"the approval of {found.id} is for another action than the one proposed")
    # What was begun has passed this before: it may go on under a policy that is stricter by now.
    begins = envelope.verdict in RELEASING and envelope.nonce != begun
    terms = Terms(trusted, policy, found)
    if begins:
        expect = terms.narrowed(brief.model_copy(update={"action": action}), envelope, expect)
    said = heard(trusted, answered.opinions, expect, at=envelope.released_at)
    if begins and terms.takes_two(action.type):
        check_two(envelope, said)
    return Decision(envelope, action, payload.reason or "", said.envelopes)


def submitted_brief(found: EscalationRow, payload: PayloadRow) -> Brief:
    """What the stored bytes say, once they are shown to be the ones submitted.

    Raises `Tampered`, and `Erased` where the bytes went on purpose.
    """
    if payload.brief is None and payload.erased_at is not None:
        raise Erased(found.id)
    if payload.brief is None or brief_sha256(payload.brief) != found.brief_sha256:
        raise Tampered(f"the brief of {found.id} is not the one that was submitted")
    try:
        brief = Brief.model_validate(strict_loads(payload.brief), by_alias=True)
    except (BriefError, ValidationError) as error:
        raise Tampered(f"the brief of {found.id} is none that this desk took in") from error
    if action_sha256(brief.action) != found.action_sha256:
        raise Tampered(f"the action of {found.id} is not the one that was submitted")
    return brief


def check_kind(found: EscalationRow) -> None:
    """What is asked for beforehand has a tier that waits, and nothing else has; the signature
    covers the tier, so an answer about what was done already never releases anything.

    Raises `Tampered`.
    """
    waits = found.tier.severity >= Tier.HARD_APPROVAL.severity
    if waits != (found.kind is EscalationKind.APPROVAL):
        raise Tampered(f"escalation {found.id} is {found.kind} at {found.tier}, which cannot be")


def check_stored(trusted: Trusted, found: EscalationRow, payload: PayloadRow) -> None:
    """Where an agent has a key, what is stored in its name is what it signed. Raises `Forged`.

    What the desk itself puts before people for an audit is no agent's submission.
    """
    agent = trusted.roster().agents.get(found.agent)
    if agent is None or agent.key is None or found.kind is EscalationKind.AUDIT:
        return
    claim = Claim(
        desk=trusted.desk_id,
        agent=found.agent,
        key=found.key,
        brief_sha256=found.brief_sha256,
        checkpoint_sha256=digest(payload.checkpoint),
        predecessor=found.predecessor,
    )
    check_claim(claim, payload.signature, agent)


def _decided_action(brief: Brief, payload: PayloadRow) -> Action:
    """The proposed one with a reviewer's parameters: the digest that they signed covers no more."""
    if payload.edited_action is None:
        return brief.action
    try:
        changed = Action.model_validate(strict_loads(payload.edited_action))
    except (BriefError, ValidationError) as error:
        raise Tampered(f"the changed action of {payload.escalation} cannot be read") from error
    return brief.action.model_copy(update={"parameters": changed.parameters})


def _check_pinned(found: EscalationRow, pin: Pin | Ticket) -> None:
    # Before it was taken in, nobody had ruled on its tier.
    ruled = isinstance(pin, Pin) or pin.taken_in
    mine = (pin.brief_sha256, pin.action_sha256, pin.tier if ruled else found.tier)
    if mine != (found.brief_sha256, found.action_sha256, found.tier):
        raise Tampered(f"escalation {found.id} is not what this agent submitted")


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
            self._queue.complete(self.decision.envelope.escalation)
        else:
            with suppress(OverreadError):
                self._hold.give_back()

    def leave(self) -> None:
        """Give the lease back at once, without finishing: another process goes on with it."""
        self._hold.give_back()

    def heartbeat(self) -> None:
        """Extend the lease now. Raises `LeaseLost`: stop, somebody else is acting."""
        self._hold.extend()

    def _keep_alive(self) -> None:
        while not self._left.wait(self._hold.lease_seconds / 3):
            # A lost lease shows when the block is left: completing is fenced.
            with suppress(OverreadError):
                self._hold.extend()


def run_of(tx: Transaction, found: EscalationRow) -> RunRow:
    run = tx.runs.get(found.agent, found.run)
    if run is None:
        raise NotFound("run", found.run)
    return run
