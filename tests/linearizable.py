"""Could these calls, as each was answered, have happened one after the other? One item at a time.

The search of Wing and Gong, with Lowe's memory of what was tried, against a model of one item. A
call that never returned may have happened at any later time, or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

REFUSED = "refused"
UNKNOWN = "unknown"
"""The caller was killed before it heard the answer."""
Answer = str | int | None
TIMED = {"undo": REFUSED, "sign": REFUSED}
"""What may also be answered because of the hour: too late to undo, too early to sign."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call about one item."""

    name: str
    console: str
    """The process that made it."""
    who: str
    given: str | int
    """The fence, option or taking that it was about."""
    called: float
    returned: float = math.inf
    answer: Answer = UNKNOWN


class Model(Protocol):
    """What is known of one item. Hashable, and never changes."""

    def after(self, call: Call) -> tuple[Self, Answer]:
        """What is known after the call, and its answer."""


def linearizable(history: Iterable[Call], model: Model) -> bool:
    """Whether some order fits every answer and every "this had returned before that was called"."""
    calls = sorted(history, key=lambda call: call.called)
    answered = sum(1 << at for at, call in enumerate(calls) if call.answer != UNKNOWN)
    tried: set[tuple[int, Model]] = set()
    left = [(0, model)]
    while left:
        made, known = left.pop()
        if made & answered == answered:
            return True
        if (made, known) not in tried:
            tried.add((made, known))
            left += ((made | 1 << at, then) for at, then in _next(calls, made, known))
    return False


def _next(calls: Sequence[Call], made: int, known: Model) -> Iterator[tuple[int, Model]]:
    """Every call that can come next: none that was called after another one had returned."""
    waiting = [(at, call) for at, call in enumerate(calls) if not made >> at & 1]
    first = min(call.returned for _, call in waiting)
    for at, call in waiting:
        if call.called > first:
            return
        then, answer = known.after(call)
        if call.answer in (UNKNOWN, answer):
            yield at, then
        if call.answer == TIMED.get(call.name) != answer:
            yield at, known
