"""The card as lines for a screen, squeezed until it fits: pure, and the same for every face.

Blank lines go first, then reasons and the suggestion fold into one line each (`w` shows them
whole). A brief within its budget always fits 80 columns and 21 lines, so nothing scrolls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_briefs.budget import TITLE_CELLS
from overread_briefs.width import cells, clip, wrap
from overread_console.flow.card import Card, Choice, Fact, Reason
from overread_console.flow.spans import BLANK, Line, Role, Span, apart, padded, short

CARD_WIDTH = 80
CARD_HEIGHT = 21
"""What 24 lines leave beside the header and the two lines at the foot."""

_LABEL = 7
_OPTION_LABEL = 20


@dataclass(frozen=True, slots=True)
class _Squeeze:
    """How generous a layout is."""

    blanks: int
    """0: none; 1: before the options; 2: between all groups."""
    reasons: int
    folded: bool


_STEPS = (
    _Squeeze(blanks=2, reasons=4, folded=False),
    _Squeeze(blanks=1, reasons=3, folded=False),
    _Squeeze(blanks=1, reasons=2, folded=False),
    _Squeeze(blanks=0, reasons=2, folded=False),
    _Squeeze(blanks=0, reasons=1, folded=True),
)


def layout(
    card: Card, width: int = CARD_WIDTH, height: int = CARD_HEIGHT, *, ai: Line | None = None
) -> tuple[Line, ...]:
    """The most generous version that fits; the tightest one where none does.

    `ai` takes the place of what stands beside `AI`, in one line, without moving anything else.
    """
    lines: tuple[Line, ...] = ()
    for squeeze in _STEPS:
        lines = tuple(_compose(card, width, squeeze, ai))
        if len(lines) <= height:
            break
    return lines


def _compose(card: Card, width: int, squeeze: _Squeeze, ai: Line | None) -> Iterator[Line]:
    if squeeze.blanks == 2:
        yield BLANK
    yield from _head(card, width)
    if squeeze.blanks == 2:
        yield BLANK
    yield from _clock(card, width, squeeze)
    yield from _reasons(card, width, squeeze)
    yield from _facts(card, width)
    yield from _ai(card, width, squeeze, ai)
    if squeeze.blanks >= 1:
        yield BLANK
    yield from _choices(card.choices, width)


def _head(card: Card, width: int) -> Iterator[Line]:
    for text in wrap(card.question, width - 4):
        yield (Span(" "), Span(text, "question"))
    tier = f"{card.sign} {card.tier.upper()}"
    badge: Line = (Span(tier, "danger" if card.stop else "strong"), Span(" "))
    action = clip(card.action, width - 2 - cells(badge[0].text) - 2)
    yield apart((Span(" "), Span(action, "muted")), badge, width)
    if card.standing:
        yield (Span(" "), Span(clip(card.standing, width - 2), "strong"))
    for note in card.notes:
        yield (Span(" "), Span(clip(f"⚠ {note}", width - 2), "warning"))


def _clock(card: Card, width: int, squeeze: _Squeeze) -> Iterator[Line]:
    label = "due"
    time = Span(card.due, "danger" if card.late else "strong")
    silence = f" · {card.silence}"
    room = width - 2 - _LABEL - cells(card.due)
    if squeeze.folded or cells(silence) <= room:
        yield (*labelled(label), time, Span(clip(silence, room)))
        return
    yield (*labelled(label), time)
    for text in wrap(card.silence, width - 2 - _LABEL):
        yield (*labelled(""), Span(text))


def _reasons(card: Card, width: int, squeeze: _Squeeze) -> Iterator[Line]:
    shown = card.reasons[: squeeze.reasons]
    hidden = len(card.reasons) - len(shown)
    for index, reason in enumerate(shown):
        last = index == len(shown) - 1
        more = f" · {hidden} more (w)" if hidden and last else ""
        yield (*labelled("" if index else "why"), *_reason(reason, more, width))


def _reason(reason: Reason, more: str, width: int) -> Line:
    room = width - 2 - _LABEL - len(more)
    agent = reason.speaker == "agent"
    text = f"{reason.rule}  {reason.words}"
    spoken = f"agent says: {text}" if agent else text
    return (Span(clip(spoken, room), "agent" if agent else "text"), Span(more, "muted"))


def _facts(card: Card, width: int) -> Iterator[Line]:
    more = f"of {len(card.facts) + card.more_facts}" if card.more_facts else ""
    labels = ("facts", more, "")
    for label, fact in zip(labels, card.facts, strict=False):
        yield from _fact(fact, label, width)


def _fact(fact: Fact, label: str, width: int) -> Iterator[Line]:
    first, *rest = wrap(fact.title, TITLE_CELLS) or ("",)
    mark, role = fact_mark(fact)
    room = width - 1 - 1 - _LABEL - 4 - TITLE_CELLS - 2
    yield (
        *labelled(label),
        Span(f"{mark} ", role),
        Span(f"{fact.number} ", "key"),
        padded(Span(first), TITLE_CELLS),
        Span("  "),
        *_fact_meta(fact, room),
    )
    for text in rest:
        yield (*labelled(""), Span("    "), Span(text))


def _fact_meta(fact: Fact, room: int) -> Line:
    """Source and age; the source gives way where both do not fit."""
    when = f" · stale {fact.age}" if fact.stale else f" · {fact.age}"
    source = short(fact.source, max(room - cells(when), 1))
    return (Span(source, "muted"), Span(when, "warning" if fact.stale else "muted"))


def fact_mark(fact: Fact) -> tuple[str, Role]:
    """The sign before a fact; `?` says what each means."""
    if fact.masked:
        return "▒", "muted"
    if fact.stance == "contradicts":
        return "✗", "danger"
    if fact.stale:
        return "⚠", "warning"
    return ("✓", "good") if fact.stance == "supports" else ("·", "muted")


def _ai(card: Card, width: int, squeeze: _Squeeze, ai: Line | None) -> Iterator[Line]:
    """What was withheld gets its room from the start: nothing below it moves when it is shown."""
    lines = tuple(_suggestion(card, width, squeeze)) if ai is None else (ai,)
    yield from lines
    if card.withheld or card.judged:
        yield from (BLANK,) * ((2 if squeeze.folded else 3) - len(lines))


def _suggestion(card: Card, width: int, squeeze: _Squeeze) -> Iterator[Line]:
    said = card.suggestion
    if card.afterwards:
        return
    if said is None:
        yield _no_suggestion(card)
        return
    room = width - 2 - _LABEL
    own = f"you said {card.judged} · it " if card.judged else ""
    texts = [f"{own}suggests {said.label} ({said.confidence:.2f}): {said.reason}"]
    if said.doubt:
        texts.append(f"strongest doubt: {said.doubt}")
    lines = [clip(text, room) for text in texts] if squeeze.folded else _wrapped(texts, room)
    for index, text in enumerate(lines):
        yield (*labelled("" if index else "AI"), Span(text, "agent"))


def _no_suggestion(card: Card) -> Line:
    if card.withheld:
        return (*labelled("AI"), Span("withheld: record your own judgement first (j)", "strong"))
    return (*labelled("AI"), Span("none: this brief suggests nothing", "muted"))


def _wrapped(texts: list[str], room: int) -> list[str]:
    return [line for text in texts for line in wrap(text, room)]


def _choices(choices: tuple[Choice, ...], width: int) -> Iterator[Line]:
    """An approval and a rejection never touch, not even where there is nothing else to choose."""
    for before, choice in zip((None, *choices), choices, strict=False):
        if before is not None and {before.kind, choice.kind} == {"approve", "reject"}:
            yield BLANK
        yield _choice(choice, width)


def _choice(choice: Choice, width: int) -> Line:
    """A locked one has its letter in brackets: `(a)`."""
    label = clip(choice.label, _OPTION_LABEL)
    room = width - 1 - 3 - _OPTION_LABEL - 2
    left, right = "()" if choice.locked else "  "
    return (
        Span(left, "locked"),
        Span(choice.letter, "locked" if choice.locked else "key"),
        Span(right, "locked"),
        Span(" "),
        padded(Span(label, "strong"), _OPTION_LABEL),
        Span("  "),
        Span(clip(choice.consequence, room)),
    )


def labelled(label: str) -> Line:
    """The margin of a line, with what it is about."""
    return (Span(" "), Span(label.ljust(_LABEL), "muted"))
