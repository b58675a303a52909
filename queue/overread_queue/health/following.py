"""Reading the chain on from where it was read to: each event is counted once, whatever crashes.

The tallies, the charts and the place in the chain change in the same transactions. Nobody's
submission waits for that: the sweep does it, and whoever asks for the measures.

Charts see an event at once, figures once what it is about is over: people look at figures between
two answers, and a blind test never moves one.
"""

from __future__ import annotations

from collections.abc import Sequence

from overread_queue.ground import Ground
from overread_queue.health.facts import Fact
from overread_queue.health.reading import facts
from overread_queue.health.tallying import clocks, tallies
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
    while _withheld(ground):
        with ground.store.write() as tx:
            _tell(ground, tx)
    return done


def _behind(ground: Ground) -> bool:
    with ground.store.read() as tx:
        return tx.events.head()[0] > tx.health.cursor()


def _withheld(ground: Ground) -> bool:
    """Whether something that no figure tells of is over."""
    with ground.store.read() as tx:
        return bool(tx.health.over(now=ground.clock.now(), most=1))


def _next(ground: Ground, tx: Transaction) -> int:
    """Again from the place as it is now: somebody else may have been quicker."""
    seqs = tx.health.next(after=tx.health.cursor(), most=MOST)
    if seqs:
        found = tuple(facts(tx.health.told(seqs)))
        tx.health.withhold(seqs)
        tx.health.move_on(seqs[-1])
        tx.health.add(clocks(found))
        over = tx.health.over(now=ground.clock.now(), most=MOST, first=seqs[0])
        _count(tx, over, found)
        watch(ground, tx, found)
    return len(seqs)


def _tell(ground: Ground, tx: Transaction) -> None:
    over = tx.health.over(now=ground.clock.now(), most=MOST)
    _count(tx, over, tuple(facts(tx.health.told(over))))


def _count(tx: Transaction, seqs: Sequence[int], found: Sequence[Fact]) -> None:
    """From now on figures tell of these events; `found` may be more than they say."""
    known = frozenset(seqs)
    mine = [one for one in found if one.seq in known]
    tx.health.add(tallies(mine))
    for day, work in daily(mine):
        tx.works.add(day, work)
    tx.health.tell(seqs)
