"""What the tables say against what the events say: a table tells nothing that no event led to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from overread_briefs.canonical import brief_sha256, strict_loads
from overread_briefs.errors import BriefError
from overread_queue.audit.links import Damage, Link
from overread_queue.audit.said import unsigned
from overread_queue.errors import Forged
from overread_queue.policy.load import policy_sha256
from overread_queue.states import RunState
from overread_queue.store.evidence import Cells, Evidence
from overread_queue.trust import sshsig
from overread_queue.trust.envelope import MAX_ENVELOPE_BYTES, NAMESPACE, OPINION
from overread_queue.trust.lifting import Lift, is_signed
from overread_queue.trust.roster import Roster

ERASED = "erased"
"""Kind of the event that explains why a brief is gone."""
LIFTS = frozenset({"halt_lifted", "breaker_lifted"})
"""Kinds of the events that a lead signs."""


@dataclass(slots=True)
class Told:
    """What the events tell, gathered in one pass."""

    states: dict[object, object] = field(default_factory=dict)
    """Escalation → where its last move brought it."""
    runs: dict[tuple[object, object], object] = field(default_factory=dict)
    answers: dict[object, object] = field(default_factory=dict)
    """Digest of a signed envelope → the escalation it answers."""
    erased: set[object] = field(default_factory=set)
    about: set[object] = field(default_factory=set)
    """Every escalation that some event is about."""
    lifts: list[Link] = field(default_factory=list)
    """Events by which a halt or a breaker is said to be over."""

    def take(self, link: Link) -> None:
        detail = link.detail or {}
        to = detail.get("to")
        if link.escalation is not None:
            self.about.add(link.escalation)
        if link.kind == "run":
            self.runs[link.agent, link.run] = to
        elif to is not None and link.escalation is not None:
            self.states[link.escalation] = to
        digest = detail.get("envelope_sha256")
        if isinstance(digest, str):
            self.answers[digest] = link.escalation
        if link.kind in LIFTS:
            self.lifts.append(link)
        if link.kind == ERASED:
            self.erased.add(link.escalation)


def heads(found: Evidence) -> dict[object, object]:
    """Where each signed statement says the chain was at the time → its escalation."""
    told: dict[object, object] = {}
    for _, escalation, _, envelope, _ in found.signed():
        head = _audit_head(envelope)
        if head is not None:
            told[head] = escalation
    return told


def compared(found: Evidence, told: Told, roster: Roster) -> Iterator[Damage]:
    """Every contradiction between the tables and the events."""
    tests = list(found.probes())
    yield from _tests(found, told, tests)
    yield from _states(found, told, {id for id, _, _ in tests})
    yield from _runs(found, told, {(agent, run) for _, agent, run in tests})
    yield from _statements(found, told, roster)
    yield from _lifts(told, roster)
    yield from unsigned(found, roster, erased=told.erased)
    yield from _briefs(found, told)
    for digest, body in found.policies():
        if not isinstance(body, bytes) or policy_sha256(body) != digest:
            yield Damage("policy_altered", f"the policy kept as {digest!r} has other content")


def _tests(found: Evidence, told: Told, tests: list[Cells]) -> Iterator[Damage]:
    """A blind test leaves neither an event nor a signature: what has one is real work."""
    signed = {escalation for _, escalation, *_ in found.signed()}
    for id, _, _ in tests:
        if id in told.about or id in signed:
            text = f"escalation {id} is said to be a blind test, but it is real work"
            yield Damage("test_planted", text)


def _states(found: Evidence, told: Told, tests: set[object]) -> Iterator[Damage]:
    left = dict(told.states)
    for id, state in found.escalations():
        led = left.pop(id, None)
        if led != state and not (led is None and id in tests):
            text = f"escalation {id} is {state}, but its events lead to {led or 'nothing'}"
            yield Damage("state_unexplained", text)
    for id in left:
        yield Damage("state_unexplained", f"escalation {id} has events, but is gone")


def _runs(found: Evidence, told: Told, tests: set[tuple[object, object]]) -> Iterator[Damage]:
    for agent, id, state in found.runs():
        silent = (agent, id) in tests and (agent, id) not in told.runs
        led = told.runs.get((agent, id), RunState.RUNNING)
        if led != state and not silent:
            text = f"run {id} of {agent} is {state}, but its events lead to {led}"
            yield Damage("state_unexplained", text)


def _statements(found: Evidence, told: Told, roster: Roster) -> Iterator[Damage]:
    left = dict(told.answers)
    for kind, escalation, attempt, envelope, signature in found.signed():
        name = f"{kind} {escalation}/{attempt}"
        digest = hashlib.sha256(envelope).hexdigest() if isinstance(envelope, bytes) else ""
        if left.pop(digest, None) != escalation:
            yield Damage("decision_unexplained", f"{name} has no event that says it was made")
        if fault := _fault(kind, envelope, signature, roster):
            yield Damage("decision_forged", f"{name}: {fault}")
    for escalation in left.values():
        text = f"a signed answer to {escalation} has an event, but is gone or was exchanged"
        yield Damage("decision_removed", text)


def _lifts(told: Told, roster: Roster) -> Iterator[Damage]:
    """Whether its lead is one still, those ask who are to go on because of it."""
    for link in told.lifts:
        if not _is_signed(link, roster):
            text = f"event {link.seq} lets {link.agent or 'the desk'} go on, and no lead signed it"
            yield Damage("lift_forged", text)


def _is_signed(link: Link, roster: Roster) -> bool:
    detail, body = link.detail or {}, link.body or {}
    stop = detail.get("halt", detail.get("breaker"))
    match stop, link.agent, body.get("actor"), body.get("at"), detail.get("signature"):
        case str(stop), str() | None as agent, str(actor), int(at), str(signature):
            lift = Lift(roster.desk.id, stop, agent, actor.partition(":")[2], at)
            return is_signed(lift, signature, roster)
    return False


def _briefs(found: Evidence, told: Told) -> Iterator[Damage]:
    for id, brief, digest in found.briefs():
        if brief is None and id not in told.erased:
            yield Damage("brief_altered", f"the brief of {id} is gone, and no event says why")
        elif brief is not None and not (isinstance(brief, bytes) and brief_sha256(brief) == digest):
            yield Damage("brief_altered", f"the brief of {id} is not the one that came")


def _fault(kind: object, envelope: object, signature: object, roster: Roster) -> str | None:
    if not (isinstance(envelope, bytes) and isinstance(signature, bytes)):
        return "it is no signed envelope"
    namespace = NAMESPACE if kind == "decision" else OPINION
    try:
        signer = sshsig.verify(envelope, signature, namespace=namespace)
    except Forged as error:
        return str(error)
    known = signer in roster.signers or signer in roster.desk_keys
    return None if known else "its key belongs to nobody on this desk, now or earlier"


def _audit_head(envelope: object) -> str | None:
    if not isinstance(envelope, bytes):
        return None
    try:
        told = strict_loads(envelope, max_bytes=MAX_ENVELOPE_BYTES)
    except BriefError:
        return None
    head = told.get("audit_head") if isinstance(told, dict) else None
    return head if isinstance(head, str) else None
