"""What came of some days under some rules: how much was caught, at what price."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from overread_console.simulation.estimate import Rate, rate
from overread_console.simulation.looking import Item, look
from overread_console.simulation.rules import Rules
from overread_console.simulation.shift import Handled, run
from overread_console.simulation.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rates over some days. A share is None where no item could have counted.

    What is caught and lost is expected, given how each look went: whether an item was wrong is not
    drawn, so that a few days say as much as years of them would.
    """

    caught: Rate | None
    """Of what is wrong, what a person refused. What lapsed is not caught."""
    caught_high: Rate | None
    """The same, of high impact."""
    false_overrides: Rate
    """Of what is right, what a person refused."""
    over_cap: Rate
    """Share of items that no reviewer of the desk was allowed to take."""
    unanswered: Rate
    loss: Rate
    """Per item, with what the minutes cost."""
    minutes: Rate
    """Of review, per item."""
    wait: Rate
    """Minutes per item, until somebody took it up or it lapsed."""


def outcome(days: Sequence[Sequence[Item]], world: World, rules: Rules) -> Outcome:
    """Run these days under these rules."""
    worked = [run(day, world, rules, look) for day in days]

    def share(part: Amount, whole: Amount) -> Rate | None:
        return rate([_sum(day, part) for day in worked], [_sum(day, whole) for day in worked])

    def per_item(amount: Amount) -> Rate:
        return rate([_sum(day, amount) for day in worked], [len(day) for day in worked]) or _NOTHING

    def high(one: Handled) -> bool:
        return one.item.high_draw < world.high_share

    wrong = world.wrong_share > 0
    return Outcome(
        caught=per_item(_caught) if wrong else None,
        caught_high=share(lambda one: high(one) * _caught(one), high) if wrong else None,
        false_overrides=per_item(lambda one: one.look.if_right if one.look else 0),
        over_cap=per_item(lambda one: one.over_cap),
        unanswered=per_item(lambda one: one.look is None),
        loss=per_item(lambda one: _loss(one, high(one), world)),
        minutes=per_item(lambda one: one.look.minutes if one.look else 0),
        wait=per_item(lambda one: one.waited),
    )


Amount = Callable[[Handled], float]
_NOTHING = Rate(math.nan, ())


def _caught(one: Handled) -> float:
    return one.look.if_wrong if one.look else 0


def _loss(one: Handled, high: bool, world: World) -> float:
    """What the item costs on average, of whichever sort it is."""
    if one.look is None:
        return world.loss_unanswered
    missed = world.wrong_share * (1 - one.look.if_wrong)
    refused = (1 - world.wrong_share) * one.look.if_right
    loss = world.loss_high if high else world.loss_other
    return one.look.minutes * world.minute_price + missed * loss + refused * world.loss_override


def _sum(day: Sequence[Handled], amount: Callable[[Handled], float]) -> float:
    return math.fsum(map(amount, day))
