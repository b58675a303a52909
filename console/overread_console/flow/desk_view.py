"""The desk at a glance, in words: what is ready, what is urgent, what comes later, today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_briefs.visible import visible
from overread_console.flow.halts import LIFT, halt_words
from overread_console.flow.policy_tables import pressure_word
from overread_console.flow.spans import Line, Span, padded, short
from overread_console.flow.why import OVERLOADED
from overread_console.flow.words import count, due, duration, wall_clock
from overread_queue.desk import ReviewDesk
from overread_queue.models import Halt, Overview
from overread_queue.pressure import Depth

_LABEL = 19


@dataclass(frozen=True, slots=True)
class DeskView:
    """The desk at one moment: what a face needs for its first lines."""

    overview: Overview
    pressure: tuple[tuple[str, str], ...]
    """Label and `open`, `busy` or `full` of each of the reviewer's pools that has limits."""
    notices: int
    halts: tuple[Halt, ...]


def view_of(desk: ReviewDesk) -> DeskView:
    """Looks at the desk, without claiming anything."""
    policy, depths, overview = desk.policy(), desk.depths(), desk.overview()
    words = (
        (visible(label), pressure_word(policy, name, depths.get(name, Depth())))
        for name, label in desk.pools
    )
    pressure = tuple((label, word) for label, word in words if word)
    return DeskView(
        overview,
        pressure,
        len(desk.notices()),
        desk.halts(),
    )


def waiting_with(desk: ReviewDesk, text: str) -> tuple[str, ...]:
    """Ids of what has every word of `text`, in any order and place; everything for no words."""
    first, *others = text.split() or [""]
    ids = desk.waiting_ids(first)
    for word in others:
        also = frozenset(desk.waiting_ids(word))
        ids = tuple(id for id in ids if id in also)
    return ids


def desk_lines(view: DeskView, now: int, *, filtered: bool) -> Iterator[Line]:
    """Eight lines at most; what is nothing is left out, except what is ready."""
    overview = view.overview
    for halt in view.halts:
        words = short(halt_words(halt), 76 - _LABEL - len(LIFT))
        yield (*_labelled("Stopped", ""), Span(f"{words} · {LIFT}", "warning"))
    yield _labelled("Ready for you", _ready(overview, filtered=filtered))
    if overview.overloaded:
        yield (*_labelled("Overload", ""), Span(OVERLOADED, "warning"))
    if overview.urgent:
        first = overview.urgent[0]
        words = f"▲ {overview.urgent_count} · first {due(first.deadline_at, now)}: "
        question = short(visible(first.question), 78 - _LABEL - len(words))
        yield (*_labelled("Urgent", ""), Span(words + question, "warning"))
    if overview.batching:
        at = overview.next_batch_at
        when = f" · next at {wall_clock(at)}" if at is not None else ""
        yield _labelled("Waiting to batch", f"{count(overview.batching, 'item')}{when}")
    if view.pressure:
        words = " · ".join(f"{label} {word}" for label, word in view.pressure)
        yield _labelled("Pools", short(words, 78 - _LABEL))
    today = f"{count(overview.done_today, 'item')} · {duration(overview.active_seconds_today)}"
    others = f" · {overview.claimed_by_others} with colleagues now"
    yield _labelled("Today", today + (others if overview.claimed_by_others else ""))


def _ready(overview: Overview, *, filtered: bool) -> str:
    if not overview.ready:
        return "nothing; new items appear by themselves"
    work = f"{count(overview.ready, 'item')} · about {duration(overview.ready_seconds)} of work"
    return f"{work} · filtered, esc shows all" if filtered else work


def _labelled(label: str, words: str) -> Line:
    return (Span(" "), padded(Span(label, "muted"), _LABEL - 1), Span(words))
