"""Reading the chain on from where it was read to: each event is counted once, whatever crashes.

The tallies, the charts and the place in the chain change in the same transactions. Nobody's
submission waits for that: the sweep does it, and whoever asks for the measures.
"""

from __future__ import annotations

from overread_queue.ground import Ground
from overread_queue.health.reading import facts
from overread_queue.health.tallying import tallies
from overread_queue.health.watching import watch
from overread_queue.health.work import daily
from overread_queue.store import Transaction

MOST = 2_000
"""Events counted in one transaction, so that nobody waits long for the write lock."""


def follow(ground: Ground, *, most: int | None = None) -> int:
    """Count what happened since the last time; the number of events counted.

    `most` is about how many to stop after, where somebody has other things to do.
    """
    done = 0
    while _behind(ground) and (most is None or done < most):
        with ground.store.write() as tx:
            done += _next(ground, tx)
    return done


def _behind(ground: Ground) -> bool:
    with ground.store.read() as tx:
        return tx.events.head()[0] > tx.health.cursor()


def _next(ground: Ground, tx: Transaction) -> int:
    """Again from the place as it is now: somebody else may have been quicker."""
    rows = tx.health.told(after=tx.health.cursor(), most=MOST)
    if rows:
        found = tuple(facts(rows))
        tx.health.add(tallies(found))
        for day, work in daily(found):
            tx.works.add(day, work)
        tx.health.move_on(rows[-1].seq)
        watch(ground, tx, found)
    return len(rows)
