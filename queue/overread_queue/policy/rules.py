"""What people write into a policy besides the map: rules, watchlists, exemptions, examples."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from overread_briefs.action import Reversibility
from overread_briefs.brief import TriggerKind
from overread_briefs.fields import Finite, Identifier, Items, Line, Part, Sensitivity
from overread_queue.policy.conditions import Condition, Fact, Subject, Texts
from overread_queue.states import Tier

Direction = Literal["lower", "higher"]
Settable = Annotated[Tier, Field(strict=False)]
Day = Annotated[dt.date, Field(strict=False)]


class Signal(Part):
    """A number that agents send with a proposal, and which way it gets worse."""

    worse: Direction
    least: Finite | None = None
    most: Finite | None = None
    """What lies outside is unusable."""

    def holds(self, value: float) -> bool:
        return not (
            (self.least is not None and value < self.least)
            or (self.most is not None and value > self.most)
        )


KNOWN_SIGNALS: dict[str, Signal] = {
    "confidence": Signal(worse="lower", least=0.0, most=1.0),
    "risk": Signal(worse="higher", least=0.0, most=1.0),
    "ood": Signal(worse="higher", least=0.0, most=1.0),
}
"""Every policy has these; others are declared in it."""


class Rule(Part):
    """Raises an action to a tier where all of its conditions hold."""

    id: Identifier
    kind: TriggerKind
    actions: Items[Identifier] | None = None
    """Left out: every action type."""
    when: Annotated[Items[Condition], Field(min_length=1, max_length=12)]
    tier: Settable
    note: Line | None = None


class Watchlist(Part):
    """Raises an action whose parameter, agent or model is on a list. No exemption reaches it."""

    id: Identifier
    parameter: Identifier | None = None
    fact: Fact | None = None
    actions: Items[Identifier] | None = None
    """Left out: every action type that declares the parameter."""
    entries: Texts
    tier: Settable
    note: Line | None = None

    @model_validator(mode="after")
    def _looks_at_one_thing(self) -> Self:
        if (self.parameter is None) == (self.fact is None):
            raise ValueError('looks at one thing: parameter = "…", or fact = "agent" or the like')
        return self

    @property
    def subject(self) -> Subject:
        if self.parameter:
            return Subject("parameter", self.parameter)
        return Subject("fact", self.fact or "agent")


class Exemption(Part):
    """Takes one tier off an action type, until a day, on somebody's responsibility.

    Never for what is irreversible, and never off what a watchlist, a missing or unusable input, an
    open circuit breaker or a missing compensation asks for.
    """

    id: Identifier
    action: Identifier
    owner: Line
    expires: Day
    """The last day (UTC) on which it holds."""
    reason: Line


class Example(Part):
    """One of the policy's own test cases: a proposal, and the tier it must get."""

    name: Line
    action: Identifier
    expect: Settable
    expect_rules: Items[Identifier] | None = None
    """Exactly the rules and watchlists that must match, in any order."""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    signals: dict[str, JsonValue] = Field(default_factory=dict)
    reversibility: Reversibility | None = None
    """What the agent says; left out, it agrees with the policy."""
    compensation: Identifier | None = None
    agent: Identifier = "example"
    agent_version: Line | None = None
    model: Line | None = None
    model_version: Line | None = None
    data_class: Sensitivity | None = None
    permitted: bool = True
    breaker_open: bool = False
    stale_evidence: Annotated[int, Field(ge=0)] = 0
    day: Day | None = None
    """Left out, every exemption still holds."""
