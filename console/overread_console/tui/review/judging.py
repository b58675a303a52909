"""The first judgement, asked for in the place of the line that it opens."""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs.width import cells
from overread_console.flow.card import Card, Choice
from overread_console.flow.care import SURENESS
from overread_console.flow.layout import CARD_WIDTH, labelled
from overread_console.flow.spans import Line, Span

_SHORT = {
    "approve": "approve",
    "modify": "change",
    "reject": "reject",
    "need_info": "ask",
    "escalate": "hand on",
}


@dataclass(frozen=True, slots=True)
class Judging:
    """Half a judgement: what was chosen, and not yet how sure."""

    choice: Choice | None = None

    def line(self, card: Card) -> Line:
        """What to press now."""
        if self.choice is None:
            return (*labelled("judge"), *_keys(_letters(card)), Span(" · esc leaves", "muted"))
        sure = tuple((str(number), word) for number, word in enumerate(SURENESS, 1))
        head = Span(f"{_SHORT[self.choice.kind]}; how sure?  ", "strong")
        return (*labelled("judge"), head, *_keys(sure), Span(" · esc leaves", "muted"))


def _letters(card: Card) -> tuple[tuple[str, str], ...]:
    """Each letter with its word; the letters alone where there are too many for one line."""
    worded = tuple((choice.letter, _SHORT[choice.kind]) for choice in card.choices)
    needed = sum(cells(word) + 5 for _, word in worded)
    return worded if needed < CARD_WIDTH - 22 else tuple((letter, "") for letter, _ in worded)


def _keys(named: tuple[tuple[str, str], ...]) -> Line:
    spans: list[Span] = []
    for number, (key, word) in enumerate(named):
        spans += [Span(" · " if number else "", "muted"), Span(key, "key")]
        spans.append(Span(f" {word}" if word else ""))
    return tuple(spans)
