"""The desk's list in a conversation: read out by number, narrowed down, one of it taken."""

from __future__ import annotations

from overread_briefs.visible import visible
from overread_console.flow.desk_view import waiting_with
from overread_console.flow.odd import odd_words
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.tiers import look_of
from overread_console.flow.words import count, due, number_in
from overread_console.plain.talk import Talk
from overread_queue.clock import Clock
from overread_queue.models import Row

PAGE = 20
"""Items read out at once: more is no list any more for whoever listens."""


class Listing:
    """What waits for this reviewer beyond the session's own items."""

    def __init__(self, flow: ReviewFlow, talk: Talk, clock: Clock) -> None:
        self._flow = flow
        self._talk = talk
        self._clock = clock
        self._told: tuple[str, ...] = ()

    def tell(self, words: str = "") -> None:
        """In the order to work; only what has every word of `words`."""
        ids, now = waiting_with(self._flow.desk, words), self._clock.now()
        self._told = ids[:PAGE]
        rows = self._flow.desk.rows(self._told)
        self._talk.say_all(
            f"{number}: {row_sentence(row, now)}." for number, row in enumerate(rows, 1)
        )
        if len(ids) > PAGE:
            self._talk.say(f"{count(len(ids) - PAGE, 'more item')}; filter and words narrow it.")
        if not ids:
            nothing = "Nothing that waits has these words." if words else "Nothing else is waiting."
            self._talk.say(nothing)

    def pick(self, typed: str) -> None:
        """By a number of the list as it was last told; it comes right after the item at hand."""
        if not self._told:
            self.tell()
        number = number_in(typed)
        if 1 <= number <= len(self._told):
            self._flow.bring(self._told[number - 1])
        elif self._told:
            self._talk.say(f"Pick a number from 1 to {len(self._told)}, as list tells them.")


def row_sentence(row: Row, now: int) -> str:
    """One waiting item, to be read aloud."""
    moved_up = ", moved up" if row.promoted else ""
    tier = look_of(row.kind, row.tier).name
    when = f"due {due(row.deadline_at, now)}{moved_up}"
    odd = odd_words((row.question,))
    told = f"{visible(row.question)} {when}, {tier}, from {visible(row.agent)}"
    return f"{told}, odd text: {odd}" if odd else told
