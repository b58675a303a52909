"""Doing the same to many rows, so that a row that cannot be done keeps none of the others waiting.

Whoever can write to the file can make any row unreadable. What such a row had begun is undone, its
refusal is written down, and it stays as it is for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from overread_briefs.errors import BriefError
from overread_queue.errors import OverreadError
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.store import Transaction
from overread_queue.store.actions import ActionRow
from overread_queue.store.events import Event
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.people import DESK

MOST = 200
"""Rows moved in one transaction, so that nobody waits long for the write lock."""
ALTERED = (OverreadError, BriefError, ValueError, LookupError, TypeError, AttributeError)
"""What a row may raise whose content is not what the desk once wrote."""

R = TypeVar("R", EscalationRow, ActionRow)


def one_by_one(
    ground: Ground,
    find: Callable[[Transaction, int, int], list[R]],
    step: Callable[[Mover, R], object],
) -> int:
    """Apply `step` to what `find(tx, now, most)` finds, each row at most once; the number done.

    A step that answers False has left its row for a later time.
    """
    done, seen = 0, set[str]()
    while True:
        now, most = ground.clock.now(), MOST + len(seen)
        with ground.store.read() as tx:
            if not _unseen(find(tx, now, most), seen):
                return done
        with ground.store.write() as tx:
            rows = _unseen(find(tx, now, most), seen)
            mover = Mover(tx, DESK, now)
            done += sum(_done(ground, mover, row, step) for row in rows)
        seen.update(row.id for row in rows)


def refused(ground: Ground, mover: Mover, refusal: Exception, row: R | None = None) -> None:
    """Write a refusal down: once for each row and process, however often it is met again."""
    kind = f"refused:{type(refusal).__name__}"
    if (known := (kind, row.id if row else str(refusal))) in ground.refused:
        return
    ground.refused.add(known)
    mover.tx.events.add(
        Event(
            kind,
            mover.actor,
            mover.now,
            agent=row.agent if row else None,
            escalation=row.id if isinstance(row, EscalationRow) else None,
            detail={"proposal": row.id} if isinstance(row, ActionRow) else {},
        )
    )


def _unseen(rows: list[R], seen: set[str]) -> list[R]:
    return [row for row in rows if row.id not in seen]


def _done(ground: Ground, mover: Mover, row: R, step: Callable[[Mover, R], object]) -> bool:
    try:
        with mover.tx.apart():
            return step(mover, row) is not False
    except ALTERED as refusal:
        refused(ground, mover, refusal, row)
        return False
