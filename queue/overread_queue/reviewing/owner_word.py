"""Telling whoever keeps an agent that one of its briefs was hard to read."""

from __future__ import annotations

from overread_queue.moves import Mover


def tell_owner(mover: Mover, id: str, *, reviewer: str) -> None:
    """Put a word of the desk's own, no reviewer's, among what is held against the agent's actions.

    Once for each reviewer. A blind test has no owner; whoever asks learns nothing of that.
    """
    row, action = mover.tx.escalations.get(id), mover.tx.actions.behind(id)
    look = mover.tx.reviews.latest(id, reviewer) if row else None
    if row is None or action is None or look is None:
        return
    reason = f"its brief took {look.active_ms // 1000} s to read; say first what decides it"
    if mover.tx.actions.object(action.id, reviewer=reviewer, reason=reason, now=mover.now):
        mover.note("brief_told", row, {"proposal": action.id})
