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
    """Rates over some days. A share is None where no item could have counted."""

    caught: Rate | None
    """Of what is wrong, what a person refused. What lapsed is not caught."""
    caught_high: Rate | None
    """The same, of high impact."""
    false_overrides: Rate | None
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

    def share(part: Callable[[Handled], float], whole: Callable[[Handled], float]) -> Rate | None:
        return rate([_sum(day, part) for day in worked], [_sum(day, whole) for day in worked])

    def per_item(amount: Callable[[Handled], float]) -> Rate:
        return rate([_sum(day, amount) for day in worked], [len(day) for day in worked]) or _NOTHING

    def wrong(one: Handled) -> bool:
        return one.item.wrong_draw < world.wrong_share

    def wrong_high(one: Handled) -> bool:
        return wrong(one) and one.item.high_draw < world.high_share

    return Outcome(
        caught=share(lambda one: wrong(one) and _refused(one), wrong),
        caught_high=share(lambda one: wrong_high(one) and _refused(one), wrong_high),
        false_overrides=share(
            lambda one: not wrong(one) and _refused(one), lambda one: not wrong(one)
        ),
        over_cap=per_item(lambda one: one.over_cap),
        unanswered=per_item(lambda one: one.look is None),
        loss=per_item(lambda one: _loss(one, world)),
        minutes=per_item(lambda one: one.look.minutes if one.look else 0),
        wait=per_item(lambda one: one.waited),
    )


_NOTHING = Rate(math.nan, ())


def _refused(one: Handled) -> bool:
    return one.look is not None and one.look.refused


def _loss(one: Handled, world: World) -> float:
    if one.look is None:
        return world.loss_unanswered
    price = one.look.minutes * world.minute_price
    wrong = one.item.wrong_draw < world.wrong_share
    if wrong and not one.look.refused:
        high = one.item.high_draw < world.high_share
        return price + (world.loss_high if high else world.loss_other)
    return price + (world.loss_override if one.look.refused and not wrong else 0)


def _sum(day: Sequence[Handled], amount: Callable[[Handled], float]) -> float:
    return math.fsum(map(amount, day))
