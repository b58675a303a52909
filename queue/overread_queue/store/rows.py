"""Rows as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from overread_briefs.decision import Verdict
from overread_queue.errors import Tampered
from overread_queue.models import Challenge, Judgement, Row, Sureness
from overread_queue.states import EscalationKind, EscalationState, RunState, Tier

if TYPE_CHECKING:
    from overread_queue.friction.withholding import Cause
    from overread_queue.store.driver import sqlite3


class Stored:
    """Base: a row whose columns are the slots of a frozen dataclass."""

    __slots__: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        try:
            return cls(*[row[name] for name in cls.__slots__])
        except ValueError as error:
            raise Tampered(
                f"the database says what Overread never writes ({error}); "
                "`overread audit verify` shows what else was altered"
            ) from error


@dataclass(frozen=True, slots=True)
class Stop(Stored):
    """An event by which somebody was stopped, by halt or breaker, or by which that was lifted."""

    kind: str
    stop: str
    """Id of the halt or breaker."""
    agent: str | None
    at: int
    actor: str
    words: str
    """Why, of what was stopped."""
    signature: str
    """Of what was lifted, as it stands there: nobody has checked it yet."""

    @property
    def by(self) -> str:
        """The person's name, without the door they came through."""
        return self.actor.partition(":")[2]


@dataclass(frozen=True, slots=True)
class RunRow(Stored):
    agent: str
    id: str
    state: RunState
    fence: int
    holder: str | None
    lease_until: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", RunState(self.state))


@dataclass(frozen=True, slots=True)
class EscalationRow(Stored):
    id: str
    agent: str
    run: str
    key: str
    attempt: int
    state: EscalationState
    kind: EscalationKind
    tier: Tier
    severity: int
    pool: str
    action_type: str
    brief_sha256: str
    action_sha256: str
    policy_sha256: str
    predecessor: str | None
    created_at: int
    sla_ms: int
    deadline_at: int
    claimable_at: int
    promote_at: int | None
    expected_seconds: int
    stake: int
    timeouts: int
    hops: int
    reviewer: str | None
    session: str | None
    fence: int
    lease_until: int | None
    held_until: int | None
    closed_at: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", EscalationState(self.state))
        object.__setattr__(self, "kind", EscalationKind(self.kind))
        object.__setattr__(self, "tier", Tier(self.tier))


def line(row: sqlite3.Row) -> Row:
    """An escalation joined with its question, as one line of a list."""
    return line_of(EscalationRow.of(row), row["question"])


def line_of(found: EscalationRow, question: str) -> Row:
    return Row(
        id=found.id,
        question=question,
        agent=found.agent,
        action_type=found.action_type,
        tier=found.tier,
        pool=found.pool,
        state=found.state,
        deadline_at=found.deadline_at,
        claimable_at=found.claimable_at,
        expected_seconds=found.expected_seconds,
        claimed_by=found.reviewer,
        hops=found.hops,
        revises=found.predecessor,
        kind=found.kind,
        promoted=found.promote_at is None,
    )


@dataclass(frozen=True, slots=True)
class Ready(Stored):
    """What ordering needs to know of an escalation that may be claimed."""

    id: str
    severity: int
    deadline_at: int
    expected_seconds: int
    agent: str
    action_type: str
    promote_at: int | None
    """When half the SLA is over; None once it was."""
    stake: int
    """Expected loss if nobody looks, in points."""


@dataclass(frozen=True, slots=True)
class PayloadRow(Stored):
    escalation: str
    question: str
    brief: bytes | None
    checkpoint: bytes | None
    triggers: str
    signature: bytes | None
    """By the agent's key, where it has one."""
    edited_action: bytes | None
    reason: str | None
    erased_at: int | None


@dataclass(frozen=True, slots=True)
class ReviewRow(Stored):
    id: str
    escalation: str
    attempt: int
    session: str | None
    reviewer: str
    fence: int
    opened_at: int
    closed_at: int | None
    active_ms: int
    focus_lost: int
    evidence: str
    unmasked: str
    outcome: str | None
    option: str | None
    parameters: str | None
    reason: str | None
    withheld: Cause | None
    """Why the recommendation was held back at first: `policy`, `drawn`, or not at all."""
    withhold_probability: float | None
    undone: int
    """How often an approval was taken back."""

    @classmethod
    def new(
        cls,
        id: str,
        escalation: EscalationRow,
        now: int,
        *,
        withheld: Cause | None = None,
        withhold_probability: float | None = None,
    ) -> Self:
        """A look that begins now, by whoever has the escalation claimed."""
        if escalation.reviewer is None:
            raise ValueError(f"{escalation.id} is claimed by nobody")
        return cls(
            id=id,
            escalation=escalation.id,
            attempt=escalation.attempt,
            session=escalation.session,
            reviewer=escalation.reviewer,
            fence=escalation.fence,
            opened_at=now,
            closed_at=None,
            active_ms=0,
            focus_lost=0,
            evidence="[]",
            unmasked="[]",
            outcome=None,
            option=None,
            parameters=None,
            reason=None,
            withheld=withheld,
            withhold_probability=withhold_probability,
            undone=0,
        )


@dataclass(frozen=True, slots=True)
class Look(Stored):
    """What a reviewer's workload needs to know of one review."""

    id: str
    opened_at: int
    closed_at: int | None
    active_ms: int
    settled: bool
    """It came to a decision or an opinion, or is held for one."""


@dataclass(frozen=True, slots=True)
class JudgementRow(Stored):
    escalation: str
    attempt: int
    reviewer: str
    option: str
    confidence: Sureness
    at: int
    active_ms: int
    """Of the review until then."""
    revealed_at: int | None = None
    signature: bytes = b""

    def words(self) -> dict[str, str | int | None]:
        """What its reviewer signs."""
        return {
            "escalation": self.escalation,
            "attempt": self.attempt,
            "reviewer": self.reviewer,
            "option": self.option,
            "confidence": self.confidence,
            "at": self.at,
            "active_ms": self.active_ms,
        }

    def said(self) -> Judgement:
        return Judgement(self.option, self.confidence, self.at)


@dataclass(frozen=True, slots=True)
class ChallengeRow(Stored):
    escalation: str
    attempt: int
    reviewer: str
    at: int
    weakest: str | None
    missing: str | None
    wrong_if: str
    changed: str
    boilerplate: str | None
    """Kind of boilerplate that its writer chose to keep."""
    signature: bytes = b""

    def words(self) -> dict[str, str | int | None]:
        """What its reviewer signs."""
        return {
            "escalation": self.escalation,
            "attempt": self.attempt,
            "reviewer": self.reviewer,
            "at": self.at,
            "weakest": self.weakest,
            "missing": self.missing,
            "wrong_if": self.wrong_if,
            "changed": self.changed,
            "boilerplate": self.boilerplate,
        }

    def said(self) -> Challenge:
        return Challenge(self.wrong_if, self.weakest, self.missing, self.changed)


@dataclass(frozen=True, slots=True)
class DecisionRow(Stored):
    escalation: str
    attempt: int
    verdict: Verdict
    option: str
    signer: str
    nonce: str
    envelope: bytes
    signature: bytes
    released_at: int


@dataclass(frozen=True, slots=True)
class DeliveryRow(Stored):
    escalation: str
    attempt: int
    state: str
    taken_at: int | None
    fence: int | None
    done_at: int | None
    outcome: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Unclaimed(Stored):
    """An answer that its agent has not finished with."""

    id: str
    agent: str
    action_type: str
    verdict: Verdict
    released_at: int
    taken: bool
    """Its agent has begun to act on it."""
    tries: int
    """How often it could not be brought."""
    trouble: str
    """Why, in the words of whoever tried."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "taken", bool(self.taken))


@dataclass(frozen=True, slots=True)
class SessionRow(Stored):
    id: str
    reviewer: str
    started_at: int
    ended_at: int | None
    expected_seconds: int
    active_ms: int
    """Of the reviews in it; they add up."""
    break_ms: int | None
    """Pause since this reviewer's last session; None for the first one."""


@dataclass(frozen=True, slots=True)
class Message(Stored):
    """An unread row of the inbox, as bytes: whatever was inserted."""

    id: int
    kind: str
    agent: bytes
    key: bytes
    body_type: str
    """SQLite's name of what was inserted: `text`, `blob`, `integer` or `real`."""
    body: bytes
    checkpoint_type: str
    checkpoint: bytes | None
    signature: bytes | None
    name: str | None
    ticket: str | None
    predecessor: str | None
    proposal: str | None
    source: int | None
    """Its row in a mailbox; None for one that was inserted here."""


@dataclass(frozen=True, slots=True)
class EventRow(Stored):
    seq: int
    at: int
    actor: str
    kind: str
    agent: str | None
    run: str | None
    escalation: str | None
    detail: str
    previous: str
    hash: str
