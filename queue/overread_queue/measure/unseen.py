"""Errors that nobody caught, estimated from those that were."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overread_queue.measure.impossible import Impossible, check_share, z_for
from overread_queue.measure.intervals import Interval


@dataclass(frozen=True, slots=True)
class Recapture:
    """What two independent readers say about the errors there were."""

    found: int
    """By one of them or both."""
    total: float
    """Estimated, found and not. What makes an error easy for one reader makes it easy for the
    other, so take it as a lower bound."""
    variance: float | None
    """Of `total`; None where one found all that the other did: the formula would say 0."""

    @property
    def unseen(self) -> float:
        """Found by nobody."""
        return self.total - self.found


def chapman(first: int, second: int, both: int) -> Recapture | None:
    """From the errors each of two blind readers found, and those that both did.

    N = (first + 1)(second + 1) / (both + 1) - 1, Chapman 1951, with Seber's variance, Biometrika 57
    (1970). None where a reader found nothing: nothing then tells a clean desk from a blind one.
    Raises `Impossible`.
    """
    if not 0 <= both <= min(first, second):
        raise Impossible(f"two readers who found {first} and {second} cannot share {both}")
    if not first or not second:
        return None
    total = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both)
    variance = spread / ((both + 1) ** 2 * (both + 2)) if spread else None
    return Recapture(first + second - both, total, variance)


def mills(found: int, *, hits: int, probes: int, level: float = 0.95) -> Interval | None:
    """All errors there were, from those found and the hit rate on probes that were sown.

    N = found / (hits / probes); Mills, IBM FSC 72-6015 (1972). The interval is log-normal, with the
    chance in what was found and in the hit rate, and never below what was found. It holds as far as
    probes are as hard to see as real errors. None where nothing was found, or no probe was.
    Raises `Impossible`.
    """
    check_share(hits, probes)
    z = z_for(level)
    if found < 0:
        raise Impossible(f"nobody can have found {found} errors")
    if not found or not hits:
        return None
    total, rate = found * probes / hits, (hits + 0.5) / (probes + 1)
    half = z * math.sqrt((1 - rate) / found + (1 - rate) / (rate * probes))
    return Interval(max(float(found), total * math.exp(-half)), total, total * math.exp(half))
