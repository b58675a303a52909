"""What a decision teaches: the right answer, and where on the card one could see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overread_briefs.brief import OptionKind
from overread_briefs.visible import visible
from overread_console.flow.card import numbered_evidence
from overread_console.flow.panes import Pane
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.practice.items import PracticeItem

_ANSWERS: dict[OptionKind, str] = {
    "approve": "approve it",
    "modify": "change it and approve that",
    "reject": "reject it",
    "need_info": "ask the agent",
    "escalate": "hand it on",
}
_RELEASES: frozenset[OptionKind] = frozenset({"approve", "modify"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A practice item, and the kind of option that was chosen first."""

    item: PracticeItem
    chosen: OptionKind

    @property
    def right(self) -> bool:
        return self.chosen in self.item.right

    @property
    def let_through(self) -> bool:
        """Something wrong was released."""
        return not self.right and not self.item.sound and self.chosen in _RELEASES

    @property
    def held_up(self) -> bool:
        """Something sound was not approved as it stands."""
        return not self.right and self.item.sound


def lesson_pane(outcome: Outcome) -> Pane:
    """Shown at once after a decision."""
    return Pane("PRACTICE: what this one was", tuple(_lesson_lines(outcome)))


def closing_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Which kinds were missed and what to look for, as it stands in the items. No grade."""
    yield "PRACTICE is over: nothing here was real, and nothing of it was kept."
    kinds = {one.item.kind: one.item.look_for for one in outcomes if one.let_through}
    for kind, look_for in kinds.items():
        yield f"Let through: {kind}. Next time: {look_for}."
    held_up = [one for one in outcomes if one.held_up]
    if held_up:
        looked = dict.fromkeys(one.item.look_for for one in held_up)
        yield f"Held up although nothing was wrong. Next time: {'; '.join(looked)}."
    if outcomes and not kinds and not held_up:
        yield "Nothing wrong was let through, and nothing sound was held up."


def _lesson_lines(outcome: Outcome) -> Iterator[Line]:
    item = outcome.item
    yield (Span(_verdict(outcome), "good" if outcome.right else "warning"),)
    yield BLANK
    yield (Span(visible(item.explanation)),)
    yield BLANK
    number = [one.id for one in numbered_evidence(item.brief)].index(item.seen_in) + 1
    title, quote = visible(item.shown_by.title), visible(item.quote)
    yield (Span(f"Where to see it: evidence {number}, {title}: “{quote}”"),)
    yield (Span(f"Kind: {visible(item.kind)}"),)


def _verdict(outcome: Outcome) -> str:
    best, *others = (_ANSWERS[kind] for kind in outcome.item.right)
    right = f"{best} (or {', '.join(others)})" if others else best
    if outcome.item.sound:
        if outcome.right:
            return "Yes: nothing is wrong here."
        return f"Nothing is wrong here. The right answer was to {right}."
    if outcome.right:
        return "Yes: something is wrong here, and you did not let it pass."
    if outcome.let_through:
        return f"Something is wrong here, and it would have passed. Right was to {right}."
    return f"Something is wrong here, and you did not let it pass. Better still: {right}."
