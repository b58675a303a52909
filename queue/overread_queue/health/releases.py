"""Each release of blind tests, past its chart, in the transaction that tells it."""

from __future__ import annotations

from overread_queue.health import kept
from overread_queue.health.charts import Baseline
from overread_queue.health.missed import KIND, SUBJECT, MissedChart
from overread_queue.health.settling import baseline_set, settle
from overread_queue.moves import Mover


def watch_release(mover: Mover, step: Baseline, *, every: float) -> None:
    """Raise, keep up or end the alarm. The first release, or the first since a lead said that what
    is usual now may stay, is what the others are held against."""
    chart = kept.MISSED.one(mover.tx, KIND, SUBJECT)
    if chart is None:
        moved = MissedChart(step)
        baseline_set(mover, KIND, SUBJECT, step)
    else:
        moved = chart.after(step, every=every)
    kept.MISSED.keep(mover.tx, KIND, SUBJECT, moved)
    settle(mover, KIND, SUBJECT, moved.finding, at=mover.now)
