"""Nobody has overridden for a long time: how long is too long."""

from __future__ import annotations

import math

from overread_queue.measure.impossible import Impossible, check_inside


def collapse_run(expected: float, *, chance: float = 0.01) -> int:
    """So many reviews in a row without an override are as rare as `chance` at the expected rate.

    The smallest n with (1 - expected)^n <= chance: 56 reviews at 8 %. Raises `Impossible`.
    """
    check_inside(expected, "the expected rate of overrides")
    check_inside(chance, "the chance of a false alarm")
    return math.ceil(math.log(chance) / math.log1p(-expected) - 1e-9)


def collapse_every(expected: float, run: int) -> float:
    """Reviews between two such runs on average, if nothing has changed: the false alarms of a rule
    that is looked at after every review.

    (q^-run - 1) / (1 - q) with q = 1 - expected; Feller, Introduction to Probability I, XIII.7.
    Raises `Impossible`.
    """
    check_inside(expected, "the expected rate of overrides")
    if run < 1:
        raise Impossible(f"a run has a length, not {run}")
    return math.expm1(-run * math.log1p(-expected)) / expected
