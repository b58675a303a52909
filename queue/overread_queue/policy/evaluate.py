"""Same facts, same policy, same tier. The most severe match wins; order never matters.

What is missing, unusable or unknown is never taken for harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from overread_briefs.action import Reversibility
from overread_briefs.brief import Trigger
from overread_briefs.fields import IDENTIFIER_PATTERN
from overread_queue.policy.axes import Axis, Piece
from overread_queue.policy.facts import Facts, from_inputs
from overread_queue.policy.governance import Fallback
from overread_queue.policy.model import (
    REVERSIBILITIES,
    UNKNOWN_REVIEW_SECONDS,
    ActionRule,
    Policy,
)
from overread_queue.policy.plan import (
    HARD,
    RANK,
    SOFT,
    STOP,
    TIERS,
    Circumstances,
    Line,
    Match,
    Plan,
    match,
    settle,
)
from overread_queue.policy.rules import Exemption
from overread_queue.policy.settings import Audit, Impact
from overread_queue.policy.values import is_a, is_number, said
from overread_queue.states import Tier

_NAME = re.compile(IDENTIFIER_PATTERN)


@dataclass(frozen=True, slots=True)
class Ruling:
    """How an action is handled, and why."""

    action_type: str
    label: str
    tier: Tier
    triggers: tuple[Trigger, ...]
    """The most severe first. The risk map's cell is always among them."""
    rules: tuple[str, ...]
    """Every rule and watchlist that matched, also those that something more severe outdid."""
    impact: Impact
    reversibility: Reversibility
    """The more severe of what the policy and the agent say."""
    pool: str
    role: str
    substitute: str
    sla_seconds: int
    latency_tolerance_seconds: int
    expected_seconds: int
    """Of review."""
    dual: bool
    fallback: Fallback
    on_silence: str
    audit: Audit
    """How to draw the random sample, where the tier is autonomous."""
    exemption: str | None
    """The exemption that took a tier off, if one did."""
    return_brief: bool
    """Evidence is stale, and the policy has such briefs sent back."""
    policy_sha256: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A known action type with all that was found out about the proposal."""

    policy: Policy
    facts: Facts
    rule: ActionRule
    plan: Plan
    pieces: tuple[tuple[Axis, Piece], ...]
    found: Match
    reversibility: Reversibility
    floors: tuple[tuple[int, Trigger], ...]
    exemption: Exemption | None

    def rank(self, *, exempt: bool) -> int:
        about = Circumstances(
            base=RANK[self.policy.risk.tier(self.rule.impact, self.reversibility)],
            reversibility=self.reversibility,
            tentative=tentative(self.rule, self.facts.compensation),
            exempt=exempt,
            floor=max((rank for rank, _ in self.floors), default=0),
        )
        return settle(self.plan, self.found, about)


def evaluate(policy: Policy, facts: Facts) -> Ruling:
    """The tier of a proposal, with every reason for it. Never raises for what an agent says."""
    rule = policy.actions.get(facts.action_type)
    if rule is None:
        return _unknown(policy, facts)
    case = _case(policy, facts, rule)
    strict = case.rank(exempt=False)
    rank = case.rank(exempt=True) if case.exemption else strict
    matched = case.plan.chosen(case.found.sure)
    return _ruling(
        policy,
        facts,
        TIERS[rank],
        triggers=tuple(_reasons(case, matched, rank)),
        rules=tuple(line.id for line in matched),
        exemption=case.exemption.id if case.exemption and rank < strict else None,
    )


def evaluate_again(policy: Policy, kept: Mapping[str, JsonValue]) -> Ruling:
    """The ruling that the inputs kept by `facts.inputs` lead to: the same, with the same policy."""
    return evaluate(policy, from_inputs(kept))


def effective(rule: ActionRule, said_by_agent: Reversibility) -> Reversibility:
    """The more severe of what the policy and the agent say."""
    known = said_by_agent if said_by_agent in REVERSIBILITIES else "irreversible"
    return max(rule.reversibility, known, key=REVERSIBILITIES.index)


def tentative(rule: ActionRule, compensation: str | None) -> bool:
    """Whether the compensation that the agent brings is one that the policy accepts."""
    return bool(compensation) and (not rule.compensations or compensation in rule.compensations)


def exemption_for(policy: Policy, facts: Facts) -> Exemption | None:
    """The exemption of this action type that holds on the day."""
    holding = (one for one in policy.exemptions if one.action == facts.action_type)
    return next((one for one in holding if facts.day <= one.expires), None)


def _case(policy: Policy, facts: Facts, rule: ActionRule) -> _Case:
    plan = policy.plan(facts.action_type)
    pieces = tuple((axis, axis.piece(facts.value(axis.subject))) for axis in plan.axes)
    reversibility = effective(rule, facts.reversibility)
    return _Case(
        policy=policy,
        facts=facts,
        rule=rule,
        plan=plan,
        pieces=pieces,
        found=match(plan, (piece for _, piece in pieces)),
        reversibility=reversibility,
        floors=tuple(_floors(policy, facts, rule)),
        exemption=exemption_for(policy, facts),
    )


def _floors(policy: Policy, facts: Facts, rule: ActionRule | None) -> Iterator[tuple[int, Trigger]]:
    """What raises the tier whatever the rules say."""
    if facts.halted:
        yield STOP, _why("halt", facts.agent, "stopped")
    if not facts.permitted:
        yield STOP, _why("agent-actions", facts.action_type, "not permitted")
    if facts.breaker_open:
        yield RANK[policy.breaker.raise_to], _why("circuit-breaker", facts.agent, "open")
    if facts.stale_evidence > 0 and policy.freshness.stale == "raise":
        yield (
            RANK[policy.freshness.raise_to],
            _why("stale-evidence", "stale_evidence", facts.stale_evidence),
        )
    for name, value in _unusable(policy, facts, rule):
        yield HARD, _why("unusable-input", name, value)


def _unusable(
    policy: Policy, facts: Facts, rule: ActionRule | None
) -> Iterator[tuple[str, object]]:
    """Signals that are no trustworthy number, and declared parameters of another type."""
    for name in sorted(facts.signals, key=str):
        value, signal = facts.signals[name], policy.signal(name)
        if not is_number(value) or (signal and not signal.holds(value)):
            yield name, value
    for name, type in sorted(rule.parameters.items()) if rule else ():
        value = facts.parameters.get(name)
        if value is not None and not is_a(value, type):
            yield name, value


def _reasons(case: _Case, matched: tuple[Line, ...], rank: int) -> Iterator[Trigger]:
    for _, trigger in sorted(case.floors, key=lambda floor: -floor[0]):
        yield trigger
    for axis, piece in case.pieces:
        value = case.facts.value(axis.subject)
        if piece.unknown & case.found.open and (value is None or axis.subject.kind == "fact"):
            observed = "missing" if value is None else value
            yield _why("missing-input", axis.subject.name, observed)
    for line in matched:
        yield from _because(line, case.facts)
    yield from _cell(case)
    yield from _not_tentative(case, rank)


def _because(line: Line, facts: Facts) -> Iterator[Trigger]:
    for condition in line.when:
        subject = condition.subject
        yield Trigger(
            kind=line.kind,
            rule=line.id,
            signal=subject.name,
            observed=said(facts.value(subject)),
            comparison=condition.operator,
            threshold=condition.threshold,
        )


def _cell(case: _Case) -> Iterator[Trigger]:
    rule, reversibility = case.rule, case.reversibility
    yield _why("risk-map", case.facts.action_type, f"{rule.impact} impact, {reversibility}")
    if reversibility != rule.reversibility:
        yield Trigger(
            kind="policy",
            rule="agent-says-worse",
            signal="reversibility",
            observed=reversibility,
            comparison="!=",
            threshold=rule.reversibility,
        )


def _not_tentative(case: _Case, rank: int) -> Iterator[Trigger]:
    """Said where a soft review would have been enough, could the action be taken back."""
    asked = max(
        RANK[case.policy.risk.tier(case.rule.impact, case.reversibility)],
        case.plan.strongest(case.found.sure),
    )
    if asked > SOFT or rank != HARD or case.found.open or case.floors:
        return
    if case.reversibility == "irreversible":
        yield _why("cannot-be-taken-back", "reversibility", "irreversible")
    elif not tentative(case.rule, case.facts.compensation):
        brought = case.facts.compensation or "no compensating action"
        yield _why("cannot-be-taken-back", "compensation", brought)


def _why(rule: str, subject: str, observed: object) -> Trigger:
    """A reason that comes with every policy. What an agent named badly is left unnamed."""
    shown = subject if _NAME.fullmatch(subject) else None
    return Trigger(kind="policy", rule=rule, signal=shown, observed=said(observed))


def _unknown(policy: Policy, facts: Facts) -> Ruling:
    """Nothing is known, so the worst is assumed; the agent's word cannot make it better."""
    unknown = _why("unknown-action", facts.action_type, "not in the policy")
    floors = sorted([(HARD, unknown), *_floors(policy, facts, None)], key=lambda floor: -floor[0])
    rank = floors[0][0]
    triggers = tuple(trigger for _, trigger in floors)
    return _ruling(policy, facts, TIERS[rank], triggers=triggers, rules=(), exemption=None)


def _ruling(
    policy: Policy,
    facts: Facts,
    tier: Tier,
    *,
    triggers: tuple[Trigger, ...],
    rules: tuple[str, ...],
    exemption: str | None,
) -> Ruling:
    rule = policy.actions.get(facts.action_type)
    duty = policy.duty(facts.action_type, tier)
    return Ruling(
        action_type=facts.action_type,
        label=rule.label if rule else facts.action_type,
        tier=tier,
        triggers=triggers,
        rules=rules,
        impact=rule.impact if rule else "critical",
        reversibility=effective(rule, facts.reversibility) if rule else "irreversible",
        pool=duty.pool,
        role=duty.role,
        substitute=duty.substitute,
        sla_seconds=duty.sla_seconds,
        latency_tolerance_seconds=duty.latency_tolerance_seconds,
        expected_seconds=round(rule.minutes * 60) if rule else UNKNOWN_REVIEW_SECONDS,
        dual=duty.dual,
        fallback=duty.fallback,
        on_silence=duty.on_silence,
        audit=policy.audit,
        exemption=exemption,
        return_brief=facts.stale_evidence > 0 and policy.freshness.stale == "return",
        policy_sha256=policy.sha256,
    )
