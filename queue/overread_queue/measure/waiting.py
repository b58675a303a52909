"""How many reviewers keep waits short: the M/M/c queue, an approximation to be named as one.

Real arrivals come in bursts and sessions in batches, so real waits are longer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count as counting

from overread_queue.measure.impossible import Impossible, check_amount, check_inside

MOST = 10_000
"""Reviewers; nobody staffs more, and no search goes beyond."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Items arriving at random, and reviewers who work one each. One unit of time throughout."""

    arrivals: float
    """Per unit of time."""
    service: float
    """Time a review takes on average."""
    reviewers: int

    def __post_init__(self) -> None:
        check_amount(self.arrivals, "a rate of arrivals")
        check_amount(self.service, "a time for a review")
        check_amount(self.load, "a load")
        if not 1 <= self.reviewers <= MOST:
            raise Impossible(f"a desk has 1 to {MOST} reviewers, not {self.reviewers}")

    @property
    def load(self) -> float:
        """Reviewers that are busy on average, if there are enough: Erlangs."""
        return self.arrivals * self.service

    @property
    def utilisation(self) -> float:
        """Load per reviewer; from 1 on the queue only grows."""
        return self.load / self.reviewers

    @property
    def wait_chance(self) -> float | None:
        """Erlang's C: the chance that an item finds nobody free. None where the queue only grows.

        Erlang 1917, by the recursion for B (Cooper, Introduction to Queueing Theory, 3.3).
        """
        if self.utilisation >= 1:
            return None
        lost = 1.0
        for reviewers in range(1, self.reviewers + 1):
            lost = self.load * lost / (reviewers + self.load * lost)
        return lost / (1 - self.utilisation * (1 - lost))

    @property
    def mean_wait(self) -> float | None:
        """Before a review begins. None where the queue only grows."""
        chance = self.wait_chance
        return None if chance is None else chance * self.service / (self.reviewers - self.load)

    def within(self, time: float) -> float | None:
        """The share of items whose review begins within this time. None where the queue only
        grows. Raises `Impossible`."""
        check_amount(time, "a time")
        chance = self.wait_chance
        if chance is None:
            return None
        if not self.service:
            return 1.0
        return 1 - chance * math.exp(-(self.reviewers - self.load) * time / self.service)


def reviewers_needed(arrivals: float, service: float, *, within: float, share: float = 0.95) -> int:
    """The fewest reviewers that begin this share of reviews within this time.

    Raises `Impossible`, also where no desk has so many.
    """
    check_inside(share, "a share of items")
    fewest = max(1, math.floor(Queue(arrivals, service, reviewers=1).load))
    desks = (Queue(arrivals, service, reviewers) for reviewers in counting(fewest))
    return next(desk.reviewers for desk in desks if (desk.within(within) or 0.0) >= share)


def little_gap(present: float, arrivals: float, time: float) -> float | None:
    """How far mean items present, arrivals per unit of time and mean time are from L = λW.

    As a share of λW: 0 where the telemetry agrees with itself, 0.1 where a tenth too many items
    are present. Little, Operations Research 9 (1961); it holds for any queue over a long period
    that begins and ends empty. None where nothing arrived. Raises `Impossible`.
    """
    for value, name in ((present, "items present"), (arrivals, "a rate"), (time, "a time")):
        check_amount(value, name)
    return present / (arrivals * time) - 1 if arrivals * time else None
