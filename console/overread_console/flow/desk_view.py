"""The desk at a glance, in words: what is ready, what is urgent, what comes later, today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from overread_briefs.visible import visible
from overread_console.flow.halts import LIFT, halt_words
from overread_console.flow.odd import flagged
from overread_console.flow.policy_tables import pressure_word
from overread_console.flow.spans import Line, Span, padded, short
from overread_console.flow.why import OVERLOADED
from overread_console.flow.words import count, due, duration, wall_clock
from overread_queue.desk import ReviewDesk
from overread_queue.friction.caps import OVERLOADED as OVERLOADED_SHARE
from overread_queue.models import Glass, Halt, Overview, Row, Workload
from overread_queue.policy.model import Policy
from overread_queue.routing.pressure import Depth

_LABEL = 19
_UNSEEN = " · no other lead has looked"
_COLUMNS = 78
"""A screen's, without its margins: what is longer is cut, and ends in `…`."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """The desk at one moment: what a face needs for its first lines."""

    overview: Overview
    pressure: tuple[tuple[str, str], ...]
    """Label and `open`, `busy` or `full` of each of the reviewer's pools that has limits."""
    notices: int
    workload: Workload
    fitting: int
    """How many items fit into a session before a break is due."""
    halts: tuple[Halt, ...]
    glass: tuple[Glass, ...]


def view_of(desk: ReviewDesk) -> DeskView:
    """Looks at the desk, without claiming anything."""
    policy, depths, overview = desk.policy(), desk.depths(), desk.overview()
    workload = desk.workload()
    left = seconds_to_break(policy, workload, overloaded=overview.overloaded)
    rows = desk.rows(desk.waiting_ids()[: policy.friction.session_items])
    words = (
        (visible(label), pressure_word(policy, name, depths.get(name, Depth())))
        for name, label in desk.pools
    )
    pressure = tuple((label, word) for label, word in words if word)
    return DeskView(
        overview,
        pressure,
        len(desk.notices()),
        workload,
        fitting(rows, min(left, policy.friction.session_minutes * 60)),
        desk.halts(),
        desk.glass(),
    )


def seconds_to_break(policy: Policy, workload: Workload, *, overloaded: bool) -> float:
    """Of expected work; who is given more time a day has worked less of it by the same clock."""
    multiplier = workload.seconds_most / (policy.limits.day_minutes * 60)
    after = policy.friction.break_after * (OVERLOADED_SHARE if overloaded else 1)
    return after - workload.since_break_seconds / multiplier


def fitting(rows: tuple[Row, ...], seconds: float) -> int:
    """How many of them, from the first on, are expected to take no more than that."""
    return sum(total <= seconds for total in accumulate(row.expected_seconds for row in rows))


def waiting_with(desk: ReviewDesk, text: str) -> tuple[str, ...]:
    """Ids of what has every word of `text`, in any order and place; everything for no words."""
    first, *others = text.split() or [""]
    ids = desk.waiting_ids(first)
    for word in others:
        also = frozenset(desk.waiting_ids(word))
        ids = tuple(id for id in ids if id in also)
    return ids


def desk_lines(
    view: DeskView, now: int, *, filtered: bool, columns: int = _COLUMNS
) -> Iterator[Line]:
    """Eight lines at most; what is nothing is left out, except what is ready."""
    overview = view.overview
    for halt in view.halts:
        words = short(halt_words(halt), columns - 2 - _LABEL - len(LIFT))
        yield (*_labelled("Stopped", ""), Span(f"{words} · {LIFT}", "warning"))
    for glass in view.glass:
        words = f"{visible(glass.by)} decides alone: {visible(glass.question)}"
        words = short(words, columns - _LABEL - len(_UNSEEN))
        yield (*_labelled("Glass broken", ""), Span(words + _UNSEEN, "warning"))
    yield _labelled("Ready for you", short(_ready(view, filtered=filtered), columns - _LABEL))
    if overview.overloaded:
        yield (*_labelled("Overload", ""), Span(OVERLOADED, "warning"))
    if overview.urgent:
        first = overview.urgent[0]
        words = f"▲ {overview.urgent_count} · first {due(first.deadline_at, now)}: "
        asked = flagged(visible(first.question), first.question)
        question = short(asked, columns - _LABEL - len(words))
        yield (*_labelled("Urgent", ""), Span(words + question, "warning"))
    if overview.batching:
        at = overview.next_batch_at
        when = f" · next at {wall_clock(at)}" if at is not None else ""
        yield _labelled("Waiting to batch", f"{count(overview.batching, 'item')}{when}")
    if view.pressure:
        words = " · ".join(f"{label} {word}" for label, word in view.pressure)
        yield _labelled("Pools", short(words, columns - _LABEL))
    others = f" · {overview.claimed_by_others} with colleagues now"
    yield _labelled("Today", _today(view) + (others if overview.claimed_by_others else ""))


def _today(view: DeskView) -> str:
    """`31 of 60 items · 74 of 240 min`; at a limit, what happens to the rest."""
    load = view.workload
    items = f"{load.items} of {load.items_most} items"
    minutes = f"{load.active_seconds // 60} of {load.seconds_most // 60} min"
    rest = " · what is left goes to colleagues or the next pool" if load.capped else ""
    return f"{items} · {minutes}{rest}"


def _ready(view: DeskView, *, filtered: bool) -> str:
    overview, load = view.overview, view.workload
    if not overview.ready:
        return "nothing; new items appear by themselves"
    work = f"{count(overview.ready, 'item')} · about {duration(overview.ready_seconds)}"
    if filtered:
        return f"{work} of work · filtered, esc shows all"
    if load.break_due:
        return f"{work} of work · a break of {duration(load.break_seconds)} is due"
    if view.fitting and not load.capped:
        return f"{work} · session of {view.fitting} before your break"
    return f"{work} of work"


def _labelled(label: str, words: str) -> Line:
    return (Span(" "), padded(Span(label, "muted"), _LABEL - 1), Span(words))
