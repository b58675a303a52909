"""What an approval still waits for: what the desk said, carried on by the clock, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from overread_briefs.visible import visible
from overread_console.flow.card import numbered_evidence
from overread_console.flow.halts import LIFT
from overread_console.flow.words import count
from overread_queue.models import Review, Standing
from overread_queue.states import EscalationKind


@dataclass(frozen=True, slots=True)
class Look:
    """What the desk said, and when: a countdown needs no further look."""

    standing: Standing
    at: int
    """UTC milliseconds."""

    def live(self, now: int) -> Standing:
        """The same with the time since then counted as reading."""
        left = max(self.standing.seconds_left - max(now - self.at, 0) / 1000, 0)
        return replace(self.standing, seconds_left=left)


def lock_words(standing: Standing, review: Review, *, paused: bool = False) -> str:
    """Why approving is locked, such as `approve in 14 s · 1 contradiction unread (1)`; or empty.

    `paused`: nothing was pressed for so long that the time does not count.
    """
    if not standing.shut:
        return ""
    if standing.stopped:
        return f"locked: {visible(standing.stopped)}; {LIFT}"
    if standing.capped:
        return f"{standing.capped}: everything but approving still works"
    verb = "approve" if review.handling.kind is EscalationKind.APPROVAL else "confirm"
    head = f"{verb} in {math.ceil(standing.seconds_left)} s" if standing.seconds_left > 0 else ""
    head += ", paused until you press a key" if head and paused else ""
    rest = " · ".join(_asked(standing, review))
    return " · ".join(filter(None, (head, rest))) if head else f"before you {verb}: {rest}"


def may_challenge(standing: Standing) -> bool:
    """Whether an approval can be challenged now: also while nothing but time is missing, as
    writing is reading too."""
    waits = standing.unread or standing.judge or standing.stopped or standing.capped
    return bool(not waits and (standing.challenge or standing.changed))


def _asked(standing: Standing, review: Review) -> Iterator[str]:
    if standing.unread:
        keys = ", ".join(str(number) for number in _numbers(standing.unread, review))
        yield f"{count(len(standing.unread), 'contradiction')} unread ({keys})"
    if standing.judge:
        yield "your own judgement (j)"
    if standing.challenge and may_challenge(standing):
        yield "challenge it meanwhile (a)"


def _numbers(ids: tuple[str, ...], review: Review) -> Iterator[int]:
    for number, item in enumerate(numbered_evidence(review.brief), 1):
        if item.id in ids:
            yield number
