"""Missed deadlines and sessions: what happened, and nobody's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overread_console.flow.figures import amount, day_words
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.flow.words import past_moment
from overread_console.lead.look import Look, sentences, table
from overread_queue.store.records import BreachRow, VerdictRow, WeekRow

FEW = 5
"""People below which what a week adds up to is nearly somebody's own."""
NO_BREACH = "No deadline was missed."
NO_SESSION = (
    "Nobody has begun a session. `overread review` begins one; "
    "`[` and `]` look at another length of time."
)
_BREACHES = ("agent", "action", "pool", "missed", "last")
_VERDICTS = ("action", "answer", "items")
_WEEKS = ("week of", "people", "sessions", "minutes", "each", "too long", "no break")


def breaches_page(
    breaches: Sequence[BreachRow], verdicts: Sequence[VerdictRow], look: Look
) -> Iterator[Line]:
    """What nobody answered in time, beside what people answered; never among their rejections."""
    yield (Span("deadlines missed, by workflow", "question"),)
    if breaches:
        yield from table(
            _BREACHES, [_breach(one, look.now) for one in breaches], look, numbers=(3,)
        )
    else:
        yield (Span(NO_BREACH, "good"),)
    if verdicts:
        yield BLANK
        yield (Span("answers, by action", "question"),)
        yield from table(_VERDICTS, [_verdict(one) for one in verdicts], look, numbers=(2,))


def _breach(row: BreachRow, now: int) -> tuple[str, ...]:
    last = past_moment(row.last_at, now)
    return row.agent, row.action_type, row.pool, f"{row.breaches:,}", last


def _verdict(row: VerdictRow) -> tuple[str, ...]:
    return row.action_type, row.verdict.replace("_", " "), f"{row.items:,}"


def sessions_page(weeks: Sequence[WeekRow], look: Look) -> Iterator[Line]:
    """By week, the newest first."""
    if not weeks:
        yield from sentences(NO_SESSION, look)
        return
    yield from table(_WEEKS, [_week(one) for one in reversed(weeks)], look, numbers=range(1, 7))
    yield BLANK
    told = "minutes: active review. too long: more than the policy gives one session. "
    yield from sentences(told + "no break: begun too soon after the one before.", look, "muted")
    if any(one.people < FEW for one in weeks):
        told = (
            f"Fewer than {FEW} people: this is nearly somebody's own week. Judge the work by it, "
        )
        yield from sentences(told + "never the person.", look, "warning")


def _week(row: WeekRow) -> tuple[str, ...]:
    minutes = row.active_ms / 60_000
    return (
        day_words(row.at),
        f"{row.people:,}",
        f"{row.sessions:,}",
        amount(round(minutes)),
        f"{minutes / row.sessions:.0f}",
        f"{row.long:,}",
        f"{row.hurried:,}",
    )
