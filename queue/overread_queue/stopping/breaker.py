"""The circuit breaker: an agent whose actions keep failing or being rejected is watched closely.

It opens by itself and is lifted by a lead. While it is open the policy raises the agent's tier.
"""

from __future__ import annotations

from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.store.events import Event


def watch(mover: Mover, policy: Policy, agent: str) -> None:
    """Open the breaker if this rejection or failure was one too many."""
    settings = policy.breaker
    since = mover.now - settings.window * 1000
    rejections, failures = mover.tx.actions.troubles(agent, since=since)
    if rejections >= settings.rejections:
        _open(mover, agent, _count(rejections, "rejection"))
    elif failures >= settings.failures:
        _open(mover, agent, _count(failures, "failure"))


def trust_again(mover: Mover, agent: str, *, by: str) -> bool:
    """Close the breaker. False where it was not open."""
    if not mover.tx.actions.lift_breaker(agent, by=by, now=mover.now):
        return False
    mover.tx.events.add(Event("breaker_lifted", mover.actor, mover.now, agent=agent))
    return True


def _open(mover: Mover, agent: str, cause: str) -> None:
    if mover.tx.actions.open_breaker(agent, cause=cause, now=mover.now):
        mover.tx.events.add(
            Event("breaker_opened", "desk", mover.now, agent=agent, detail={"cause": cause})
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
