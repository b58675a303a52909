"""What was really done, and whether an approval had earned itself: the rules a second time.

Written from the guide's words, on purpose without a look at `overread_queue.friction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

IDLE_MS, ABSENT_MS = 60_000, 600_000
UNDO_MS = 10_000

What = Literal[
    "open", "sign", "read", "judge", "reveal", "challenge", "approve", "undo", "stop", "lift"
]


@dataclass(frozen=True)
class Step:
    """One thing that a reviewer did at a console, and the desk let happen."""

    at: int
    console: str
    who: str
    what: What
    case: str
    review: str = ""
    value: str = ""
    """Evidence read, option judged or approved, or the words of a challenge."""
    changed: str = ""


@dataclass(frozen=True)
class Asked:
    """What the guide asks of an approval of one kind of case."""

    floor: int
    reading: int
    """Words that have to be read at least."""
    contradicting: frozenset[str]
    judged: bool
    challenged: bool


def check_approval(
    asked: Asked, before: Sequence[Step], approval: Step, *, multiplier: float
) -> None:
    """Raises `AssertionError` for the first rule that the approval broke."""
    own = [one for one in before if one.review == approval.review]
    mine = [one for one in before if (one.case, one.who) == (approval.case, approval.who)]
    assert not stopped(before), "stopped"
    least = max(asked.floor, asked.reading / 300 * 60) * multiplier
    assert active_ms([*own, approval]) >= least * 1000, "too soon"
    assert asked.contradicting <= {one.value for one in own if one.what == "read"}, "unread"
    assert approval.at >= _latest(own, approval.console), "the clock went back"
    _check_judgement(asked, mine)
    _check_challenge(asked, mine, before, approval)


def _latest(own: Sequence[Step], console: str) -> int:
    """The latest time that a console saw since it opened the review."""
    here = [one for one in own if one.console == console]
    opened = max(at for at, one in enumerate(here) if one.what == "open")
    return max(one.at for one in here[opened:])


def _check_judgement(asked: Asked, mine: Iterable[Step]) -> None:
    judged = [one for one in mine if one.what == "judge"]
    assert len(judged) == asked.judged, "judged once where it is asked for, and nowhere else"


def _check_challenge(
    asked: Asked, mine: Iterable[Step], before: Sequence[Step], approval: Step
) -> None:
    said = {one.what: one for one in mine if one.what in ("judge", "challenge")}
    if not asked.challenged:
        return
    assert "challenge" in said, "unchallenged"
    last = said["challenge"]
    assert len(last.value) >= 30, "too short"
    elsewhere = {
        one.value.casefold()
        for one in before[: before.index(last)]
        if one.what == "challenge" and one.who == approval.who and one.case != approval.case
    }
    assert last.value.casefold() not in elsewhere, "repeated"
    if "judge" in said and said["judge"].value != approval.value:
        assert last.changed.strip(), "a changed mind without a word on it"


def check_release(trace: Sequence[Step], case: str, released_at: int) -> Step:
    """The approval behind a signed decision: the last one, not taken back, after its window."""
    choices = [one for one in trace if one.case == case and one.what in ("approve", "undo")]
    assert choices, "nobody approved it"
    assert choices[-1].what == "approve", "taken back, and signed nevertheless"
    assert released_at >= choices[-1].at + UNDO_MS, "inside the undo window"
    return choices[-1]


def stopped(trace: Iterable[Step]) -> bool:
    """Whether the agent is stopped after these steps."""
    halts = [one.what for one in trace if one.what in ("stop", "lift")]
    return halts[-1:] == ["stop"]


def active_ms(steps: Iterable[Step]) -> int:
    """A minute at most after each sign of activity; two consoles at once count once."""
    last: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    for step in steps:
        since = last.get(step.console, step.at)
        if step.what != "open" and 0 < step.at - since < ABSENT_MS:
            spans.append((since, min(step.at, since + IDLE_MS)))
        last[step.console] = step.at
    return _length(spans)


def _length(spans: Iterable[tuple[int, int]]) -> int:
    total, until = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total
