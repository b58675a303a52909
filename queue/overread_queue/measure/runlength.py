"""How long a random walk in whole numbers, held at 0, takes to reach a limit. Exact.

It goes up by `up` with a chance above 0, else down by `down`, and never below 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count as counting
from itertools import islice

from overread_queue.measure.impossible import Impossible

MOST = 10_000_000
"""Additions; more would take minutes."""


def mean_run(up: int, down: int, chance: float, *, limit: int) -> float:
    """Mean steps from 0 to the limit or beyond."""
    return next(islice(_mean_runs(up, down, chance), limit - 1, None))


def limit_for(up: int, down: int, chance: float, *, steps: float) -> int:
    """The lowest limit that takes so many steps on average."""
    runs = enumerate(_mean_runs(up, down, chance), 1)
    return next(limit for limit, mean in runs if mean >= steps)


def reached(up: int, down: int, chance: float, *, limit: int) -> Iterator[float]:
    """The chance to have been at the limit within 0, 1, 2 … steps."""
    here, arrived = [1.0] + [0.0] * (limit - 1), 0.0
    while True:
        yield arrived
        arrived += chance * sum(here[max(0, limit - up) :])
        risen = ([0.0] * up + [chance * mass for mass in here])[:limit]
        here = [one + other for one, other in zip(risen, _sunk(here, down, chance), strict=True)]


def _sunk(here: list[float], down: int, chance: float) -> list[float]:
    """What goes down, and what is held at 0."""
    fallen = [(1 - chance) * mass for mass in here]
    above = fallen[down + 1 :]
    return [sum(fallen[: down + 1]), *above, *[0.0] * (len(here) - 1 - len(above))]


def _mean_runs(up: int, down: int, chance: float) -> Iterator[float]:
    """For the limits 1, 2, 3 …: a run is made of the heights that were its highest so far."""
    ladder, total, record = _Ladder(up, down, chance), 0.0, [1.0]
    for height in counting():
        if height * up * down > MOST:
            raise Impossible("rates so rare or so close have no run length that can be worked out")
        ladder.grow()
        record += [0.0] * (height + up + 1 - len(record))
        total += record[height] * ladder.time[height]
        for more, landing in enumerate(ladder.landing[height], 1):
            record[height + more] += record[height] * landing
        yield total


class _Ladder:
    """Each height once, from the ground: how long until the walk is first higher, and where then.

    A limit only says at which height to stop adding up, so that one pass serves every limit. It
    solves the linear equations of the Markov chain (Brook and Evans, Biometrika 59, 1972) with
    sums of positive numbers only, hence without loss of digits.
    """

    def __init__(self, up: int, down: int, chance: float) -> None:
        self._up, self._down, self._chance = up, down, chance
        self.time: list[float] = []
        """By height: mean steps until it is first higher."""
        self.landing: list[list[float]] = []
        """By height: the chance to be 1, 2 … up to `up` higher then."""

    def grow(self) -> None:
        """A step up is higher at once; a step down has to climb back, and may come back to here."""
        height = len(self.time)
        spent, mass = self._climb(max(0, height - self._down), height)
        fall = 1 - self._chance
        away = self._chance + fall * sum(mass[1:])
        self.time.append((1 + fall * spent) / away)
        landing = [fall * chance / away for chance in mass[1:]]
        landing[-1] += self._chance / away
        self.landing.append(landing)

    def _climb(self, start: int, height: int) -> tuple[float, list[float]]:
        """From `start` until at `height` or above: mean steps, and the chances to be 0, 1 … up to
        `up` above it."""
        mass = [1.0] + [0.0] * (height - start + self._up)
        spent = 0.0
        for offset in range(height - start):
            here = mass[offset]
            spent += here * self.time[start + offset] if here else 0.0
            for more, chance in enumerate(self.landing[start + offset], offset + 1):
                mass[more] += here * chance
        return spent, mass[height - start :]
