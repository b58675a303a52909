"""Everything that is run together: what each control is worth, where it fails, how many people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from overread_console.simulation.adversity import adverse
from overread_console.simulation.estimate import Estimate, Rate
from overread_console.simulation.looking import Item
from overread_console.simulation.outcome import Outcome, outcome
from overread_console.simulation.rules import Rules, frictionless, lacking
from overread_console.simulation.shift import a_day
from overread_console.simulation.world import PARAMETERS, World
from overread_queue.measure.waiting import Queue

Told = Callable[[int, int], None]
"""Called with runs done and runs in all."""
Verdict = Literal[
    "pays", "costs more than it saves", "changes nothing", "cannot be told from chance"
]
Days = Sequence[Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Row:
    """One set of rules. Shares are None where nothing could have counted."""

    name: str
    caught: Estimate | None
    caught_high: Estimate | None
    false_overrides: Estimate
    unanswered: Estimate
    loss: Estimate
    """Per item."""
    minutes: Estimate
    """Of review, a day."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What one thing brings and costs, against the same days without it."""

    name: str
    means: str
    saved: Estimate
    """Loss per item."""
    caught: Estimate | None
    """Change of the share of wrong items that a person refused."""
    minutes: Estimate
    """Of review, a day."""
    people: float
    """The same as a number of people who do nothing else all shift."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Staffing:
    """The same work with another number of reviewers."""

    reviewers: int
    wait: Estimate
    """Minutes until somebody takes an item up."""
    erlang: float | None
    """The same from the M/M/c formula, which knows no pressing items, breaks or caps; None where
    the queue would grow for ever."""
    over_cap: Estimate
    """Share of items that nobody of the desk was allowed to take."""
    unanswered: Estimate
    caught: Estimate | None
    loss: Estimate


@dataclass(frozen=True, slots=True)
class Swing:
    """How the loss saved by all friction depends on one number that nobody measured."""

    name: str
    low: float
    high: float
    saved_low: Estimate
    """Where the number is low …"""
    saved_high: Estimate

    @property
    def width(self) -> float:
        return abs(self.saved_high.value - self.saved_low.value)


@dataclass(frozen=True, slots=True)
class Study:
    """What the model says. None of it is evidence about a real desk."""

    days: int
    seed: int
    rows: tuple[Row, ...]
    controls: tuple[Worth, ...]
    """Each control of the policy against doing without it alone."""
    worlds: tuple[Worth, ...]
    """All friction against none: the normal world first, then the adverse ones."""
    staffing: tuple[Staffing, ...]
    swings: tuple[Swing, ...]
    """Widest first."""


def study(world: World, rules: Rules, *, days: int, seed: int, told: Told) -> Study:
    """Run everything on the same days, so that differences are due to what differs."""
    lab = _Lab(world, rules, [a_day(f"{seed}/{day}", world) for day in range(days)], told)
    whole, plain = lab.run(world, rules), lab.run(world, frictionless(rules))
    more = lab.run(world, replace(rules, challenge="all"))
    less = {name: lab.run(world, one) for name, one in lacking(rules).items()}
    rows = {
        "as the policy says": whole,
        **{f"without {name}": one for name, one in less.items()},
        "a challenge on every item": more,
        "no friction at all": plain,
    }
    controls = [_worth(name, "", whole, one, world) for name, one in less.items()]
    return Study(
        days,
        seed,
        tuple(_row(name, one, world) for name, one in rows.items()),
        (*controls, _worth("challenging the rest too", "", more, whole, world)),
        tuple(_worlds(lab, rules)),
        tuple(_staffing(lab, rules)),
        tuple(sorted(_swings(lab, rules), key=lambda one: -one.width)),
    )


class _Lab:
    """The same days under many rules and worlds; what was run before is not run again."""

    def __init__(self, world: World, rules: Rules, days: Days, told: Told) -> None:
        self.world = world
        self.days = days
        self._told = told
        self._known: dict[tuple[World, Rules], Outcome] = {}
        self._done = 0
        worlds, controls = len(list(adverse(world, rules))), len(lacking(rules))
        self._all = 3 + controls + 2 * worlds + len(_crews(world)) + 4 * len(_VARIED)

    def run(self, world: World, rules: Rules) -> Outcome:
        if (world, rules) not in self._known:
            self._known[world, rules] = outcome(self.days, world, rules)
        self._done += 1
        self._told(self._done, self._all)
        return self._known[world, rules]


_VARIED = [one for one in PARAMETERS if one.low is not None and one.high is not None]


def _row(name: str, found: Outcome, world: World) -> Row:
    return Row(
        name,
        _shown(found.caught),
        _shown(found.caught_high),
        found.false_overrides.estimate,
        found.unanswered.estimate,
        found.loss.estimate,
        found.minutes.times(world.items).estimate,
    )


def _worlds(lab: _Lab, rules: Rules) -> Iterator[Worth]:
    for one in adverse(lab.world, rules):
        found = lab.run(one.world, one.rules), lab.run(one.world, one.without)
        yield _worth(one.name, one.means, *found, one.world)


def _worth(name: str, means: str, with_it: Outcome, without: Outcome, world: World) -> Worth:
    saved = without.loss.minus(with_it.loss).estimate
    more = with_it.minutes.minus(without.minutes).times(world.items)
    caught = with_it.caught and without.caught and with_it.caught.minus(without.caught)
    people = more.value / (world.hours * 60)
    return Worth(name, means, saved, _shown(caught), more.estimate, people, _verdict(saved))


def _verdict(saved: Estimate) -> Verdict:
    if saved.low == saved.high == 0:
        return "changes nothing"
    if saved.low > 0:
        return "pays"
    return "costs more than it saves" if saved.high < 0 else "cannot be told from chance"


def _staffing(lab: _Lab, rules: Rules) -> Iterator[Staffing]:
    for reviewers in _crews(lab.world):
        found = lab.run(replace(lab.world, reviewers=reviewers), rules)
        arrivals = lab.world.items / (lab.world.hours * 60)
        yield Staffing(
            reviewers,
            found.wait.estimate,
            Queue(arrivals, found.minutes.value, reviewers).mean_wait,
            found.over_cap.estimate,
            found.unanswered.estimate,
            _shown(found.caught),
            found.loss.estimate,
        )


def _crews(world: World) -> range:
    """A few fewer and a few more than there are."""
    return range(max(1, world.reviewers - 2), world.reviewers + 3)


def _swings(lab: _Lab, rules: Rules) -> Iterator[Swing]:
    for one in _VARIED:
        low, high = one.low or 0.0, one.high or 0.0
        saved = (_saved(lab, rules, {one.name: value}) for value in (low, high))
        yield Swing(one.name, low, high, *saved)


def _saved(lab: _Lab, rules: Rules, changed: dict[str, float]) -> Estimate:
    world = replace(lab.world, **changed)  # type: ignore[arg-type]
    plain = lab.run(world, frictionless(rules))
    return plain.loss.minus(lab.run(world, rules).loss).estimate


def _shown(found: Rate | None) -> Estimate | None:
    return found.estimate if found else None
