"""What a session came to. No score, no speed, no count of approvals."""

from __future__ import annotations

from collections.abc import Iterator

from overread_briefs.visible import visible
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import count, duration
from overread_queue.models import SessionSummary

_TOLD = {
    "reject": "rejected",
    "need_info": "asked",
    "modify": "changed",
    "taken_over": "taken over",
}


LONG_SECONDS = 120
"""Of active review, from which on a brief may have been the reason."""


def is_long(summary: SessionSummary) -> bool:
    """Whether the longest item is worth a word to its owner."""
    return summary.longest is not None and summary.longest[1] >= LONG_SECONDS


def summary_lines(summary: SessionSummary) -> Iterator[Line]:
    """Two to eight lines."""
    took = duration((summary.ended_at - summary.started_at) / 1000)
    active = duration(summary.active_seconds)
    opened = count(summary.opened, "item")
    yield (Span(f"{opened} opened in {took}, {active} of it reading and deciding"),)
    yield (Span(" · ".join(_parts(summary)) or "nothing was changed, asked or handed on"),)
    if summary.judged:
        yield (Span(_judged(summary)),)
    if summary.tests:
        yield (Span(_practised(summary)),)
        yield (Span("did anything look like a test to you? y or n; it is counted without a name"),)
    if summary.longest is not None:
        question, seconds = summary.longest
        yield (Span(f"longest: {visible(question)} ({duration(seconds)})", "muted"),)
    if is_long(summary):
        yield (Span("was its brief hard to read? t tells its owner"),)
    if summary.break_seconds is not None:
        yield (Span(f"a break of {duration(summary.break_seconds)} would do you good", "good"),)


def _judged(summary: SessionSummary) -> str:
    """What there is to learn from: neither the person nor the suggestion is said to be right."""
    if not summary.differed:
        return f"first judgements {summary.judged}, all as the suggestion"
    return f"{summary.differed} of {count(summary.judged, 'first judgement')} not as the suggestion"


def _practised(summary: SessionSummary) -> str:
    """That there was a test, and how the whole desk does with its kind: never which it was."""
    verb = "was a test" if summary.tests == 1 else "were tests"
    said = f"group practice: {summary.tests} of the items {verb}"
    return f"{said}; {summary.practice}" if summary.practice else said


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
