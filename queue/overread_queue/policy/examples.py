"""The policy's own test cases, run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from overread_queue.policy.evaluate import evaluate
from overread_queue.policy.facts import Facts
from overread_queue.policy.model import Policy
from overread_queue.policy.rules import Example
from overread_queue.states import Tier


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one example."""

    name: str
    expected: Tier
    found: Tier
    expected_rules: frozenset[str] | None
    found_rules: frozenset[str]

    @property
    def ok(self) -> bool:
        same = self.expected_rules is None or self.expected_rules == self.found_rules
        return self.found is self.expected and same

    @property
    def problem(self) -> str | None:
        """What differs, in a sentence; None where nothing does."""
        if self.found is not self.expected:
            return f"{self.name}: expected {self.expected}, is {self.found} ({self._because()})"
        if self.ok:
            return None
        wanted = ", ".join(sorted(self.expected_rules or ())) or "no rule"
        return f"{self.name}: expected {wanted} to match, but {self._because()}"

    def _because(self) -> str:
        return ", ".join(sorted(self.found_rules)) or "no rule matches"


def run_examples(policy: Policy) -> tuple[Outcome, ...]:
    """Every example of the policy against the policy, in the order of the file."""
    return tuple(_run(policy, one) for one in policy.examples)


def facts_of(policy: Policy, example: Example) -> Facts:
    """An example as the proposal that it stands for."""
    rule = policy.actions[example.action]
    return Facts(
        agent=example.agent,
        action_type=example.action,
        at=_noon(example.day or _any_day(policy)),
        parameters=example.parameters,
        signals=example.signals,
        agent_version=example.agent_version,
        model=example.model,
        model_version=example.model_version,
        reversibility=example.reversibility or rule.reversibility,
        compensation=example.compensation,
        data_class=example.data_class,
        permitted=example.permitted,
        breaker_open=example.breaker_open,
        stale_evidence=example.stale_evidence,
    )


def _run(policy: Policy, example: Example) -> Outcome:
    ruling = evaluate(policy, facts_of(policy, example))
    expected = example.expect_rules
    return Outcome(
        name=example.name,
        expected=example.expect,
        found=ruling.tier,
        expected_rules=None if expected is None else frozenset(expected),
        found_rules=frozenset(ruling.rules),
    )


def _any_day(policy: Policy) -> dt.date:
    """A day on which every exemption holds."""
    return min((one.expires for one in policy.exemptions), default=dt.date(2000, 1, 1))


def _noon(day: dt.date) -> int:
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    return int(noon.timestamp() * 1000)
