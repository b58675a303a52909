"""Work that does not go on as usual: what people stopped, and agents whose breaker is open."""

from __future__ import annotations

from overread_queue.health.metric import Stopped
from overread_queue.models import Halt
from overread_queue.stopping.halting import standing_halts, who
from overread_queue.store import Transaction
from overread_queue.store.actions import BreakerRow


def stopped(tx: Transaction) -> tuple[Stopped, ...]:
    """The whole desk, then single agents, then breakers; of each, the oldest first."""
    halts = sorted(standing_halts(tx), key=lambda halt: halt.agent is not None)
    breakers = sorted(
        (one for one in tx.actions.breakers() if one.lifted_at is None),
        key=lambda one: one.opened_at,
    )
    return (*map(_halt, halts), *map(_breaker, breakers))


def _halt(halt: Halt) -> Stopped:
    why = f": {halt.reason}" if halt.reason else "; no reason was given"
    lift = "overread lift --desk" if halt.agent is None else f"overread lift {halt.agent}"
    return Stopped(halt.agent, halt.at, f"{who(halt)} is stopped{why}", lift)


def _breaker(row: BreakerRow) -> Stopped:
    says = (
        f"the circuit breaker of {row.agent} is open after {row.cause}: "
        "what it proposes is held to a stricter tier"
    )
    return Stopped(row.agent, row.opened_at, says, f"overread lift {row.agent}")
