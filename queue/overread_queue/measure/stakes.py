"""When a review pays: what an error costs against what looking costs. One currency throughout."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overread_queue.measure.impossible import check_amount, check_probability


@dataclass(frozen=True, slots=True)
class Stakes:
    """Of one action."""

    loss: float
    """If it is wrong and done all the same."""
    detection: float
    """The chance that a reviewer stops what is wrong: the hit rate on probes, never a guess."""
    false_override: float
    """The chance that a reviewer stops what is right."""
    override_cost: float
    """Of stopping what is right."""
    review_cost: float
    """Of the reviewer's minutes and of the delay."""

    def __post_init__(self) -> None:
        check_probability(self.detection, "the chance of detection")
        check_probability(self.false_override, "the chance of a false override")
        check_amount(self.loss, "a loss")
        check_amount(self.override_cost, "the cost of an override")
        check_amount(self.review_cost, "the cost of a review")

    def acting(self, wrong: float) -> float:
        """Expected cost of letting the agent act, if it is wrong with this chance. Raises
        `Impossible`."""
        check_probability(wrong, "the chance of being wrong")
        return wrong * self.loss

    def escalating(self, wrong: float) -> float:
        """Expected cost of a review, at this chance. Raises `Impossible`."""
        check_probability(wrong, "the chance of being wrong")
        missed = wrong * (1 - self.detection) * self.loss
        return self.review_cost + missed + (1 - wrong) * self.false_override * self.override_cost

    @property
    def threshold(self) -> float:
        """The chance of being wrong above which a review costs less than it saves.

        p* = (c + f C) / (d L + f C). Above 1, a review never pays as it is done now: send the
        action to somebody who sees more, or stop it; more of the same reviews do not help.
        Infinite where reviewing prevents nothing.
        """
        false = self.false_override * self.override_cost
        prevented = self.detection * self.loss + false
        return (self.review_cost + false) / prevented if self.detection * self.loss else math.inf
