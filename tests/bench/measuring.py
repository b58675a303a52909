"""Interleaved timing: candidates take turns at random, so that a slow moment hits them all."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable


def interleaved(candidates: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Median seconds of each candidate over `rounds` turns."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    order = list(candidates)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            start = time.perf_counter()
            candidates[name]()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def report(medians: dict[str, float], *, limit: str) -> None:
    """One line each: microseconds, and how many times the limit."""
    base = medians[limit]
    for name, seconds in medians.items():
        print(f"  {name:<34} {seconds * 1e6:>10,.0f} us   {seconds / base:>7.2f} x {limit}")
