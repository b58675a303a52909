"""Alarms: what changed, what is usually behind it, where to look, and who has looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overread_briefs.visible import visible
from overread_console.flow.spans import BLANK, Line, Role, Span, short
from overread_console.flow.words import count, past_moment
from overread_console.lead.look import Look, cell, named, sentences
from overread_queue.health.alarm import Alarm

EMPTY = (
    "Nothing stands out. An alarm is raised when something changes more than chance lets it; "
    "`overread alarms design` says how soon each comes, and how often it would for nothing."
)
_SIGNS, _WHEN = 4, 12


def alarms_page(alarms: Sequence[Alarm], look: Look) -> Iterator[Line]:
    """In their order: what nobody has looked into first, what is over last."""
    if not alarms:
        yield from sentences(EMPTY, look)
        return
    for row, alarm in enumerate(alarms):
        yield from _row(alarm, look, row)


def _row(alarm: Alarm, look: Look, row: int) -> Iterator[Line]:
    sign, role = alarm_sign(alarm)
    role_of_words: Role = "strong" if row == look.cursor else "text"
    room = Look(look.width - _SIGNS - _WHEN, look.height, look.now)
    words = f"{alarm.says} ({_standing(alarm)})" if _standing(alarm) else alarm.says
    first, *more = sentences(words, room, role_of_words)
    when = cell(past_moment(alarm.raised_at, look.now), _WHEN, "muted")
    yield (look.mark(row), Span(f"{sign} ", role), when, *first)
    for line in more:
        yield (Span(" " * (_SIGNS + _WHEN)), *line)


def alarm_sign(alarm: Alarm) -> tuple[str, Role]:
    """`✗` to be looked into now, `⚠` soon, `·` when acknowledged, `✓` when over."""
    if alarm.over_at is not None:
        return "✓", "good"
    if alarm.acknowledged_at is not None:
        return "·", "muted"
    return ("✗", "danger") if alarm.severe else ("⚠", "warning")


def _standing(alarm: Alarm) -> str:
    if alarm.over_at is not None:
        return "over"
    return "acknowledged" if alarm.acknowledged_at is not None else ""


def alarm_page(alarm: Alarm, look: Look) -> Iterator[Line]:
    """One alarm whole."""
    sign, role = alarm_sign(alarm)
    yield (Span(f"{sign} ", role), Span(short(_title(alarm), look.width - 2), "question"))
    yield from sentences(alarm.says, look)
    yield BLANK
    yield from named("often because", alarm.cause, look)
    yield from named("look at", alarm.look, look)
    yield BLANK
    yield from named("since", f"{past_moment(alarm.since, look.now)}, probably", look)
    yield from named(
        "raised", f"{past_moment(alarm.raised_at, look.now)}, on {count(alarm.n, 'case')}", look
    )
    yield from _ending(alarm, look)


def _ending(alarm: Alarm, look: Look) -> Iterator[Line]:
    if alarm.acknowledged_at is not None:
        when = past_moment(alarm.acknowledged_at, look.now)
        yield from named("acknowledged", f"{when} by {alarm.acknowledged_by or 'somebody'}", look)
        yield from named("found", alarm.note or "no note", look)
    if alarm.over_at is not None:
        yield from named("over since", past_moment(alarm.over_at, look.now), look, "good")
    elif alarm.acknowledged_at is None:
        yield BLANK
        yield (Span("a ", "key"), Span("acknowledges it, with what you found", "muted"))


def _title(alarm: Alarm) -> str:
    return visible(f"{alarm.kind.replace('_', ' ')}: {alarm.subject}")
