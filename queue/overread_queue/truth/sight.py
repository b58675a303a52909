"""What reviewers catch of what is wrong, and stop of what is right: measured, never assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overread_queue.measure.intervals import Interval, wilson
from overread_queue.probing.releasing import standing
from overread_queue.store import Transaction
from overread_queue.truth.sampling import Label

LEAST = 10
"""Mistakes, and right ones, that it takes; with fewer, `k of n` is all there is to say."""
_STOPPED = frozenset({"modify", "reject", "need_info", "taken_over"})
_ANSWERED = _STOPPED | {"approve"}


@dataclass(frozen=True, slots=True)
class Sight:
    """Of the whole desk; of a single person there is never enough to say anything."""

    hits: int
    wrong: int
    false_alarms: int
    right: int

    @property
    def usable(self) -> bool:
        return min(self.wrong, self.right) >= LEAST

    @property
    def detection(self) -> Interval:
        return wilson(self.hits, self.wrong)

    @property
    def false_override(self) -> float:
        return self.false_alarms / self.right


def sight_of(tx: Transaction, labels: Iterable[Label]) -> Sight:
    """From blind tests, where enough of them were released, and from real work until then."""
    wrong, good = standing(tx, "wrong").figure(), standing(tx, "good").figure()
    if wrong and good:
        return Sight(wrong.caught, wrong.n, good.caught, good.n)
    return seen_at_work(labels)


def seen_at_work(labels: Iterable[Label]) -> Sight:
    """From real questions that people answered and whose truth was found out afterwards. Silence
    is nobody's answer."""
    answered = [one for one in labels if not one.alone and one.done.verdict in _ANSWERED]
    wrong = [one.done.verdict in _STOPPED for one in answered if one.wrong]
    right = [one.done.verdict in _STOPPED for one in answered if not one.wrong]
    return Sight(sum(wrong), len(wrong), sum(right), len(right))
