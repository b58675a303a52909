"""Same action, same policy, same tier: the rule that decides how much a person has to do."""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs.action import Reversibility
from overread_briefs.brief import Trigger
from overread_queue.policy.model import (
    REVERSIBILITIES,
    UNKNOWN_REVIEW_SECONDS,
    UNKNOWN_SLA_SECONDS,
    ActionRule,
    Impact,
    Policy,
)
from overread_queue.states import Tier


@dataclass(frozen=True, slots=True)
class Tiering:
    """How an action is handled, and why."""

    action_type: str
    label: str
    tier: Tier
    triggers: tuple[Trigger, ...]
    impact: Impact
    reversibility: Reversibility
    """The more severe of what the policy and the agent say."""
    pool: str
    sla_seconds: int
    expected_seconds: int
    """Of review."""
    latency_tolerance_seconds: int
    on_silence: str


def tier_of(policy: Policy, action_type: str, said_by_agent: Reversibility) -> Tiering:
    """An action type that the policy does not know is paused for its owner."""
    rule = policy.actions.get(action_type)
    if rule is None:
        return _unknown(policy, action_type)
    reversibility = max(rule.reversibility, said_by_agent, key=REVERSIBILITIES.index)
    return Tiering(
        action_type=action_type,
        label=rule.label,
        tier=policy.risk.tier(rule.impact, reversibility),
        triggers=_triggers(action_type, rule, reversibility),
        impact=rule.impact,
        reversibility=reversibility,
        pool=rule.pool,
        sla_seconds=rule.sla,
        expected_seconds=round(rule.minutes * 60),
        latency_tolerance_seconds=rule.latency_tolerance,
        on_silence=rule.on_silence,
    )


def _triggers(
    action_type: str, rule: ActionRule, reversibility: Reversibility
) -> tuple[Trigger, ...]:
    cell = Trigger(
        kind="policy",
        rule="risk-map",
        signal=action_type,
        observed=f"{rule.impact} impact, {reversibility}",
    )
    if reversibility == rule.reversibility:
        return (cell,)
    return cell, Trigger(
        kind="policy",
        rule="agent-says-worse",
        signal="reversibility",
        observed=reversibility,
        comparison="!=",
        threshold=rule.reversibility,
    )


def _unknown(policy: Policy, action_type: str) -> Tiering:
    """Nothing is known, so the worst is assumed; the agent's word cannot make it better."""
    trigger = Trigger(
        kind="policy", rule="unknown-action", signal=action_type, observed="not in the policy"
    )
    return Tiering(
        action_type=action_type,
        label=action_type,
        tier=Tier.HARD_APPROVAL,
        triggers=(trigger,),
        impact="critical",
        reversibility="irreversible",
        pool=policy.owner,
        sla_seconds=UNKNOWN_SLA_SECONDS,
        expected_seconds=UNKNOWN_REVIEW_SECONDS,
        latency_tolerance_seconds=1,
        on_silence=_silence_in(policy, policy.owner),
    )


def _silence_in(policy: Policy, pool: str) -> str:
    senior = policy.pools[pool].senior
    return f"{policy.pools[senior].label} takes over" if senior else "it fails; nothing happens"
