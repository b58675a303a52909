"""Many rates at once: borrow strength, and do not cry wolf once for every twenty of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overread_queue.measure.impossible import check_probability, check_share


@dataclass(frozen=True, slots=True)
class Pool:
    """What several action types have in common."""

    mean: float
    """Rate over all cases."""
    correlation: float
    """Between two cases of one type: 0 where all types are alike, 1 where each is its own."""

    def shrunk(self, count: int, total: int) -> float:
        """The rate of one type, drawn towards the others the more, the fewer cases it has.

        The mean of the beta posterior. Rank on this, and show the raw rate beside it.
        """
        check_share(count, total)
        if total == 0:
            return self.mean
        own = total * self.correlation / (1 + (total - 1) * self.correlation)
        return own * count / total + (1 - own) * self.mean


def pool(types: Iterable[tuple[int, int]]) -> Pool | None:
    """Fit a beta-binomial to (count, total) of each type by the method of moments.

    Kleinman, "Proportions with extraneous variance", JASA 68 (1973), weighted by cases. None where
    nothing can tell types apart: fewer than two with cases, or none with two cases. Raises
    `Impossible`.
    """
    seen = list(types)
    for count, total in seen:
        check_share(count, total)
    sizes = [total for _, total in seen if total]
    if len(sizes) < 2 or max(sizes) < 2:
        return None
    cases = sum(sizes)
    mean = sum(count for count, _ in seen) / cases
    spread = sum(total * (count / total - mean) ** 2 for count, total in seen if total)
    return Pool(mean, _correlation(mean * (1 - mean), spread, sizes))


def _correlation(variance: float, spread: float, sizes: Sequence[int]) -> float:
    """What the types differ by, beyond what chance makes of types that are alike."""
    if variance == 0:
        return 0.0
    cases, chance = sum(sizes), len(sizes) - 1
    room = cases - sum(size * size for size in sizes) / cases - chance
    return min(1.0, max(0.0, (spread / variance - chance) / room))


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values, in the order given: calling those up to q significant is wrong in a share
    q of the calls.

    Benjamini and Hochberg, JRSS B 57 (1995). None given, none returned. Raises `Impossible`.
    """
    for value in p_values:
        check_probability(value, "a p-value")
    adjusted, smallest = [1.0] * len(p_values), 1.0
    falling = sorted(range(len(p_values)), key=lambda i: p_values[i], reverse=True)
    for passed, i in enumerate(falling):
        rank = len(p_values) - passed
        smallest = min(smallest, p_values[i] * len(p_values) / rank)
        adjusted[i] = smallest
    return tuple(adjusted)
