"""The notices feed in words: what agents did and told of, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator

from overread_briefs.visible import visible
from overread_console.flow.masked import DOTS
from overread_console.flow.odd import SIGN, notice_texts, odd_words
from overread_console.flow.panes import Pane
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.flow.words import age, count, past_moment, plain_value
from overread_queue.models import Notice

EMPTY = (
    "No agent told of anything in the last week.",
    "What agents do at tier notify appears here: they act, and you can object.",
)


def parameters_words(notice: Notice) -> str:
    """All parameters in one line; values of a masked class stay hidden."""
    return ", ".join(f"{name} {value}" for name, value in _parameters(notice))


def notice_line(notice: Notice) -> str:
    """What was done, with what, and whether somebody objected."""
    objections = f" · {count(notice.objections, 'objection')}" if notice.objections else ""
    line = f"{visible(notice.label)}{objections} · {parameters_words(notice)}"
    return f"{SIGN} {line}" if odd_words(notice_texts(notice)) else line


def notice_pane(notice: Notice, now: int) -> Pane:
    """One notice in full."""
    return Pane(visible(notice.label), tuple(_lines(notice, now)))


def notice_sentence(notice: Notice, now: int) -> str:
    """The same line, to be read aloud."""
    return f"{age(notice.at, now)} ago, {visible(notice.agent)}: {notice_line(notice)}".replace(
        " · ", ", "
    )


def _lines(notice: Notice, now: int) -> Iterator[Line]:
    yield (Span(f"{visible(notice.agent)} did this by itself; nobody was asked"),)
    when = f"{age(notice.at, now)} ago ({past_moment(notice.at, now)})"
    yield (Span(visible(notice.action_type), "muted"), Span(f" · {when}", "muted"))
    yield BLANK
    for name, value in _parameters(notice):
        yield (Span(f"{name}: ", "muted"), Span(value))
    if notice.masked:
        yield (Span(f"{DOTS} ", "warning"), Span("values are masked", "warning"))
    odd = odd_words(notice_texts(notice))
    if odd:
        yield (Span(f"{SIGN} ", "warning"), Span(f"odd text: {odd}", "warning"))
    yield BLANK
    if notice.objections:
        yield (Span(f"{count(notice.objections, 'objection')}; the agent knows", "warning"),)
    else:
        yield (Span("nobody has objected", "muted"),)


def _parameters(notice: Notice) -> Iterator[tuple[str, str]]:
    for name, value in notice.parameters.items():
        yield visible(name), DOTS if name in notice.masked else visible(plain_value(value))
