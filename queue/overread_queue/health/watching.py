"""Facts as they come, past every chart: what they raise is in the same transaction as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from overread_queue.ground import Ground
from overread_queue.health.facts import About, Closed, Fact, Submitted
from overread_queue.health.reading import ERASED
from overread_queue.health.shelf import AlarmShelf, Shelf
from overread_queue.health.watchers import (
    Escalations,
    FastApprovals,
    Overrides,
    SpeedingUp,
    Versions,
    Waits,
)
from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.store import Transaction
from overread_queue.trust.people import DESK

BACKLOG = "backlog"
"""The chart that only counts: what came onto the desk less what left it."""


class Seeing(Protocol):
    def see(self, fact: Fact, *, waiting: int) -> None: ...

    def put_back(self) -> None: ...


def watch(ground: Ground, tx: Transaction, facts: Sequence[Fact]) -> None:
    """Move the charts, and raise and end alarms, in the transaction that counts these facts.

    What is known of nothing any more, because it was erased, moves no chart.
    """
    if not facts:
        return
    mover = Mover(tx, DESK, ground.clock.now())
    shelves, waiting = _shelves(mover, ground.policy()), _backlog(tx)
    for fact in facts:
        waiting += isinstance(fact, Submitted) - isinstance(fact, Closed)
        for shelf in shelves if _is_known(fact) else ():
            shelf.see(fact, waiting=waiting)
    for shelf in shelves:
        shelf.put_back()
    tx.alarms.keep_chart(BACKLOG, "", str(waiting))


def _shelves(mover: Mover, policy: Policy) -> tuple[Seeing, ...]:
    return (
        AlarmShelf(mover, Overrides(policy)),
        AlarmShelf(mover, Escalations(policy)),
        AlarmShelf(mover, FastApprovals(policy)),
        AlarmShelf(mover, SpeedingUp(policy)),
        AlarmShelf(mover, Versions(policy)),
        Shelf(mover, Waits()),
    )


def _is_known(fact: Fact) -> bool:
    return isinstance(fact, About) and fact.action_type != ERASED


def _backlog(tx: Transaction) -> int:
    return int(tx.alarms.chart(BACKLOG, "") or 0)
