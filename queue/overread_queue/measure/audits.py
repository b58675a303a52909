"""Is there enough evidence to let agents do more by themselves, and if not, how much is missing?

Both need audits drawn evenly from the actions they speak for, with the truth found out.
"""

from __future__ import annotations

from collections.abc import Iterable

from overread_queue.measure.impossible import check_inside
from overread_queue.measure.intervals import at_most


def audits_needed(harmful: int, audits: int, *, ceiling: float, level: float = 0.95) -> int:
    """Further audits, all of them clean, until the rate of harm is below the ceiling at this level.

    0 once it is. With none so far and a ceiling of 1 % it is 299. Raises `Impossible`.
    """
    check_inside(ceiling, "the ceiling of harm")
    if at_most(harmful, audits, level=level) <= ceiling:
        return 0
    missing, enough = 0, 1
    while at_most(harmful, audits + enough, level=level) > ceiling:
        missing, enough = enough, enough * 2
    while enough - missing > 1:
        middle = (missing + enough) // 2
        below = at_most(harmful, audits + middle, level=level) <= ceiling
        missing, enough = (missing, middle) if below else (middle, enough)
    return enough


def loosest_safe(
    steps: Iterable[tuple[int, int]], *, ceiling: float, level: float = 0.95
) -> int | None:
    """How far a threshold may be loosened: the index of the last step that is shown to be safe.

    `steps` are (harmful, audits) among what would run by itself, from the strictest threshold on,
    in an order fixed beforehand. It goes on only while the exact upper bound is below the ceiling,
    so that the chance of ending at an unsafe step is 1 - level however many steps there are, and
    whether or not harm rises from step to step (fixed sequence testing: Angelopoulos, Bates,
    Candès, Jordan and Lei, "Learn then Test", 2021). None where the first step fails already.
    Raises `Impossible`.
    """
    check_inside(ceiling, "the ceiling of harm")
    safe = None
    for index, (harmful, audits) in enumerate(steps):
        if at_most(harmful, audits, level=level) > ceiling:
            break
        safe = index
    return safe
