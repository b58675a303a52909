"""The circuit breaker: an agent whose actions keep failing or being rejected is watched closely.

It opens by itself and is lifted by a lead. While it is open the policy raises the agent's tier. As
with halts, the chain of events says whether it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs.fields import Parameters
from overread_queue.clock import new_id
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.release import Signer
from overread_queue.stopping.lifting import Stopped, end, standing, stops
from overread_queue.store import Transaction
from overread_queue.store.events import Event


@dataclass(frozen=True, slots=True)
class Breaker:
    """One opening of an agent's breaker; open until a lead lifts it."""

    agent: str
    opened_at: int
    cause: str
    lifted_at: int | None
    lifted_by: str | None

    @classmethod
    def of(cls, one: Stopped) -> Breaker:
        began, lifted = one.began, one.lifted
        ended = (lifted.at, lifted.by) if lifted else (None, None)
        return cls(began.agent or "", began.at, began.words, *ended)


def breakers(ground: Ground, tx: Transaction) -> tuple[Breaker, ...]:
    """Newest first."""
    return tuple(Breaker.of(one) for one in reversed(stops(ground, tx, "breaker")))


def open_breakers(ground: Ground, tx: Transaction) -> frozenset[str]:
    """The agents whose breaker is open."""
    return frozenset(one.agent for one in breakers(ground, tx) if one.lifted_at is None)


def watch(ground: Ground, mover: Mover, agent: str) -> None:
    """Open the breaker if this rejection or failure was one too many."""
    settings, earlier = ground.policy().breaker, breakers(ground, mover.tx)
    lifted = [one.lifted_at for one in earlier if one.agent == agent and one.lifted_at is not None]
    since = max([mover.now - settings.window * 1000, *lifted])
    rejections, failures = mover.tx.actions.troubles(agent, since=since)
    if rejections >= settings.rejections:
        _open(ground, mover, agent, _count(rejections, "rejection"))
    elif failures >= settings.failures:
        _open(ground, mover, agent, _count(failures, "failure"))


def trust_again(ground: Ground, mover: Mover, agent: str, signer: Signer) -> bool:
    """Close the breaker. False where it was not open."""
    found = standing(ground, mover.tx, "breaker", agent=agent)
    end(mover, signer, found)
    return bool(found)


def _open(ground: Ground, mover: Mover, agent: str, cause: str) -> None:
    if agent not in open_breakers(ground, mover.tx):
        detail: Parameters = {"breaker": new_id(mover.now), "cause": cause}
        mover.tx.events.add(Event("breaker_opened", "desk", mover.now, agent=agent, detail=detail))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
