"""What the doors hand out: frozen values, no behaviour beyond reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from overread_briefs.brief import Brief, Option, Recommendation, Trigger
from overread_briefs.decision import Verdict
from overread_briefs.fields import Parameters, Sensitivity
from overread_queue.policy.settings import Impact
from overread_queue.states import EscalationKind, EscalationState, RunState, Tier


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an agent gets for a brief: keep the id, or submit again with the same key."""

    id: str
    run: str
    key: str
    state: EscalationState
    tier: Tier
    brief_sha256: str
    action_sha256: str
    deadline_at: int
    """UTC milliseconds."""
    created: bool
    """False when the same key and content had been submitted before."""
    taken_in: bool = True
    """False while it lies in a mailbox: it is safe there, and its tier and deadline are what the
    agent's side expects."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where an escalation and its run stand, without verifying anything."""

    id: str
    state: EscalationState
    run: str
    run_state: RunState
    tier: Tier
    pool: str
    deadline_at: int
    verdict: Verdict | None
    """As recorded; only `poll`, `wait` and `resume` verify it."""
    halted: Halt | None
    """What stops its agent now: nothing goes on until a lead lifts it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the desk's list."""

    id: str
    question: str
    agent: str
    action_type: str
    tier: Tier
    pool: str
    state: EscalationState
    deadline_at: int
    claimable_at: int
    expected_seconds: int
    claimed_by: str | None
    hops: int
    """How often it was handed on."""
    revises: str | None
    """The escalation whose brief this one replaces."""
    kind: EscalationKind
    promoted: bool
    """Half of its SLA is over, so it has moved up."""


@dataclass(frozen=True, slots=True)
class Item:
    """An escalation leased to a reviewer."""

    id: str
    attempt: int
    question: str
    tier: Tier
    pool: str
    agent: str
    action_type: str
    deadline_at: int
    expected_seconds: int
    fence: int
    """Fencing token: grows with each claim; a smaller one is refused."""
    lease_until: int


@dataclass(frozen=True, slots=True)
class Session:
    """A batch of work."""

    id: str
    reviewer: str
    started_at: int
    items: tuple[Item, ...]
    expected_seconds: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the policy says about an action, before anybody is asked."""

    id: str
    """Pass it to `submit(brief, proposal=…)`."""
    tier: Tier
    triggers: tuple[Trigger, ...]
    """Every reason, the most severe first."""
    rules: tuple[str, ...]
    policy_sha256: str
    pool: str
    sla_seconds: int
    on_silence: str

    @property
    def may_act(self) -> bool:
        """Whether the agent may act before anybody has answered."""
        return not self.tier.blocks

    @property
    def needs_brief(self) -> bool:
        """Whether the agent has to submit a brief: to be confirmed, approved or taken over."""
        return self.tier.severity >= Tier.SOFT_REVIEW.severity


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an agent did and told of."""

    proposal: str
    agent: str
    action_type: str
    label: str
    parameters: Parameters
    masked: tuple[str, ...]
    """Names of the parameters whose values are masked until `unmask_notice`."""
    data_class: Sensitivity | None
    """What the agent said of the data; None where it said nothing."""
    at: int
    objections: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What a colleague wrote beside an escalation."""

    author: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Handling:
    """What the policy says about an escalation: where, until when, and what silence does."""

    kind: EscalationKind
    tier: Tier
    pool: str
    pool_label: str
    role: str
    impact: Impact
    reversibility: str
    action_label: str
    sla_seconds: int
    deadline_at: int
    on_silence: str
    senior_label: str | None
    """Label of the pool that hand-on goes to; None where there is none."""
    triggers: tuple[Trigger, ...]
    """Why the policy asks for a person."""
    policy_sha256: str
    """The version of the policy that says so."""
    promoted: bool
    """Half of the SLA is over, so it has moved up."""


@dataclass(frozen=True, slots=True)
class Review:
    """A snapshot to decide on: what may be shown now, pinned by digest."""

    id: str
    item: Item
    session: str | None
    brief: Brief
    """Without the recommendation, and with sensitive evidence masked."""
    brief_sha256: str
    action_sha256: str
    handling: Handling
    options: tuple[Option, ...]
    """The brief's options and the ones that are always there, in the order to show."""
    recommendation: Recommendation | None
    """None also while it is withheld."""
    comments: tuple[Comment, ...]
    masked: frozenset[str]
    """Ids of evidence whose content is masked until `unmask`."""
    previous: Brief | None
    """The brief this one revises."""
    opened_at: int
    draft: Draft | None = None
    """What this reviewer had chosen before an undo or a crash."""
    withheld: bool = False
    """There is a recommendation, and it is shown only after a first judgement."""
    judgement: Judgement | None = None
    """This reviewer's first judgement, where one was asked for."""
    challenge: Challenge | None = None
    """What this reviewer has held against an approval so far."""
    two_people: bool = False
    """The policy asks for two people here, neither of whom sees the other's opinion."""
    masked_parameters: Mapping[str, Sensitivity] = field(default_factory=dict)
    """Class of every parameter whose value is masked until `unmask_parameter`."""


Sureness = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer would have chosen before the recommendation was shown. Never changes."""

    option: str
    confidence: Sureness
    at: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a reviewer holds against their own approval."""

    wrong_if: str
    """How "this would be wrong if …" goes on."""
    weakest: str | None = None
    """Id of the weakest piece of evidence …"""
    missing: str | None = None
    """… or, in words, what is missing."""
    changed: str = ""
    """What changed since the first judgement, where the choice did."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an approval of one review still asks for. Everything else is open at once."""

    seconds_left: float = 0.0
    """Of active review."""
    unread: tuple[str, ...] = ()
    """Contradicting evidence not opened yet, by id."""
    judge: bool = False
    """A first judgement is due before the recommendation is shown."""
    challenge: bool = False
    """The weakest point has to be named before approving."""
    changed: frozenset[str] = frozenset()
    """Options that differ from the first judgement, so a line on what changed is due with them."""
    stopped: str = ""
    """Who was stopped, by whom, in a sentence; empty while nobody is."""
    capped: str = ""
    """The limit that was reached, in a sentence; empty below it."""

    @property
    def shut(self) -> bool:
        """Whether no answer to a question opens approving: time, reading, or a lead has to."""
        waits = self.seconds_left > 0 or self.unread or self.judge
        return bool(waits or self.stopped or self.capped)


@dataclass(frozen=True, slots=True)
class Workload:
    """One reviewer's day so far, against the policy's limits. No score."""

    items: int
    items_most: int
    active_seconds: int
    seconds_most: int
    since_break_seconds: int
    """Active review since the last pause that counts as a break."""
    break_due: bool
    break_seconds: int
    """How long the suggested break is."""
    capped: str = ""
    """The limit that was reached, in a sentence; empty below it."""


@dataclass(frozen=True, slots=True)
class Halt:
    """An agent, or the whole desk where `agent` is None, that somebody stopped."""

    id: str
    agent: str | None
    at: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """What a lead lifted from an agent, or from the whole desk where `agent` is None."""

    agent: str | None
    breaker: bool
    """Its circuit breaker was open."""
    halt: Halt | None
    still: Halt | None
    """What goes on stopping it: the whole desk's halt."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsigned choice."""

    option: str
    parameters: Parameters | None
    reason: str


ReceiptState = Literal["held", "recorded", "handed_on"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `decide` gives back."""

    escalation: str
    attempt: int
    option: str
    verdict: Verdict | None
    """None for a hand-on, which decides nothing."""
    state: ReceiptState
    release_at: int
    """When a held decision is signed and released; the moment of recording otherwise."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The desk at a glance, for one reviewer."""

    ready: int
    ready_seconds: int
    """Expected seconds of review for what is ready."""
    urgent_count: int
    """What breaches before a session started now would end."""
    urgent: tuple[Row, ...]
    """The first few of those, soonest first."""
    batching: int
    next_batch_at: int | None
    claimed_by_others: int
    mine: int
    """Items leased to this reviewer now."""
    overloaded: bool
    """Not everything can be done in time with whoever is on, so the costliest comes first."""
    done_today: int
    active_seconds_today: int


@dataclass(frozen=True, slots=True)
class Glass:
    """A lead took a decision out of other people's hands, and no other lead has looked since."""

    escalation: str
    question: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What a session came to. No score."""

    id: str
    started_at: int
    ended_at: int
    active_seconds: int
    opened: int
    verdicts: dict[str, int] = field(default_factory=dict)
    handed_on: int = 0
    snoozed: int = 0
    released: int = 0
    longest: tuple[str, int] | None = None
    """Question and active seconds of the review that took longest."""
    longest_item: str = ""
    """The escalation that it was of; empty where there was none."""
    differed: int = 0
    """First judgements that were not what the recommendation said."""
    judged: int = 0
    """First judgements."""
    break_seconds: int | None = None
    """Length of the break that is suggested now; None while none is."""
    tests: int = 0
    """How many of its items were blind tests. Which ones, and how they went, nobody is told."""
    practice: str = ""
    """How many of the desk's people catch the kind of mistake that was tested; empty where that is
    not known well enough."""
