"""What holds for the whole desk, as data. Times are in seconds."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from overread_briefs.fields import Identifier, Items, Part, Probability
from overread_queue.policy.durations import Duration, LongTime, Pause
from overread_queue.policy.rules import Settable
from overread_queue.states import Tier

Impact = Literal["low", "medium", "high", "critical"]
IMPACTS: tuple[Impact, ...] = ("low", "medium", "high", "critical")
"""Least severe first."""
Threshold = Literal["low", "medium", "high", "critical", "never"]
"""From this impact on; `never` switches a control off, and `policy check` says so."""

SKELETON_FLOOR = 183 * 86_400
"""Six months: what Article 26(6) of the EU AI Act asks deployers to keep logs for, at the least."""

Minutes = Annotated[float, Field(gt=0, le=480, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Reference = Annotated[int, Field(ge=50, le=10_000)]
Seldom = Annotated[int, Field(ge=100, le=1_000_000)]
Backlog = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


class Settings(Part):
    """How the queue handles an item in hand."""

    undo: Pause = 10
    """How long an approval is held before it is signed and released."""
    decision_valid: Duration = 86_400
    """How long an approval can be used after its release."""
    lease: Duration = 300
    heartbeat: Duration = 30
    """How often a console extends its leases."""
    brief_budget: Literal["refuse", "warn"] = "refuse"
    """What happens to a brief that has more words than a first card holds."""
    break_glass: bool = False
    """Whether a lead may decide alone on what this policy gives to others, in everybody's sight."""


class Limits(Part):
    """How much work people are given, and what agents are told when it is too much."""

    warn_minutes: Minutes = 30
    """Waiting work per reviewer on shift at which agents should slow down."""
    hard_minutes: Minutes = 60
    """… and at which the pool is full."""
    day_minutes: Minutes = 240
    """Most active review of one reviewer in a day."""
    day_items: Count = 60
    retry_after: Duration = 300
    """What a refused agent is told to wait."""
    batch_window: Duration = 1800
    """How long what can wait gathers before it arrives as a session."""


class Friction(Part):
    """How much an approval asks of a reviewer. Only approve and modify pay.

    Default values and what speaks for each: `queue/README.md`, "Friction". Zero and `never` switch
    a control off.
    """

    floor_soft: Pause = 0
    """Least active review time of a soft review."""
    floor_hard: Pause = 20
    floor_irreversible: Pause = 45
    """… of a hard approval of something irreversible."""
    words_per_minute: Annotated[int, Field(ge=100, le=600)] = 300
    """Nobody reads the required words faster than this; holds wherever there is a floor."""
    read_contradictions: bool = True
    """A hard approval needs every contradicting piece of evidence opened."""
    withhold_from: Threshold = "high"
    """From this impact on, an irreversible action hides its recommendation until judged."""
    withhold_fraction: Probability = 0.10
    """… and elsewhere at random."""
    challenge_from: Threshold = "high"
    """From this impact on, a hard approval names its weakest point."""
    challenge_least: Annotated[int, Field(ge=0, le=300)] = 30
    """Characters of "this would be wrong if …"."""
    dual_fraction: Probability = 0.02
    """Share of hard approvals that a second person, where there is one, judges blindly."""
    probe_fraction: Annotated[float, Field(ge=0, le=0.05, allow_inf_nan=False)] = 0.02
    session_items: Count = 15
    session_minutes: Minutes = 25
    """Expected work in one session."""
    session_longest: Duration = 40 * 60
    """Active time after which a session takes no more items."""
    break_after: Duration = 30 * 60
    """Active time until a break is suggested; two thirds of it while the desk is overloaded."""
    break_for: Duration = 5 * 60
    """A pause this long counts as a break."""


class Audit(Part):
    """The random sample of what agents did by themselves."""

    rate: Probability = 0.02
    new_rate: Probability = 0.05
    """While an agent's version is new."""
    new_for: Pause = 30 * 86_400
    floor: Probability = 0.003
    """No action is ever drawn with less than this."""

    def rate_at(self, age_seconds: float) -> float:
        """The probability for an agent's version that was first seen `age_seconds` ago."""
        return max(self.floor, self.new_rate if age_seconds < self.new_for else self.rate)


class Freshness(Part):
    """What evidence past its maximum age does: raise the tier, return the brief, or be shown."""

    stale: Literal["raise", "return", "show"] = "show"
    raise_to: Settable = Tier.HARD_APPROVAL


class Breaker(Part):
    """When an agent that keeps failing or being rejected is raised, until a lead lifts it."""

    failures: Count = 5
    rejections: Count = 5
    window: Duration = 3600
    raise_to: Settable = Tier.HARD_APPROVAL


class Alarms(Part):
    """How seldom alarms come without a cause; what that costs in time: `overread alarms design`.

    Each `…_every` is a mean number of cases between two false alarms. Cases of all subjects add
    up, so the number holds for a desk as much as for one action type. A setting holds for
    baselines that begin after it came into force.
    """

    reference: Reference = 200
    """Reviews of an action type that a baseline is made of: its first ones."""
    reference_proposals: Reference = 1_000
    """… and proposals, which there are more of."""
    reference_early: Reference = 100
    """Proposals after which they are watched for a change that is larger, until then."""
    overrides_every: Seldom = 20_000
    """Reviews, where overrides are feared to fall to a quarter."""
    no_override_chance: Annotated[float, Field(ge=1e-6, le=0.1)] = 0.01
    """The run of reviews without an override that is so rare is a warning, before it is proof."""
    escalations_every: Seldom = 50_000
    """Proposals, where escalations are feared to double or to halve."""
    fast_under: Pause = 5
    """An approval in less active time, or in half the time of a fast reader, is a fast one."""
    fast_share: Annotated[float, Field(ge=0.005, le=0.2)] = 0.02
    """Share of fast approvals that is nothing to worry about; five times as many are feared."""
    fast_every: Seldom = 20_000
    """Approvals, where fast ones are feared."""
    speed_every: Seldom = 20_000
    """Reviews, where the median is feared to be a quarter shorter while more and more waits."""
    missed_every: Seldom = 3_000
    """Results of blind tests that were wrong, where people are feared to catch half as many."""
    breach_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of what waits in a pool that is expected to be late, from which on it is told."""


class Retention(Part):
    """How long what people and agents wrote is kept, and how long the bare record of it.

    Payloads are briefs, checkpoints, parameters, reasons, comments and messages. The skeleton is
    ids, digests, verdicts, signed envelopes and the chain of events.
    """

    payloads: LongTime = SKELETON_FLOOR
    skeleton: Annotated[LongTime, Field(ge=SKELETON_FLOOR)] = 5 * 366 * 86_400

    @model_validator(mode="after")
    def _bare_record_stays_longest(self) -> Self:
        if self.payloads > self.skeleton:
            raise ValueError("payloads cannot be kept longer than the skeleton that names them")
        return self


class SignOff(Part):
    """Roles that must agree before a policy becomes active."""

    activate: Items[Identifier] = ()
    loosen: Items[Identifier] = ()
    """These too, where any case is loosened."""
