"""What nobody can have counted or timed is refused by name, before it becomes a figure.

Everywhere in this room: impossible numbers raise `Impossible`; too few of them give None, or an
interval that holds everything; a figure that only looks like an answer is never given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist

from overread_queue.errors import OverreadError


class Impossible(OverreadError, ValueError):
    """Numbers that no desk can have produced; whatever was computed from them would lie."""


def check_share(count: int, total: int) -> None:
    """Refuse what is not a part of a whole."""
    if not 0 <= count <= total:
        raise Impossible(f"{count} of {total} is no share")


def check_probability(value: float, name: str) -> None:
    """Refuse what is no probability, NaN too."""
    if not 0 <= value <= 1:
        raise Impossible(f"{name} lies between 0 and 1, not at {value}")


def check_inside(value: float, name: str) -> None:
    """Refuse what is no probability, and certainty in either direction."""
    if not 0 < value < 1:
        raise Impossible(f"{name} lies between 0 and 1, both excluded, not at {value}")


def check_amount(value: float, name: str) -> None:
    """Refuse what is negative, infinite or NaN."""
    if not (math.isfinite(value) and value >= 0):
        raise Impossible(f"{name} is a finite number from 0 on, not {value}")


def check_finite(value: float, name: str) -> None:
    """Refuse infinity and NaN."""
    if not math.isfinite(value):
        raise Impossible(f"{name} is a finite number, not {value}")


def check_times(values: Iterable[float]) -> None:
    """Refuse durations that a clock which was set back has left behind."""
    for value in values:
        if not (math.isfinite(value) and value >= 0):
            raise Impossible(f"nothing takes {value}; look at the clocks of the machines")


def check_level(level: float) -> None:
    """Refuse what is no confidence, such as 95."""
    if not 0 < level < 1:
        raise Impossible(f"a confidence level lies between 0 and 1, not at {level}")


def z_for(level: float) -> float:
    """How many standard errors a two-sided interval of this level spans to each side."""
    check_level(level)
    return NormalDist().inv_cdf((1 + level) / 2)
