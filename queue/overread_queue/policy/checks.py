"""What hangs together only when one looks at several parts of a policy: pools, roles, handling."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from overread_queue.policy.model import Policy
from overread_queue.policy.rulechecks import Problem, rule_problems
from overread_queue.states import Tier
from overread_queue.tomlfile import did_you_mean


def problems_of(policy: Policy, roles: Collection[str] | None) -> list[Problem]:
    """All that is wrong, or nothing. `roles`, where given, are those that reviewers hold."""
    problems = [*_unknown_pools(policy), *_unknown_roles(policy), *rule_problems(policy)]
    if not problems:
        problems += [*_dead_ends(policy), *_unheld_roles(policy, roles)]
    return problems or list(_circles(policy))


def _unknown_pools(policy: Policy) -> Iterator[Problem]:
    for key, pool in _mentions(policy):
        if pool not in policy.pools:
            yield key, f"there is no pool {pool!r}{did_you_mean(pool, policy.pools)}"


def _mentions(policy: Policy) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every place that names a pool."""
    yield ("owner",), policy.owner
    for name, pool in policy.pools.items():
        if pool.next:
            yield ("pools", name, "next"), pool.next
        if pool.senior:
            yield ("pools", name, "senior"), pool.senior
    for name, action in policy.actions.items():
        yield ("actions", name, "pool"), action.pool


def _unknown_roles(policy: Policy) -> Iterator[Problem]:
    """Rows of the governance matrix that nobody could fill."""
    for name, row in policy.governance.items():
        if name not in policy.actions:
            hint = did_you_mean(name, policy.actions)
            yield ("governance", name), f"there is no action type {name!r}{hint}"
            continue
        for tier, cell in row.items():
            for field, role in (("role", cell.role), ("substitute", cell.substitute)):
                if role is not None and role not in policy.roles:
                    hint = did_you_mean(role, policy.roles)
                    yield ("governance", name, tier, field), f"no pool has the role {role!r}{hint}"
            yield from _ambiguous(policy, name, tier, cell.role)


def _ambiguous(policy: Policy, name: str, tier: Tier, role: str | None) -> Iterator[Problem]:
    """Which queue does it go to, where the role works several and none is the action's own?"""
    own = policy.pools.get(policy.actions[name].pool)
    worked = policy.pools_of(role) if role else ()
    if own and own.role != role and len(worked) > 1:
        yield (
            ("governance", name, tier, "role"),
            f"{role!r} works the pools {', '.join(worked)}; name a role with one pool, "
            f"or put the action into one of these",
        )


def _dead_ends(policy: Policy) -> Iterator[Problem]:
    """Fallbacks whose very first step leads nowhere."""
    for name, action in policy.actions.items():
        yield from _dead_end(policy, ("actions", name, "fallback"), action.pool, action.fallback)
        for tier, cell in policy.governance.get(name, {}).items():
            kind = cell.fallback or (action.fallback if cell.role else None)
            field = "fallback" if cell.fallback else "role"
            pool = policy.duty(name, tier).pool
            yield from _dead_end(policy, ("governance", name, tier, field), pool, kind)


def _dead_end(
    policy: Policy, key: tuple[str, ...], name: str, kind: str | None
) -> Iterator[Problem]:
    pool = policy.pools[name]
    exit = {"senior": "senior", "next_pool": "next"}.get(kind or "")
    if (exit == "senior" and not pool.senior) or (exit == "next" and not pool.next):
        yield (
            key,
            f"pool {name!r} has no `{exit}`, so nobody would take over; "
            f'give the pool one, or write fallback = "fail"',
        )


def _unheld_roles(policy: Policy, roles: Collection[str] | None) -> Iterator[Problem]:
    for key, role in _asked_roles(policy):
        if roles is not None and role not in roles:
            yield key, f"no reviewer holds the role {role!r}{did_you_mean(role, roles)}"


def _asked_roles(policy: Policy) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, pool in policy.pools.items():
        yield ("pools", name, "role"), pool.role
    for field, asked in (("activate", policy.signoff.activate), ("loosen", policy.signoff.loosen)):
        for role in asked:
            yield ("signoff", field), role


def _circles(policy: Policy) -> Iterator[Problem]:
    """Chains of `next` or of `senior` that come back to where they were."""
    for key in ("next", "senior"):
        exits = {name: getattr(pool, key) for name, pool in policy.pools.items()}
        for name in exits:
            chain = _chain(exits, name)
            if len(chain) > 1 and chain[-1] == name:
                yield ("pools", name, key), f"goes in a circle ({' → '.join(chain)}); end it"
                break


def _chain(exits: dict[str, str | None], start: str) -> list[str]:
    """Pools from `start` on, up to the end or the first one met again."""
    chain = [start]
    while (to := exits[chain[-1]]) is not None:
        chain.append(to)
        if to in chain[:-1]:
            break
    return chain
