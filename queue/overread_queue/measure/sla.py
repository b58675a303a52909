"""Promises about time: kept, broken, or not decided yet."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.measure.impossible import Impossible, check_amount
from overread_queue.measure.survival import Survival


@dataclass(frozen=True, slots=True)
class Compliance:
    """What became of deadlines. A pending item that has not reached its own is neither."""

    met: int
    missed: int
    undetermined: int

    def __post_init__(self) -> None:
        if min(self.met, self.missed, self.undetermined) < 0:
            counts = f"{self.met} met, {self.missed} missed, {self.undetermined} undetermined"
            raise Impossible(f"nobody can have counted {counts}")

    @property
    def total(self) -> int:
        return self.met + self.missed + self.undetermined

    @property
    def worst(self) -> float | None:
        """The share met if all that is open will be late. None without items."""
        return self.met / self.total if self.total else None

    @property
    def best(self) -> float | None:
        """The share met if all that is open will be in time. None without items."""
        return (self.met + self.undetermined) / self.total if self.total else None


def breach_chance(waits: Survival, *, waited: float, deadline: float) -> float | None:
    """The chance that an item which has waited so long is not answered by its deadline.

    S(deadline) / S(waited), in the unit of the curve; 1 once the deadline is past. None where the
    curve does not reach, or nothing has ever waited so long. Raises `Impossible`.
    """
    check_amount(waited, "a wait")
    check_amount(deadline, "a deadline")
    if waited >= deadline:
        return 1.0
    now, then = waits.at(waited), waits.at(deadline)
    return then / now if now and then is not None else None
