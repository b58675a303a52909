"""From the bytes of policy.toml to a policy that can be trusted to hang together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from overread_queue.errors import InvalidPolicy
from overread_queue.files import Latest, read_trusted
from overread_queue.policy.model import Policy
from overread_queue.tomlfile import TomlText, did_you_mean

Problem = tuple[tuple[str, ...], str]
"""The key at fault, and what to do about it."""


class PolicyFile(Latest[Policy]):
    """The policy as its file has it now. `current()` raises `InvalidPolicy`."""

    def __init__(self, path: Path) -> None:
        super().__init__((path,), lambda: load_policy(path))


def load_policy(path: Path) -> Policy:
    """Read the policy file at `path`. Raises `InvalidPolicy`."""
    return parse_policy(read_trusted(path), source=str(path))


def parse_policy(data: bytes, *, source: str, roles: Collection[str] | None = None) -> Policy:
    """Check everything that can be known from the file, and say all that is wrong at once.

    `roles`, where given, are those that reviewers hold: a pool nobody can work is refused.
    Raises `InvalidPolicy` with file, line, key and remedy.
    """
    text = TomlText(data, source=source)
    for key in ("body", "sha256"):
        if key in text.table:
            raise InvalidPolicy(text.fault((key,), "is not a key here; take it out"))
    policy = text.read(Policy, body=data, sha256=policy_sha256(data))
    problems = [*_unknown_pools(policy), *_dead_ends(policy), *_unheld_roles(policy, roles)]
    problems = problems or list(_circles(policy))
    if problems:
        raise InvalidPolicy("\n".join(text.fault(key, problem) for key, problem in problems))
    return policy


def policy_sha256(data: bytes) -> str:
    """Digest of a policy file, byte for byte: a changed comment is another policy."""
    return hashlib.sha256(b"overread.policy.v1\0" + data).hexdigest()


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


def _dead_ends(policy: Policy) -> Iterator[Problem]:
    """Fallbacks whose very first step leads nowhere."""
    for name, action in policy.actions.items():
        pool = policy.pools.get(action.pool)
        key = ("actions", name, "fallback")
        if pool and action.fallback == "senior" and not pool.senior:
            yield key, _nowhere(action.pool, "senior")
        if pool and action.fallback == "next_pool" and not pool.next:
            yield key, _nowhere(action.pool, "next")


def _nowhere(pool: str, key: str) -> str:
    return (
        f"pool {pool!r} has no `{key}`, so nobody would take over; "
        f'give the pool one, or write fallback = "fail"'
    )


def _unheld_roles(policy: Policy, roles: Collection[str] | None) -> Iterator[Problem]:
    for name, pool in policy.pools.items():
        if roles is not None and pool.role not in roles:
            hint = did_you_mean(pool.role, roles)
            yield ("pools", name, "role"), f"no reviewer holds the role {pool.role!r}{hint}"


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
