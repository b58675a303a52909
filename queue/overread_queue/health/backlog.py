"""What lies on the desk, and whether the counts of what came and went agree with it."""

from __future__ import annotations

from collections import Counter

from overread_queue.health.measures import Found
from overread_queue.health.metric import Point, Reading
from overread_queue.health.periods import period_of, stretches
from overread_queue.health.tallying import DAY_MS, Cut
from overread_queue.health.view import View, part_of, weight_of

LIVE = "As of now, whatever the period: everything is counted, so there is no interval."
SELF_TEST = "Two counts of the same thing, so there is no interval."


def depth(view: View, cut: Cut) -> Found:
    """Open questions, and the minutes of review that they are expected to take."""
    items: Counter[str] = Counter({"": 0})
    seconds: Counter[str] = Counter()
    for one in view.open:
        for part in {"", part_of(one, cut)}:
            items[part] += 1
            seconds[part] += one.expected_seconds
    readings = tuple(
        Reading(part, n, None, float(n), None, weight_of(n), _expected(seconds[part]))
        for part, n in sorted(items.items())
    )
    return Found(readings, _over_time(view))


def little_law(view: View, cut: Cut) -> Found:
    """L, the mean number on the desk, against λW, arrivals times their mean stay: Little, "A proof
    for the queuing formula L = λW", Operations Research 9 (1961).

    They are the same over a period that begins and ends with an empty desk, and close to it over
    any long one. Where they are far apart, events are missing or clocks disagree.
    """
    length = _length(view)
    arrived, gone = view.whole("arrived"), view.whole("sojourn")
    n, left = sum(one.items for one in arrived), sum(one.items for one in gone)
    if not left or length <= 0:
        nothing = "Nothing has come and gone in this period."
        return Found((Reading("", n, None, None, None, "none", nothing),))
    stay = sum(one.total for one in gone) / left
    law, seen = n / length * stay, _mean_open(view, length)
    note = f"{SELF_TEST} By Little's law it would be {law:.2f}: {_verdict(seen, law)}."
    return Found((Reading("", n, None, seen, None, weight_of(left), note),))


def _expected(seconds: int) -> str:
    return f"{round(seconds / 60)} minutes of review are expected. {LIVE}"


def _over_time(view: View) -> tuple[Point, ...]:
    """How many were open at the end of each stretch; in the one that is not over, how many are."""
    known, today = view.table.flow(view.days.first), view.now // DAY_MS
    untold = (one for one in view.open if not one.told)
    change = Counter(max(one.created_at // DAY_MS, view.days.first) for one in untold)
    for what, sign in (("arrived", 1), ("gone", -1)):
        for one in view.daily(what):
            change[one.day] += sign * one.items
    found = []
    for stretch in stretches(view.days):
        if stretch.at > view.now:
            break
        known += sum(change[day] for day in range(stretch.first, stretch.after))
        if stretch.first <= today < stretch.after:
            known = len(view.open)
        found.append(Point(stretch.at, known, float(known), None))
    return tuple(found)


def _length(view: View) -> int:
    """Milliseconds of the period that have passed."""
    period = period_of(view.days)
    return min(period.until, view.now) - period.since


def _mean_open(view: View, length: int) -> float:
    """The area under the number that is open, from what was open at first and when each came and
    went; no single wait is needed for it."""
    end = period_of(view.days).since + length
    area = view.table.flow(view.days.first) * length
    for what, sign in (("arrived", 1), ("gone", -1)):
        for one in view.daily(what):
            area += sign * (one.items * (end - one.day * DAY_MS) - one.total)
    return area / length


def _verdict(seen: float, law: float) -> str:
    apart = abs(seen - law) / max(seen, law, 1.0)
    return "they agree" if apart <= 0.25 else "they do not agree, as over a short or uneven period"
