"""The shape of policy.toml. `load` adds the checks that look at more than one part of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from overread_briefs.action import Reversibility
from overread_briefs.decision import BREAK_GLASS
from overread_briefs.fields import Identifier, Items, Line, Part, Sensitivity, Sha256
from overread_queue.policy.costs import Costs
from overread_queue.policy.durations import Duration
from overread_queue.policy.governance import Duty, Fallback, FallbackKind, Governance
from overread_queue.policy.plan import Plan, Sources, plan_for
from overread_queue.policy.rules import (
    KNOWN_SIGNALS,
    Example,
    Exemption,
    Rule,
    Settable,
    Signal,
    Watchlist,
)
from overread_queue.policy.settings import (
    IMPACTS,
    Alarms,
    Audit,
    Backlog,
    Breaker,
    Count,
    Freshness,
    Friction,
    Impact,
    Limits,
    Minutes,
    Retention,
    Settings,
    SignOff,
)
from overread_queue.policy.values import ParameterType
from overread_queue.states import Tier

__all__ = ["IMPACTS", "REVERSIBILITIES", "Fallback", "Impact", "Policy", "Settings"]

REVERSIBILITIES: tuple[Reversibility, ...] = ("reversible", "compensable", "irreversible")
"""Least severe first."""
UNKNOWN_SLA_SECONDS = 4 * 3600
UNKNOWN_REVIEW_SECONDS = 5 * 60


class RiskRow(Part):
    """Base tiers of one impact."""

    reversible: Settable
    compensable: Settable
    irreversible: Settable

    def tier(self, reversibility: Reversibility) -> Tier:
        cells: dict[Reversibility, Tier] = {
            "reversible": self.reversible,
            "compensable": self.compensable,
            "irreversible": self.irreversible,
        }
        return cells[reversibility]


class RiskMap(Part):
    """Impact and reversibility give the base tier; every cell must be filled."""

    low: RiskRow
    medium: RiskRow
    high: RiskRow
    critical: RiskRow

    def row(self, impact: Impact) -> RiskRow:
        rows: dict[Impact, RiskRow] = {
            "low": self.low,
            "medium": self.medium,
            "high": self.high,
            "critical": self.critical,
        }
        return rows[impact]

    def tier(self, impact: Impact, reversibility: Reversibility) -> Tier:
        return self.row(impact).tier(reversibility)


class Pool(Part):
    """A queue of its own, worked by whoever holds its role."""

    label: Line
    role: Identifier
    next: Identifier | None = None
    """Pool that takes over where the fallback is `next_pool`, and what does not fit here."""
    senior: Identifier | None = None
    """Pool that takes over where the fallback is `senior`, and on hand-on."""
    max_items: Count | None = None
    max_minutes: Backlog | None = None
    """Expected minutes of waiting work at which the pool is full."""


class ActionRule(Part):
    """What holds for one type of action."""

    label: Line
    impact: Impact
    reversibility: Reversibility
    pool: Identifier
    sla: Duration
    minutes: Minutes
    """Expected minutes of review."""
    latency_tolerance: Duration = 1800
    """Seconds it may wait for company before it interrupts somebody."""
    fallback: FallbackKind
    """What a breach of the SLA does."""
    on_silence: Line
    """The same in words, for the reviewer's card."""
    parameters: dict[Identifier, ParameterType] = Field(default_factory=dict)
    """Types of the parameters that conditions may look at."""
    sensitive: dict[Identifier, Sensitivity] = Field(default_factory=dict)
    """Classes of single parameters, also where an agent forgets to say so."""
    compensations: Items[Identifier] = ()
    """Action types that take it back; where there are none, any does."""
    costs: Costs | None = None
    """What its errors and reviews cost, where somebody has said so."""


class Policy(Part):
    """A checked policy. Only `load.parse_policy` makes one."""

    schema_name: Literal["overread/policy/1"] = Field(alias="schema")
    name: Line
    owner: Identifier
    """Pool that gets what was handed on twice."""
    settings: Settings = Settings()
    limits: Limits = Limits()
    friction: Friction = Friction()
    audit: Audit = Audit()
    freshness: Freshness = Freshness()
    breaker: Breaker = Breaker()
    alarms: Alarms = Alarms()
    retention: Retention = Retention()
    signoff: SignOff = SignOff()
    risk: RiskMap
    pools: dict[Identifier, Pool]
    signals: dict[Identifier, Signal] = Field(default_factory=dict)
    actions: dict[Identifier, ActionRule]
    rules: Items[Rule] = ()
    watchlists: Items[Watchlist] = ()
    governance: dict[Identifier, dict[Annotated[Tier, Field(strict=False)], Governance]] = Field(
        default_factory=dict
    )
    exemptions: Items[Exemption] = ()
    examples: Items[Example] = ()
    body: bytes = Field(exclude=True, repr=False)
    """The file's exact bytes."""
    sha256: Sha256 = Field(exclude=True)
    """Digest of `body`."""
    _plans: dict[str, Plan] = PrivateAttr(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """Every role that some pool asks for."""
        return frozenset(pool.role for pool in self.pools.values())

    def signal(self, name: str) -> Signal | None:
        return self.signals.get(name) or KNOWN_SIGNALS.get(name)

    def plan(self, action_type: str) -> Plan:
        """The rules about a known action type, cut into cells; made once."""
        plan = self._plans.get(action_type)
        if plan is None:
            declared = self.actions[action_type].parameters
            signals = {**KNOWN_SIGNALS, **self.signals}
            sources = Sources(self.rules, self.watchlists, declared, signals)
            plan = self._plans[action_type] = plan_for(action_type, sources)
        return plan

    def pools_of(self, role: str) -> tuple[str, ...]:
        """The pools that somebody with `role` works, in the order of the file."""
        return tuple(name for name, pool in self.pools.items() if pool.role == role)

    def deciding_roles(self, action_type: str, tier: Tier) -> frozenset[str]:
        """Roles that may come to decide on this action: of its pool at this tier, of those it can
        move to from there, of a named substitute, and of the owner."""
        reached = {self.owner}
        ahead = [self.duty(action_type, tier).pool]
        while ahead:
            pool = ahead.pop()
            reached.add(pool)
            ahead += [to for to in self._exits(pool) if to not in reached]
        cell = self.governance.get(action_type, {}).get(tier)
        substitutes = {cell.substitute} if cell and cell.substitute else set()
        alone = {BREAK_GLASS} if self.settings.break_glass else set()
        return frozenset(self.pools[name].role for name in reached) | substitutes | alone

    def duty(self, action_type: str, tier: Tier) -> Duty:
        """Who answers for this action at this tier, until when, and what silence does. Total."""
        rule = self.actions.get(action_type)
        cell = self.governance.get(action_type, {}).get(tier, Governance())
        pool = self._pool_for(rule, cell)
        role = cell.role or self.pools[pool].role
        return Duty(
            tier=tier,
            pool=pool,
            role=role,
            substitute=cell.substitute or self._stand_in(pool),
            sla_seconds=cell.sla or (rule.sla if rule else UNKNOWN_SLA_SECONDS),
            latency_tolerance_seconds=self._patience(rule, cell),
            fallback=self.fallback_after(action_type, pool, tier),
            on_silence=cell.on_silence or self._silence(action_type, pool, tier),
            dual=cell.dual,
        )

    def substitute_in(self, pool: str, action_type: str, tier: Tier) -> str | None:
        """The role that stands in for the role of `pool` there, where the matrix names one."""
        cell = self.governance.get(action_type, {}).get(tier)
        if cell is None or self.duty(action_type, tier).pool != pool:
            return None
        return cell.substitute

    def fallback_after(self, action_type: str, pool: str, tier: Tier | None = None) -> Fallback:
        """What a breach in `pool` does. Total, and following it always ends.

        Where the rule would move the item and the pool has nowhere to move it, the item fails:
        chains of pools are finite and have no circles.
        """
        kind, stage = self._fallback_kind(action_type, tier), self.pools.get(pool)
        if kind in ("fail", "safe_default"):
            return Fallback(kind)
        to = stage and (stage.next if kind == "next_pool" else stage.senior)
        return Fallback(kind, to) if to else Fallback("fail")

    def silence(self, after: Fallback) -> str:
        """A fallback in words."""
        if after.pool:
            return f"{self.pools[after.pool].label} takes over"
        if after.kind == "safe_default":
            return "the safe default is taken"
        return "it fails; nothing happens"

    def _fallback_kind(self, action_type: str, tier: Tier | None) -> FallbackKind:
        cell = self.governance.get(action_type, {}).get(tier) if tier else None
        rule = self.actions.get(action_type)
        return (cell and cell.fallback) or (rule.fallback if rule else "senior")

    def _pool_for(self, rule: ActionRule | None, cell: Governance) -> str:
        """The action's own pool where its role approves, else the one that `cell.role` works."""
        own = rule.pool if rule else self.owner
        if cell.role is None or self.pools[own].role == cell.role:
            return own
        return self.pools_of(cell.role)[0]

    def _stand_in(self, pool: str) -> str:
        """Whoever would take over, else the owner."""
        stage = self.pools[pool]
        return self.pools[stage.senior or stage.next or self.owner].role

    def _patience(self, rule: ActionRule | None, cell: Governance) -> int:
        if cell.latency_tolerance is not None:
            return cell.latency_tolerance
        if rule is None:
            return 1
        return rule.latency_tolerance

    def _silence(self, action_type: str, pool: str, tier: Tier) -> str:
        """The action's own words, unless this tier is handled otherwise."""
        rule = self.actions.get(action_type)
        after = self.fallback_after(action_type, pool, tier)
        if rule and pool == rule.pool and after.kind == rule.fallback:
            return rule.on_silence
        return self.silence(after)

    def _exits(self, pool: str) -> tuple[str, ...]:
        stage = self.pools[pool]
        return tuple(to for to in (stage.next, stage.senior) if to)
