"""The shape of policy.toml. `load` adds the checks that look at more than one part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from overread_briefs.action import Reversibility
from overread_briefs.fields import Identifier, Line, Part, Sha256
from overread_queue.policy.durations import Duration, Pause
from overread_queue.states import Tier

Impact = Literal["low", "medium", "high", "critical"]
FallbackKind = Literal["next_pool", "senior", "fail", "safe_default"]
Minutes = Annotated[float, Field(gt=0, le=480, allow_inf_nan=False)]

IMPACTS: tuple[Impact, ...] = ("low", "medium", "high", "critical")
"""Least severe first."""
REVERSIBILITIES: tuple[Reversibility, ...] = ("reversible", "compensable", "irreversible")
"""Least severe first."""


class Settings(Part):
    """What holds for the whole desk. All times in seconds."""

    undo: Pause = 10
    """How long an approval is held before it is signed and released."""
    decision_valid: Duration = 86_400
    """How long an approval can be used after its release."""
    lease: Duration = 300
    heartbeat: Duration = 30
    """How often a console extends its leases."""
    brief_budget: Literal["refuse", "warn"] = "refuse"
    """What happens to a brief that has more words than a first card holds."""


class RiskRow(Part):
    """Base tiers of one impact."""

    reversible: Tier = Field(strict=False)
    compensable: Tier = Field(strict=False)
    irreversible: Tier = Field(strict=False)

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

    def tier(self, impact: Impact, reversibility: Reversibility) -> Tier:
        rows: dict[Impact, RiskRow] = {
            "low": self.low,
            "medium": self.medium,
            "high": self.high,
            "critical": self.critical,
        }
        return rows[impact].tier(reversibility)


class Pool(Part):
    """A queue of its own, worked by whoever holds its role."""

    label: Line
    role: Identifier
    next: Identifier | None = None
    """Pool that takes over where the fallback is `next_pool`."""
    senior: Identifier | None = None
    """Pool that takes over where the fallback is `senior`, and on hand-on."""


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


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a breach does to an item, and the pool it moves to, if it moves."""

    kind: FallbackKind
    pool: str | None = None


class Policy(Part):
    """A checked policy. Only `load.parse_policy` makes one."""

    schema_name: Literal["overread/policy/1"] = Field(alias="schema")
    name: Line
    owner: Identifier
    """Pool that gets what was handed on twice."""
    settings: Settings = Settings()
    risk: RiskMap
    pools: dict[Identifier, Pool]
    actions: dict[Identifier, ActionRule]
    body: bytes = Field(exclude=True, repr=False)
    """The file's exact bytes."""
    sha256: Sha256 = Field(exclude=True)
    """Digest of `body`."""

    @property
    def roles(self) -> frozenset[str]:
        """Every role that some pool asks for."""
        return frozenset(pool.role for pool in self.pools.values())

    def pools_of(self, role: str) -> tuple[str, ...]:
        """The pools that somebody with `role` works, in the order of the file."""
        return tuple(name for name, pool in self.pools.items() if pool.role == role)

    def deciding_roles(self, action_type: str) -> frozenset[str]:
        """Roles that may come to decide on this action: of its pool, of those it can move to, and
        of the owner."""
        rule = self.actions.get(action_type)
        reached = {self.owner}
        ahead = [rule.pool if rule else self.owner]
        while ahead:
            pool = ahead.pop()
            reached.add(pool)
            ahead += [to for to in self._exits(pool) if to not in reached]
        return frozenset(self.pools[name].role for name in reached)

    def fallback_after(self, action_type: str, pool: str) -> Fallback:
        """What a breach in `pool` does. Total, and following it always ends.

        Where the rule would move the item and the pool has nowhere to move it, the item fails:
        chains of pools are finite and have no circles.
        """
        rule, stage = self.actions.get(action_type), self.pools.get(pool)
        kind = rule.fallback if rule else "senior"
        if kind in ("fail", "safe_default"):
            return Fallback(kind)
        to = stage and (stage.next if kind == "next_pool" else stage.senior)
        return Fallback(kind, to) if to else Fallback("fail")

    def _exits(self, pool: str) -> tuple[str, ...]:
        stage = self.pools[pool]
        return tuple(to for to in (stage.next, stage.senior) if to)
