"""Who may meet which blind test: nobody twice, nobody who knows its source, one in a session, and
one in twenty items."""

from __future__ import annotations

from overread_queue.ground import Ground
from overread_queue.probing.marks import seen_mark
from overread_queue.store import Transaction
from overread_queue.store.probes import ProbeRow

REAL_FOR_EACH = 19
"""Real items that somebody answers for each test after their first: 5 % are tests."""


def hidden_from(ground: Ground, tx: Transaction, reviewer: str) -> frozenset[str]:
    """The escalations that this reviewer is not shown: for them they are not there."""
    live = {one.escalation: one for one in tx.probes.live() if one.escalation is not None}
    mine = [id for id in live if _is_engaged(tx, id, reviewer)]
    waiting = [id for id, one in live.items() if one.answer is None]
    if mine:
        shown = [id for id in mine if id in waiting]
    else:
        shown = [id for id in waiting if may_meet(ground, tx, live[id], reviewer)][:1]
    return frozenset(live) - frozenset(shown)


def may_meet(ground: Ground, tx: Transaction, probe: ProbeRow, reviewer: str) -> bool:
    """Whether somebody can take a test at its word. False where that cannot be known."""
    key = ground.probe_key()
    if key is None or tx.probes.knows_source(probe, reviewer):
        return False
    if tx.folds.has_seen(seen_mark(key, reviewer, probe.id)):
        return False
    return _has_worked_enough(tx, key, reviewer)


def _has_worked_enough(tx: Transaction, key: bytes, reviewer: str) -> bool:
    """Nobody meets a test twice, so their marks are as many as the tests that they have met."""
    met = sum(tx.folds.has_seen(seen_mark(key, reviewer, id)) for id in tx.probes.ids())
    needed = REAL_FOR_EACH * met
    return tx.reviews.answered(reviewer, most=needed) >= needed


def _is_engaged(tx: Transaction, escalation: str, reviewer: str) -> bool:
    """Whether this is the test of their session: in hand, or looked at in it."""
    row = tx.escalations.get(escalation)
    if row is not None and row.reviewer == reviewer:
        return True
    session = tx.desk.open_session(reviewer)
    if session is None:
        return False
    return any(look.session == session.id for look in tx.folds.looks(escalation))
