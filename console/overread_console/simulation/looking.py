"""One review in the model: how long it takes, and whether the reviewer goes along."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from overread_console.simulation.diffusion import time_to, up_chance
from overread_console.simulation.rules import Rules, Scope
from overread_console.simulation.world import World

_FRESH = 20
"""Minutes at work that tire nobody."""
_LEAST = 0.4
"""However tired and hurried, of the evidence that a rested reviewer waits for."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to decide on. Chances are drawn once, so that every world meets the same items."""

    arrival: float
    high_draw: float
    wrong_draw: float
    withhold_draw: float
    answer_draw: float
    seed: int
    """Of how long its review takes."""


class Strain(NamedTuple):
    """What weighs on a reviewer. Minutes."""

    waiting: float
    """Work that waits, per reviewer."""
    at_work: float
    """Since the last break."""


class Look(NamedTuple):
    """How a review went."""

    minutes: float
    refused: bool
    if_wrong: float
    """The chance that it is refused, were it wrong …"""
    if_right: float
    """… or right. What comes of a day is summed from these: one draw would add only noise."""


def look(item: Item, strain: Strain, world: World, rules: Rules) -> Look:
    """Review an item. Only an approval is made to take its least time, as at a real desk."""
    high = item.high_draw < world.high_share
    challenged = _covers(rules.challenge, high)
    first = _covers(rules.withhold, high) or item.withhold_draw < rules.withhold_fraction
    minutes = world.reading + challenged * world.challenge_time + first * world.judging_time
    bias = world.bias * (1 - challenged * world.challenge_effect)
    bias *= 1 - first * world.judging_effect
    boundary = world.boundary * care(strain, world)
    agrees = [up_chance(drift, boundary, bias * boundary) for drift in (-world.drift, world.drift)]
    right = item.wrong_draw >= world.wrong_share
    # The answer hangs on one draw of the item, so that two worlds part only where they differ.
    up = item.answer_draw < agrees[right]
    drift = world.drift if right else -world.drift
    time = time_to(Random(item.seed), drift, boundary, bias * boundary, up=up)  # noqa: S311
    floor = rules.floor_high if high else rules.floor_other
    return Look(max(minutes + time, floor if up else 0), not up, 1 - agrees[0], 1 - agrees[1])


def care(strain: Strain, world: World) -> float:
    """What fatigue and hurry leave of the evidence that a rested reviewer waits for."""
    tired = world.fatigue * max(0.0, strain.at_work - _FRESH)
    hurried = world.hurry * max(0.0, strain.waiting - world.knee)
    return max(_LEAST, 1 - tired - hurried)


def _covers(scope: Scope, high: bool) -> bool:
    return scope == "all" or (scope == "high" and high)
