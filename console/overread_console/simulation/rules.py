"""What a desk asks of its reviewers, as far as the model knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from overread_queue.policy.settings import Friction, Limits, Threshold

Scope = Literal["none", "high", "all"]
"""On which items: none, those of high impact that cannot be undone, or all."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Friction and caps. Times are minutes."""

    challenge: Scope = "none"
    withhold: Scope = "none"
    withhold_fraction: float = 0
    """… and elsewhere at random."""
    floor_high: float = 0
    """Least time of an approval, of high impact and …"""
    floor_other: float = 0
    break_after: float | None = None
    """Minutes at work; None for no breaks."""
    break_for: float = 5
    day_minutes: float = 240
    day_items: int = 60


def of_policy(friction: Friction, limits: Limits) -> Rules:
    """The rules that a policy states."""
    return Rules(
        challenge=_scope(friction.challenge_from),
        withhold=_scope(friction.withhold_from),
        withhold_fraction=friction.withhold_fraction,
        floor_high=friction.floor_irreversible / 60,
        floor_other=friction.floor_hard / 60,
        break_after=friction.break_after / 60,
        break_for=friction.break_for / 60,
        day_minutes=limits.day_minutes,
        day_items=limits.day_items,
    )


def frictionless(rules: Rules) -> Rules:
    """Nothing asked of anybody; the caps stay."""
    return Rules(day_minutes=rules.day_minutes, day_items=rules.day_items)


def lacking(rules: Rules) -> dict[str, Rules]:
    """The rules with one control taken away, by the name of that control."""
    return {
        "the challenge": replace(rules, challenge="none"),
        "judging first": replace(rules, withhold="none", withhold_fraction=0),
        "least times": replace(rules, floor_high=0, floor_other=0),
        "breaks": replace(rules, break_after=None),
    }


def _scope(threshold: Threshold) -> Scope:
    if threshold == "never":
        return "none"
    return "high" if threshold in ("high", "critical") else "all"
