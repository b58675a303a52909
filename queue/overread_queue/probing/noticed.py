"""Whether tests can be told from real work: what people say after sessions that had one.

Answers are counted by month and told of months that are over, in steps that are large enough to
hide in. Nobody's name is kept with one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from overread_queue.health.metric import Metric, Reading
from overread_queue.health.shares import Ratio, share_reading
from overread_queue.probing.cuts import LEAST

TOO_EARLY = f"Not enough yet: a figure takes {LEAST} answers, from months that are over."


def month_of(at: int) -> str:
    """The UTC month of a moment."""
    return f"{dt.datetime.fromtimestamp(at / 1000, dt.UTC):%Y-%m}"


def told(months: Iterable[Ratio]) -> Ratio:
    """What of these months, oldest first, may be told: none are subtracted to few answers."""
    out, kept_back = Ratio(0, 0), Ratio(0, 0)
    for month in months:
        kept_back = _sum(kept_back, month)
        if kept_back.n >= LEAST:
            out, kept_back = _sum(out, kept_back), Ratio(0, 0)
    return out


def noticed(months: Iterable[Ratio]) -> Metric:
    """The share of answers that something looked like a test."""
    found: Reading = share_reading("", told(months), nothing=TOO_EARLY)
    return Metric(
        name="probe_noticed",
        label="Looked like a test",
        unit="share",
        asks="After how many sessions with a test did somebody say that something looked like one?",
        cannot_tell="Whether that was the test: nobody is asked which item it was.",
        cut_by="",
        readings=(found,),
    )


def _sum(one: Ratio, other: Ratio) -> Ratio:
    return Ratio(one.hits + other.hits, one.n + other.n)
