"""The worlds in which what should help may not. They are always run beside the normal one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from overread_console.simulation.rules import Rules, frictionless
from overread_console.simulation.world import World

_BINDING = 0.6
"""Of each reviewer's part of the work."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A world, and what is compared in it."""

    name: str
    means: str
    world: World
    rules: Rules
    without: Rules


def adverse(normal: World, rules: Rules) -> Iterator[Setting]:
    """The normal world, then the four in which friction and limits may fail."""
    plain = frictionless(rules)
    yield Setting("the normal world", "as the parameters say", normal, rules, plain)
    yield Setting(
        "a challenge does not move bias",
        "people fill it in and agree as before",
        replace(normal, challenge_effect=0.0),
        rules,
        plain,
    )
    yield Setting(
        "a challenge takes three minutes",
        "the same effect at a higher price",
        replace(normal, challenge_time=3.0),
        rules,
        plain,
    )
    yield Setting(
        "one in a hundred is wrong",
        "hardly anything is there to catch",
        replace(normal, wrong_share=0.01),
        rules,
        plain,
    )
    yield _without_outlet(normal, rules)


def _without_outlet(normal: World, rules: Rules) -> Setting:
    """A cap that binds, against none at all."""
    cap = min(rules.day_items, max(1, round(_BINDING * normal.items / normal.reviewers)))
    return Setting(
        "caps without an outlet",
        f"each takes {cap} items a day, and nobody takes the rest; against no cap",
        replace(normal, outlet=False),
        replace(rules, day_items=cap),
        Rules(day_minutes=math.inf, day_items=normal.items),
    )
