"""Is there enough evidence to let agents do more by themselves, and if not, how much is missing?

Both need audits drawn evenly from the actions they speak for, with the truth found out.
"""

from __future__ import annotations

from collections.abc import Iterable

from overread_queue.measure.beta import at_least
from overread_queue.measure.impossible import check_inside, check_level, check_share


def shown_below(ceiling: float, harmful: int, audits: int, *, level: float = 0.95) -> bool:
    """Whether the exact upper bound of the rate of harm (`at_most`) is not above the ceiling.

    Raises `Impossible`.
    """
    check_inside(ceiling, "the ceiling of harm")
    check_share(harmful, audits)
    check_level(level)
    return harmful < audits and at_least(harmful + 1, audits, ceiling) >= level


def audits_needed(harmful: int, audits: int, *, ceiling: float, level: float = 0.95) -> int:
    """Further audits, all of them clean, until the rate of harm is below the ceiling at this level.

    0 once it is. With none so far and a ceiling of 1 % it is 299. Raises `Impossible`.
    """
    if shown_below(ceiling, harmful, audits, level=level):
        return 0
    missing, enough = 0, 1
    while not shown_below(ceiling, harmful, audits + enough, level=level):
        missing, enough = enough, enough * 2
    while enough - missing > 1:
        middle = (missing + enough) // 2
        shown = shown_below(ceiling, harmful, audits + middle, level=level)
        missing, enough = (missing, middle) if shown else (middle, enough)
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
    safe = None
    for index, (harmful, audits) in enumerate(steps):
        if not shown_below(ceiling, harmful, audits, level=level):
            break
        safe = index
    return safe
