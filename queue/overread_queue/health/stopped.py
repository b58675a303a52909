"""Work that does not go on as usual: what people stopped, and agents whose breaker is open."""

from __future__ import annotations

from overread_queue.ground import Ground
from overread_queue.health.metric import Stopped
from overread_queue.models import Halt
from overread_queue.stopping.breaker import Breaker, breakers
from overread_queue.stopping.halting import standing_halts, who
from overread_queue.store import Transaction


def stopped(ground: Ground, tx: Transaction) -> tuple[Stopped, ...]:
    """The whole desk, then single agents, then breakers; of each, the oldest first."""
    halts = sorted(standing_halts(ground, tx), key=lambda halt: halt.agent is not None)
    still = [one for one in reversed(breakers(ground, tx)) if one.lifted_at is None]
    return (*map(_halt, halts), *map(_breaker, still))


def _halt(halt: Halt) -> Stopped:
    why = f": {halt.reason}" if halt.reason else "; no reason was given"
    lift = "overread lift --desk" if halt.agent is None else f"overread lift {halt.agent}"
    return Stopped(halt.agent, halt.at, f"{who(halt)} is stopped{why}", lift)


def _breaker(row: Breaker) -> Stopped:
    says = (
        f"the circuit breaker of {row.agent} is open after {row.cause}: "
        "what it proposes is held to a stricter tier"
    )
    return Stopped(row.agent, row.opened_at, says, f"overread lift {row.agent}")
