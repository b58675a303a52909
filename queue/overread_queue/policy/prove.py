"""What holds for every proposal there can be: no dead rule, monotone, total.

Conditions cut the inputs of an action type into finitely many cells; a policy answers the same
within a cell. Up to 200,000 cells of an action type are walked one by one. Beyond that, each rule
is shown to be monotone by itself (the most severe of monotone rules is monotone), and the rest is
sampled; the report says which it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from overread_queue.errors import InvalidPolicy
from overread_queue.policy.cells import Space, space_of
from overread_queue.policy.deadrules import Deadness
from overread_queue.policy.load import parse_policy
from overread_queue.policy.model import Policy
from overread_queue.policy.monotone import broken_map, broken_orders
from overread_queue.policy.plan import HARD, STOP, TIERS
from overread_queue.policy.rulechecks import Key
from overread_queue.states import Tier
from overread_queue.tomlfile import TomlText

FindingKind = Literal["dead_rule", "not_monotone", "not_total", "not_proven"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a proof needs and does not have."""

    kind: FindingKind
    key: Key
    problem: str
    """What is wrong, and what to write instead."""

    @property
    def refuses(self) -> bool:
        """Whether the policy must not become active; `not_proven` only tells."""
        return self.kind != "not_proven"


@dataclass(frozen=True, slots=True)
class Walked:
    """How one action type was looked at."""

    action: str
    cells: int
    whole: bool
    """Every cell; otherwise rule by rule, and a sample."""
    tiers: tuple[Tier, ...]
    """Tiers that were reached, mildest first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and what was found. Nothing found means proven, where it was walked."""

    policy_sha256: str
    walked: tuple[Walked, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not any(finding.refuses for finding in self.findings)

    @property
    def whole(self) -> bool:
        """Whether every cell of every action type was walked."""
        return all(one.whole for one in self.walked)


def proven_policy(
    data: bytes, *, source: str, roles: Collection[str] | None = None
) -> tuple[Policy, Proof]:
    """A policy that may become active. Raises `InvalidPolicy` with file, line, key and remedy."""
    policy = parse_policy(data, source=source, roles=roles)
    proof = prove(policy)
    if not proof.ok:
        raise InvalidPolicy("\n".join(lines_of(policy, proof, source=source)))
    return policy, proof


def lines_of(policy: Policy, proof: Proof, *, source: str) -> list[str]:
    """Each finding as a line for people: file, line, key, problem."""
    text = TomlText(policy.body, source=source)
    return [text.fault(finding.key, finding.problem) for finding in proof.findings]


def prove(policy: Policy) -> Proof:
    spaces = [space_of(policy, action) for action in policy.actions]
    deadness = Deadness(policy)
    walked: list[Walked] = []
    findings: list[Finding] = [Finding("not_monotone", *one) for one in broken_map(policy)]
    for space in spaces:
        rows = deadness.watch(space)
        reached = {rank for row in rows for rank in row} | {HARD, STOP}
        tiers = tuple(TIERS[rank] for rank in sorted(reached))
        walked.append(Walked(space.action, space.size, space.can_walk, tiers))
        findings += (Finding("not_monotone", *one) for one in broken_orders(policy, space))
        findings += (Finding("not_total", *one) for one in _gaps(policy, space, tiers))
    findings += (Finding("dead_rule", *one) for one in deadness.dead())
    findings += (Finding("not_proven", *one) for one in deadness.unseen())
    return Proof(policy.sha256, tuple(walked), tuple(dict.fromkeys(findings)))


def _gaps(policy: Policy, space: Space, tiers: tuple[Tier, ...]) -> Iterator[tuple[Key, str]]:
    """Cells of the governance matrix that nobody answers for, or where silence never ends."""
    for tier in tiers:
        duty = policy.duty(space.action, tier)
        missing = {duty.role, duty.substitute} - policy.roles
        if missing:
            yield ("governance", space.action), f"{tier}: no pool has the role {missing.pop()!r}"
        if not _ends(policy, space.action, tier):
            yield (
                ("actions", space.action, "fallback"),
                f"{tier}: silence never ends; end the chain",
            )


def _ends(policy: Policy, action: str, tier: Tier) -> bool:
    """Whether an item that nobody ever looks at comes to rest, where nothing happens."""
    pool: str | None = policy.duty(action, tier).pool
    for _ in range(len(policy.pools) + 1):
        if pool is None:
            return True
        pool = policy.fallback_after(action, pool, tier).pool
    return False
