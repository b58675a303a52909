"""How long people look: never a mean, because one long lunch would hide many reflex clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from overread_queue.health.buckets import seconds_of
from overread_queue.health.measures import Found
from overread_queue.health.metric import Point, Reading
from overread_queue.health.shares import Ratio, Share, share_reading
from overread_queue.health.tallying import FAST_MS, Cut
from overread_queue.health.view import View, weight_of
from overread_queue.measure.beta import at_least
from overread_queue.measure.intervals import Interval
from overread_queue.measure.mixture import Mixture, fit_mixture
from overread_queue.measure.review_times import FEWEST, Bar, histogram, quantile
from overread_queue.numbers import percent
from overread_queue.store.health import Sum

NOTHING = "Nobody has looked at anything in this period."
EXPECTED = 0.02
"""Share of looks below five seconds that needs no explanation …"""
FALSE_ALARM = 0.01
"""… and how seldom that many more of them are called a spike without being one."""
LEAST_REFLEXES = 0.03
"""Share of looks that matters as a kind of its own."""
RANKS = (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))


def review_time(view: View, cut: Cut) -> Found:
    """Three ranks of the whole desk, or the median of each part."""
    parts = view.by_part("active", cut)
    times = {part: _times(parts[part]) for part in parts}
    whole = _ranked("", times[""], 0.5)
    if cut:
        others = tuple(_ranked(part, times[part], 0.5) for part in sorted(times) if part)
    else:
        others = tuple(_ranked(name, times[""], share) for name, share in RANKS)
    bars = tuple((_label(bar), bar.reviews) for bar in histogram(times[""]))
    return Found((whole, *others), _series(view), bars)


def fast_reviews(view: View, cut: Cut) -> Found:
    """The share below five seconds; counted exactly, and not from the steps."""
    share = Share("active", frozenset({"fast"}), nothing=NOTHING)
    found = share(view, cut)
    parts = view.by_part("active", cut)
    readings = tuple(
        share_reading(part, share.ratio(parts[part]), nothing=NOTHING, note=_spike(parts[part]))
        for part in sorted(parts)
    )
    return Found(readings, found.series)


def _ranked(part: str, times: Counter[float], share: float) -> Reading:
    n = times.total()
    if n == 0:
        return Reading(part, 0, None, None, None, "none", NOTHING)
    low, middle, high = quantile(times, share)
    interval = None
    if low is not None and middle is not None and high is not None:
        interval = Interval(low, middle, high)
    note = "" if interval else "Too few to say how far off it may be."
    return Reading(part, n, None, middle, interval, weight_of(n), note)


def _series(view: View) -> tuple[Point, ...]:
    found = []
    for stretch, tallies in view.over_time("active"):
        reading = _ranked("", _times(tallies), 0.5)
        found.append(Point(stretch.at, reading.n, reading.value, reading.interval))
    return tuple(found)


def _times(tallies: Iterable[Sum]) -> Counter[float]:
    found: Counter[float] = Counter()
    for one in tallies:
        found[seconds_of(one.bucket)] += one.items
    return found


def _spike(tallies: list[Sum]) -> str:
    """What an exact binomial test says of the looks below five seconds, and what a mixture of two
    kinds of look says of all of them."""
    times = _times(tallies)
    fast, n = Ratio(sum(one.items for one in tallies if one.mark == "fast"), times.total())
    if n < FEWEST:
        return f"Below {FEWEST} looks nothing is said of a spike." if n else ""
    chance = at_least(fast, n, EXPECTED)
    spike = (
        f"More than chance makes of {percent(EXPECTED)} (p = {chance:.1g})."
        if chance <= FALSE_ALARM
        else f"No more than chance makes of {percent(EXPECTED)}."
    )
    # Half of a kind whose median is below five seconds is below five seconds itself.
    mixture = fit_mixture(times) if fast / n > LEAST_REFLEXES / 2 else None
    found = mixture and mixture.reflexes(under=FAST_MS / 1000, weight=LEAST_REFLEXES)
    return f"{spike} {_kinds(mixture)}" if mixture and found else spike


def _kinds(mixture: Mixture) -> str:
    fast = mixture.fast
    return f"About {percent(fast.weight)} are a kind of their own, of {fast.median:.1f} s."


def _label(bar: Bar) -> str:
    if bar.low == 0:
        return f"< {bar.high:.0f} s"
    return f"{bar.low:.0f} s" if bar.high < float("inf") else f"≥ {bar.low:.0f} s"
