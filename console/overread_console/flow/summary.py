"""What a session came to. No score, no speed, no count of approvals."""

from __future__ import annotations

from collections.abc import Iterator

from overread_briefs.visible import visible
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import count, duration
from overread_queue.models import SessionSummary

_BREAK_AFTER = 20 * 60
"""Seconds of active review after which a break is suggested."""

_TOLD = {
    "reject": "rejected",
    "need_info": "asked",
    "modify": "changed",
    "taken_over": "taken over",
}


def summary_lines(summary: SessionSummary) -> Iterator[Line]:
    """Two to four lines."""
    took = duration((summary.ended_at - summary.started_at) / 1000)
    active = duration(summary.active_seconds)
    opened = count(summary.opened, "item")
    yield (Span(f"{opened} opened in {took}, {active} of it reading and deciding"),)
    yield (Span(" · ".join(_parts(summary)) or "nothing was changed, asked or handed on"),)
    if summary.longest is not None:
        question, seconds = summary.longest
        yield (Span(f"longest: {visible(question)} ({duration(seconds)})", "muted"),)
    if summary.active_seconds >= _BREAK_AFTER:
        yield (Span("a break of 5 minutes would do you good", "good"),)


def _parts(summary: SessionSummary) -> Iterator[str]:
    for verdict, word in _TOLD.items():
        if summary.verdicts.get(verdict):
            yield f"{word} {summary.verdicts[verdict]}"
    counts = {
        "handed on": summary.handed_on,
        "snoozed": summary.snoozed,
        "given back": summary.released,
    }
    yield from (f"{word} {number}" for word, number in counts.items() if number)
