"""Durations in steps of a twentieth, so that any number of them fits into a few hundred counts."""

from __future__ import annotations

import math

PER_DOUBLING = 14
"""Steps from one time to twice that time: each is 5.1 % wide. A time that is given back lies in the
middle of its step, so it is off by 2.5 % at most; whole doublings of a second are edges."""
SHORTEST_MS = 100
"""What is shorter counts as this."""


def bucket_of(ms: int) -> int:
    """The step that a duration falls into."""
    return math.floor(PER_DOUBLING * math.log2(max(ms, SHORTEST_MS) / 1000))


def seconds_of(bucket: int) -> float:
    """The middle of a step."""
    return float(2 ** ((bucket + 0.5) / PER_DOUBLING))
