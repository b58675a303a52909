"""How many errors went past both of two people who read the same thing without each other."""

from __future__ import annotations

import math

from overread_queue.health.measures import Found
from overread_queue.health.metric import Reading
from overread_queue.health.periods import period_of
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View, weight_of
from overread_queue.measure.impossible import z_for
from overread_queue.measure.intervals import Interval
from overread_queue.measure.unseen import Recapture, chapman
from overread_queue.store.truths import Truths, Twice, settled

NOBODY = "Nothing was read by two people without each other in this period."
NO_ERRORS = (
    "One of the two found no error, so nothing tells a clean desk from one where nobody sees them."
)
AT_LEAST = "Take it as the least: what one overlooks, the other tends to overlook as well."


def unseen(view: View, cut: Cut) -> Found:
    """By capture and recapture: what both found, against what one of them did.

    An objection to what turned out right is no error found.
    """
    period = period_of(view.days)
    pairs = view.truths.twice_read(since=period.since, until=period.until)
    real = [one for one in pairs if _may_be_wrong(view.truths, one)]
    found = chapman(
        sum(one.first for one in real),
        sum(one.second for one in real),
        sum(one.first and one.second for one in real),
    )
    return Found((_reading(len(pairs), found),))


def _may_be_wrong(truths: Truths, one: Twice) -> bool:
    return (one.first or one.second) and settled(truths.of(one.escalation)) != "right"


def _reading(pairs: int, found: Recapture | None) -> Reading:
    if not pairs:
        return Reading("", 0, None, None, None, "none", NOBODY)
    if found is None:
        return Reading("", pairs, None, None, None, "none", NO_ERRORS)
    note = f"{found.found} were found, by one of them or by both. {AT_LEAST}"
    value = max(0.0, found.unseen)
    return Reading("", pairs, None, value, _interval(found), weight_of(found.found), note)


def _interval(found: Recapture) -> Interval | None:
    if found.variance is None:
        return None
    half = z_for(0.95) * math.sqrt(found.variance)
    return Interval(max(0.0, found.unseen - half), max(0.0, found.unseen), found.unseen + half)
