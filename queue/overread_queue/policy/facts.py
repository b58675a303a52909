"""What is known about a proposal at the moment it is judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, TypeAdapter

from overread_briefs.action import Reversibility
from overread_briefs.fields import Sensitivity
from overread_queue.policy.conditions import Subject
from overread_queue.policy.values import recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the tier may depend on. `inputs` keeps it; the same facts, the same tier."""

    agent: str
    action_type: str
    at: int
    """UTC milliseconds; exemptions end by it."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    signals: Mapping[str, object] = field(default_factory=dict)
    agent_version: str | None = None
    model: str | None = None
    model_version: str | None = None
    reversibility: Reversibility = "irreversible"
    """What the agent says. It can make things stricter, never looser."""
    compensation: str | None = None
    """Type of the action that would take this one back, where the agent brings one."""
    data_class: Sensitivity | None = None
    permitted: bool = True
    """The action type is on the agent's list."""
    breaker_open: bool = False
    """The agent's circuit breaker is open."""
    halted: bool = False
    """The agent, or the whole desk, is stopped."""
    stale_evidence: int = 0
    """Pieces of evidence past their maximum age."""
    sensitive: Mapping[str, Sensitivity] = field(default_factory=dict)
    """Classes of parameters, as the agent says: for whoever looks on, no tier depends on them."""

    @property
    def day(self) -> dt.date:
        """The day of `at`, in UTC."""
        return dt.datetime.fromtimestamp(self.at / 1000, dt.UTC).date()

    def value(self, subject: Subject) -> object:
        """What `subject` is; None where it is missing."""
        match subject.kind:
            case "signal":
                return self.signals.get(subject.name)
            case "parameter":
                return self.parameters.get(subject.name)
            case "fact":
                return getattr(self, subject.name)


def inputs(facts: Facts) -> dict[str, JsonValue]:
    """The facts as JSON, to be kept with the verdict. What no rule could use is kept as a word."""
    return {
        "agent": facts.agent,
        "action_type": facts.action_type,
        "at": facts.at,
        "parameters": {name: recorded(value) for name, value in facts.parameters.items()},
        "signals": {name: recorded(value) for name, value in facts.signals.items()},
        "agent_version": facts.agent_version,
        "model": facts.model,
        "model_version": facts.model_version,
        "reversibility": facts.reversibility,
        "compensation": facts.compensation,
        "data_class": facts.data_class,
        "permitted": facts.permitted,
        "breaker_open": facts.breaker_open,
        "halted": facts.halted,
        "stale_evidence": facts.stale_evidence,
        "sensitive": dict(facts.sensitive),
    }


def from_inputs(kept: Mapping[str, JsonValue]) -> Facts:
    """The facts that `inputs` kept. Raises `ValueError` where they are something else."""
    return _KEPT.validate_python(dict(kept))


_KEPT = TypeAdapter(Facts)
