"""Values that stay hidden until the reviewer asks for them, as they are shown meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from overread_briefs.fields import Sensitivity
from overread_briefs.visible import visible
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import plain_value
from overread_queue.models import Review

DOTS = "●●●●"
"""In place of a masked value, however long it is."""

HOW = "v shows it; that is recorded"


def value_words(name: str, value: JsonValue, masked: Mapping[str, Sensitivity]) -> str:
    """The value, or its class where that is masked."""
    return f"{DOTS} ({masked[name]})" if name in masked else visible(plain_value(value))


def next_masked(review: Review) -> str | None:
    """The parameter that is unmasked next: they come one by one, in the order they are shown."""
    shown = (*review.brief.action.parameters, *review.masked_parameters)
    return next((name for name in shown if name in review.masked_parameters), None)


def parameter_lines(review: Review) -> Iterator[Line]:
    """Every parameter of the action, then those that only an option would add."""
    parameters = review.brief.action.parameters
    yield from (_line(review, name, value) for name, value in parameters.items())
    for name in review.masked_parameters:
        if name not in parameters:
            yield (*_line(review, name, None), Span(" · only in an option", "muted"))


def _line(review: Review, name: str, value: JsonValue) -> Line:
    masked = review.masked_parameters
    words = value_words(name, value, masked)
    if name == next_masked(review):
        words = f"{DOTS} ({masked[name]}, {HOW})"
    return (Span(f"  {visible(name)}: {words}", "warning" if name in masked else "text"),)
