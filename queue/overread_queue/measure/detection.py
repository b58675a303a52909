"""Can the desk tell wrong from right? Blind tests, by the theory of signal detection.

The rates and their intervals come first: `wilson(hits, wrong)` and `wilson(false_alarms, right)`.
What is below separates how well a desk sees from how readily it says no.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from overread_queue.measure.impossible import Impossible, check_share, z_for
from overread_queue.measure.intervals import Interval

SLOPE = 0.6
"""Of the z-ROC, as in baggage screening: Sterchi, Hättenschwiler and Schwaninger, Visual Cognition
27 (2019). With it, a mere shift towards saying yes or no hardly moves `d_a`; d' it does."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Detection:
    """What was not approved, among wrong items and among right ones. Everything else is in z."""

    hits: int
    wrong: int
    """Probes whose recommendation is wrong."""
    false_alarms: int
    right: int
    """Controls that are known to be good."""

    def __post_init__(self) -> None:
        check_share(self.hits, self.wrong)
        check_share(self.false_alarms, self.right)
        if not self.wrong or not self.right:
            raise Impossible(f"{self.wrong} probes and {self.right} controls tell nothing apart")

    @property
    def hit_rate(self) -> float:
        """Corrected as by Hautus (below), for formulas; not the share to show."""
        return _log_linear(self.hits, self.wrong)

    @property
    def false_alarm_rate(self) -> float:
        """Corrected as by Hautus (below), for formulas; not the share to show."""
        return _log_linear(self.false_alarms, self.right)

    @property
    def d_prime(self) -> float:
        """z(H) - z(F): distance of wrong from right, if both vary alike. Green and Swets 1966."""
        return self._hit - self._alarm

    @property
    def criterion(self) -> float:
        """c = -(z(H) + z(F)) / 2: above 0 the desk lets things pass, below it refuses readily."""
        return -(self._hit + self._alarm) / 2

    def d_a(self, *, slope: float = SLOPE) -> float:
        """sqrt(2 / (1 + s^2)) (z(H) - s z(F)), where wrong items vary 1/s times as much as right
        ones; the figure to compare over time. Simpson and Fitter, Psychological Bulletin 80 (1973).

        Raises `Impossible`.
        """
        return _scale(slope) * (self._hit - slope * self._alarm)

    def d_a_interval(self, *, slope: float = SLOPE, level: float = 0.95) -> Interval:
        """Around `d_a`, with the variances of Gourevitch and Galanter, Psychometrika 32 (1967).

        Good from some thirty probes and as many controls on. Raises `Impossible`.
        """
        hits, alarms = _variance(self._hit, self.wrong), _variance(self._alarm, self.right)
        half = z_for(level) * _scale(slope) * math.sqrt(hits + slope**2 * alarms)
        middle = self.d_a(slope=slope)
        return Interval(middle - half, middle, middle + half)

    @property
    def _hit(self) -> float:
        return _NORMAL.inv_cdf(self.hit_rate)

    @property
    def _alarm(self) -> float:
        return _NORMAL.inv_cdf(self.false_alarm_rate)


def detection(*, hits: int, wrong: int, false_alarms: int, right: int) -> Detection | None:
    """None without probes or without controls: with one kind only, seeing what is wrong is not to
    be told from refusing everything. Raises `Impossible`."""
    check_share(hits, wrong)
    check_share(false_alarms, right)
    return Detection(hits, wrong, false_alarms, right) if wrong and right else None


def _log_linear(count: int, total: int) -> float:
    """Never 0 or 1. Hautus, Behavior Research Methods 27 (1995)."""
    return (count + 0.5) / (total + 1)


def _scale(slope: float) -> float:
    if not (math.isfinite(slope) and slope > 0):
        raise Impossible(f"the slope of a z-ROC is above 0, not {slope}")
    return math.sqrt(2 / (1 + slope**2))


def _variance(z: float, total: int) -> float:
    rate = _NORMAL.cdf(z)
    return rate * (1 - rate) / (total * _NORMAL.pdf(z) ** 2)
