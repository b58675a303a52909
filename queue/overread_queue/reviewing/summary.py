"""What a session came to. Pure: rows in, summary out; no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from overread_queue.models import SessionSummary
from overread_queue.store.rows import ReviewRow, SessionRow

Reviewed = tuple[ReviewRow, str, str | None]
"""A review, its question, and the verdict recorded for it, if one was."""


def summary_of(
    session: SessionRow,
    reviewed: Sequence[Reviewed],
    *,
    ended_at: int,
    differing: Sequence[bool] = (),
    tests: int = 0,
    practice: str = "",
    break_seconds: int | None = None,
) -> SessionSummary:
    """Adds up the reviews of a session. Active times are those of the reviews, so they add up.

    `differing` has an entry for each first judgement; `break_seconds` is that of a break now due.
    """
    outcomes = Counter(review.outcome for review, _, _ in reviewed)
    verdicts = Counter(verdict for _, _, verdict in reviewed if verdict is not None)
    longest = max(reviewed, key=lambda one: one[0].active_ms, default=None)
    return SessionSummary(
        id=session.id,
        started_at=session.started_at,
        ended_at=ended_at,
        active_seconds=sum(review.active_ms for review, _, _ in reviewed) // 1000,
        opened=len({review.escalation for review, _, _ in reviewed}),
        verdicts=dict(verdicts),
        handed_on=outcomes["handed_on"],
        snoozed=outcomes["snoozed"],
        released=outcomes["released"],
        longest=(longest[1], longest[0].active_ms // 1000) if longest else None,
        longest_item=longest[0].escalation if longest else "",
        differed=sum(differing),
        judged=len(differing),
        tests=tests,
        practice=practice,
        break_seconds=break_seconds,
    )
