"""A day at the desk, event by event: items arrive, whoever is free takes the most pressing one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from overread_console.simulation.looking import Item, Look, Strain
from overread_console.simulation.rules import Rules
from overread_console.simulation.world import World

Reviewing = Callable[[Item, Strain, World, Rules], Look]
_USUAL = 2.0
"""Minutes that a reviewer takes a waiting item to cost."""


class Handled(NamedTuple):
    """What became of an item."""

    item: Item
    waited: float
    """Minutes until somebody took it up, or until it lapsed."""
    look: Look | None
    """None where nobody answered in time."""
    over_cap: bool = False
    """Nobody of the desk was allowed to take it."""


@dataclass(slots=True)
class _Person:
    free_at: float = 0
    at_work: float = 0
    minutes: float = 0
    items: int = 0

    def take(self, start: float, minutes: float, rules: Rules) -> None:
        """A pause that was long enough is a break, also where nobody asked for it."""
        if start - self.free_at >= rules.break_for:
            self.at_work = 0
        self.at_work += minutes
        self.minutes += minutes
        self.items += 1
        self.free_at = start + minutes
        if rules.break_after is not None and self.at_work >= rules.break_after:
            self.free_at += rules.break_for
            self.at_work = 0

    def may_go_on(self, rules: Rules) -> bool:
        return self.minutes < rules.day_minutes and self.items < rules.day_items


@dataclass(slots=True)
class _Waiting:
    """Items of high impact first, then what is due first."""

    world: World
    coming: Sequence[Item]
    arrived: int = 0
    heap: list[tuple[bool, float, int]] = field(default_factory=list)

    def admit(self, now: float) -> None:
        while self.arrived < len(self.coming) and self.coming[self.arrived].arrival <= now:
            item = self.coming[self.arrived]
            high = item.high_draw < self.world.high_share
            due = item.arrival + (self.world.due_high if high else self.world.due_other)
            heappush(self.heap, (not high, due, self.arrived))
            self.arrived += 1

    def next_arrival(self) -> float | None:
        more = self.arrived < len(self.coming)
        return self.coming[self.arrived].arrival if more else None

    def per_reviewer(self) -> float:
        return len(self.heap) * _USUAL / self.world.reviewers


def a_day(seed: str, world: World) -> list[Item]:
    """The items of one day; the same for every world that has as many in as many hours."""
    random = Random(seed)  # noqa: S311
    arrivals = sorted(random.uniform(0, world.hours * 60) for _ in range(world.items))
    return [Item(at, *_draws(random), random.getrandbits(32)) for at in arrivals]


def _draws(random: Random) -> tuple[float, float, float, float]:
    return random.random(), random.random(), random.random(), random.random()


def run(items: Sequence[Item], world: World, rules: Rules, reviewing: Reviewing) -> list[Handled]:
    """Work through a day. It ends when what arrived is answered or has lapsed."""
    waiting, done = _Waiting(world, items), list[Handled]()
    # Whoever has been idle longest comes first.
    people = [(0.0, 0.0, number, _Person()) for number in range(world.reviewers)]
    while people:
        free_at, _, number, person = heappop(people)
        waiting.admit(free_at)
        if not waiting.heap:
            arrival = waiting.next_arrival()
            if arrival is None:
                break
            heappush(people, (arrival, person.free_at, number, person))
            continue
        one = _taken(waiting, free_at, person, rules, reviewing)
        done.append(one)
        if person.may_go_on(rules):
            again = max(free_at, person.free_at)
            heappush(people, (again, person.free_at, number, person))
    return done + _left(waiting, world, rules, reviewing)


def _taken(
    waiting: _Waiting, now: float, person: _Person, rules: Rules, reviewing: Reviewing
) -> Handled:
    """The most pressing item, looked at by this person, unless it has lapsed already."""
    _, due, number = heappop(waiting.heap)
    item = waiting.coming[number]
    if due < now:
        return Handled(item, due - item.arrival, None)
    idle = now - person.free_at
    at_work = 0.0 if idle >= rules.break_for else person.at_work
    seen = reviewing(item, Strain(waiting.per_reviewer(), at_work), waiting.world, rules)
    person.take(now, seen.minutes, rules)
    return Handled(item, now - item.arrival, seen)


def _left(waiting: _Waiting, world: World, rules: Rules, reviewing: Reviewing) -> list[Handled]:
    """What is over everybody's cap: for a rested second pool, or for nobody."""
    waiting.admit(float("inf"))
    rested = Strain(0, 0)
    left = []
    for _, due, number in waiting.heap:
        item = waiting.coming[number]
        seen = reviewing(item, rested, world, rules) if world.outlet else None
        waited = world.outlet_delay if world.outlet else due - item.arrival
        left.append(Handled(item, waited, seen, over_cap=True))
    return left
