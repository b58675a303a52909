"""Deadlines: kept, missed, or not decided yet, and what happened where nobody answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from overread_queue.health.measures import Found
from overread_queue.health.metric import Reading
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View, part_of, weight_of
from overread_queue.measure.intervals import Interval, wilson
from overread_queue.measure.sla import Compliance
from overread_queue.store.health import Sum

NOTHING = "No deadline of anything asked in this period was kept or missed, and none is open."
COUNTED = "Everything of the period is counted, so there is no interval."


def sla(view: View, cut: Cut) -> Found:
    """Of what was asked in the period: answered by its first deadline, or not.

    What is open past it is missed; what is open before it may still go either way. What its agent
    took back or revised in time counts as neither.
    """
    parts = defaultdict(list, view.by_part("sla", cut))
    late, still = _open(view, cut)
    names = sorted({*parts, *late, *still, ""})
    kept = {part: _compliance(parts[part], late[part], still[part]) for part in names}
    whole = kept[""]
    bars = (("met", whole.met), ("missed", whole.missed), ("open", whole.undetermined))
    return Found(tuple(_kept(part, kept[part]) for part in names), bars=bars)


def fallbacks(view: View, cut: Cut) -> Found:
    """Deadlines that passed, and what the policy did then."""
    parts = view.by_part("breached", cut)
    bars: Counter[str] = Counter()
    for one in parts[""]:
        bars[one.mark.replace("_", " ")] += one.items
    readings = tuple(
        _counted(part, sum(one.items for one in parts[part])) for part in sorted(parts)
    )
    return Found(readings, bars=tuple(bars.most_common()))


def _open(view: View, cut: Cut) -> tuple[Counter[str], Counter[str]]:
    """Past their first deadline, and not yet there."""
    late: Counter[str] = Counter()
    still: Counter[str] = Counter()
    for one in view.pending():
        where = late if one.due_at <= view.now else still
        where.update({"", part_of(one, cut)})
    return late, still


def _compliance(tallies: Iterable[Sum], late: int, still: int) -> Compliance:
    found: Counter[str] = Counter()
    for one in tallies:
        found[one.mark] += one.items
    return Compliance(found["met"], found["missed"] + late, still)


def _kept(part: str, found: Compliance) -> Reading:
    """The interval reaches from where everything open will be late to where nothing will."""
    n, decided = found.total, found.met + found.missed
    if n == 0:
        return Reading(part, 0, 0, None, None, "none", NOTHING)
    if decided == 0:
        return Reading(part, n, 0, None, None, weight_of(n), "Everything is still open.")
    low = wilson(found.met, n).low
    high = wilson(found.met + found.undetermined, n).high
    note = f"{found.met} met, {found.missed} missed, {found.undetermined} not decided yet."
    value = found.met / decided
    return Reading(part, n, found.met, value, Interval(low, value, high), weight_of(decided), note)


def _counted(part: str, count: int) -> Reading:
    return Reading(part, count, None, float(count), None, weight_of(count), COUNTED)
