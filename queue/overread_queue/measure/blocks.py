"""Whether one block of cases shows fewer than it should, each block judged by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import takewhile

from overread_queue.measure.beta import at_least
from overread_queue.measure.impossible import Impossible, check_inside


@dataclass(frozen=True, slots=True)
class BlockTest:
    """The exact binomial test for cases that are known block by block, and not one by one."""

    size: int
    limit: int
    """Of the block's cases: so many, or fewer, alarm."""

    def alarm_chance(self, rate: float) -> float:
        """Of one block, at this true rate. Exact. Raises `Impossible`."""
        check_inside(rate, "a true rate")
        return at_least(self.size - self.limit, self.size, 1 - rate)

    def mean_run(self, rate: float) -> float:
        """Cases until a block alarms, on average, at this true rate. Raises `Impossible`."""
        chance = self.alarm_chance(rate)
        return self.size / chance if chance else math.inf

    def cases_for(self, rate: float, *, chance: float = 0.95) -> int:
        """So many cases, in whole blocks, bring an alarm with this chance. Raises `Impossible`."""
        check_inside(chance, "the chance of an alarm")
        quiet = 1 - self.alarm_chance(rate)
        blocks = math.log(1 - chance) / math.log(quiet) if quiet > 0 else 1
        return self.size * max(1, math.ceil(blocks))


def block_test(expected: float, size: int, *, false_alarm_every: float) -> BlockTest | None:
    """The test with the highest limit that alarms falsely once in so many cases at most.

    None where even a block without any would alarm more often. Raises `Impossible`.
    """
    check_inside(expected, "the expected rate")
    if not 0 < size <= false_alarm_every:
        raise Impossible(f"blocks of {size} cannot alarm falsely every {false_alarm_every} cases")
    tests = (BlockTest(size, limit) for limit in range(size))
    seldom = takewhile(lambda test: test.mean_run(expected) >= false_alarm_every, tests)
    return max(seldom, key=lambda test: test.limit, default=None)
