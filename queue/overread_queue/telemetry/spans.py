"""From the events about an escalation to the spans of its trace. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from overread_queue.states import EscalationState
from overread_queue.store.rows import EscalationRow, EventRow

E = EscalationState
SPENT_IN: Mapping[E, str] = {E.WAITING: "waiting", E.CLAIMED: "review", E.HELD: "held"}
"""What the time in a state is called."""

Told = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in the life of one escalation. Times are UTC milliseconds."""

    escalation: str
    name: str
    """`escalation` for the whole; `waiting`, `review`, `held` or `resume` for a part."""
    number: int
    """Of its kind within the trace, so that the same stretch always has the same id."""
    start: int
    end: int
    attributes: Mapping[str, Told] = field(default_factory=dict)
    failed: bool = False


def spans(row: EscalationRow, verdict: str | None, events: Iterable[EventRow]) -> Iterator[Span]:
    """The whole of a closed escalation first, then the parts in their order."""
    steps = [*_steps(events)]
    if not steps:
        return
    yield Span(row.id, "escalation", 0, steps[0][0], steps[-1][0], _attributes(row, verdict))
    numbers = dict.fromkeys(SPENT_IN.values(), 0)
    for (start, state), (end, _) in pairwise(steps):
        if name := SPENT_IN.get(state):
            yield Span(row.id, name, numbers[name], start, max(start, end))
            numbers[name] += 1


def _steps(events: Iterable[EventRow]) -> Iterator[tuple[int, EscalationState]]:
    """When it came into which state; a change of pool ends no state."""
    last: EscalationState | None = None
    for event in events:
        state = _state(event.detail)
        if state is not None and state is not last:
            last = state
            yield event.at, last


def _state(detail: str) -> EscalationState | None:
    """Where a move led; None where an event moved nothing, or somebody altered it."""
    try:
        told = json.loads(detail)
        return EscalationState(told["to"])
    except (ValueError, KeyError, TypeError):
        return None


def _attributes(row: EscalationRow, verdict: str | None) -> Mapping[str, Told]:
    """What kind of question it was: nobody's name, and no word of anybody's."""
    return {
        "overread.escalation": row.id,
        "overread.agent": row.agent,
        "overread.action_type": row.action_type,
        "overread.kind": row.kind.value,
        "overread.tier": row.tier.value,
        "overread.pool": row.pool,
        "overread.attempt": row.attempt,
        "overread.timeouts": row.timeouts,
        "overread.handed_on": row.hops,
        "overread.state": row.state.value,
        "overread.verdict": verdict or "none",
    }
