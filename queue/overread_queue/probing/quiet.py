"""Whether a pool has time for a blind test: real work never waits for one."""

from __future__ import annotations

from overread_queue.asking.submission import depths
from overread_queue.policy.model import Policy
from overread_queue.routing.order import is_overloaded, is_urgent
from overread_queue.routing.pressure import BUSY_FRACTION, Depth, filled
from overread_queue.store import Transaction
from overread_queue.store.probes import Load

HEAVY = 0.5
"""From this part of the policy's warning on, a pool's load counts as heavy."""
NOBODY = ""
"""No reviewer's name: what is ready for anybody."""


def is_quiet(tx: Transaction, policy: Policy, pool: str, *, now: int) -> bool:
    """Whether the work in a pool leaves room: below the warning, nothing urgent, all in time."""
    ready = tx.escalations.ready_in_pool(pool, reviewer=NOBODY, now=now)
    soon = policy.friction.session_minutes
    if any(is_urgent(item, now=now, session_minutes=soon) for item in ready):
        return False
    if is_overloaded(ready, now=now, reviewers=tx.desk.open_sessions()):
        return False
    depth = depths(tx).get(pool, Depth())
    return _warned(tx, policy, depth) <= 1 and filled(policy, pool, depth) < BUSY_FRACTION


def load_band(tx: Transaction, policy: Policy, pool: str) -> Load:
    """How much waits in a pool, coarsely enough to stand beside a result."""
    waiting = _warned(tx, policy, depths(tx).get(pool, Depth()))
    return "heavy" if waiting > HEAVY else "light"


def _warned(tx: Transaction, policy: Policy, depth: Depth) -> float:
    """Waiting minutes for each reviewer at work, as a part of the policy's warning."""
    people = max(tx.desk.open_sessions(), 1)
    return depth.seconds / 60 / people / policy.limits.warn_minutes
