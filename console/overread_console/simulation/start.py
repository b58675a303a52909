"""Where a simulation starts from: a desk as it is, or what is assumed where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from overread_console.simulation.rules import Rules, of_policy
from overread_console.simulation.world import PARAMETERS, World
from overread_queue.clock import SystemClock
from overread_queue.health.metric import Period
from overread_queue.health.staffing import Staffing
from overread_queue.office import LeadOffice
from overread_queue.places import Places
from overread_queue.policy.settings import Friction, Limits
from overread_queue.trust.roster import Roster

_MONTH_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True)
class Start:
    """A world and its rules, and where each number of the world is from."""

    world: World
    rules: Rules
    sources: Mapping[str, str]
    remark: str
    """What else to know, in a sentence."""

    def given(self, numbers: Mapping[str, float]) -> Start:
        """The same with some numbers as somebody asked for."""
        sources = {**self.sources, **dict.fromkeys(numbers, "as asked for")}
        return replace(self, world=_with(self.world, numbers), sources=sources)


def shipped(db: Path) -> Start:
    """Where there is no desk."""
    told = f"There is no desk at {db}: the friction is that of a policy that says nothing of it."
    sources = {one.name: one.source for one in PARAMETERS}
    return Start(World(), of_policy(Friction(), Limits()), sources, told)


def of_desk(db: Path, *, reviewer: str | None) -> Start:
    """A desk's friction, caps, people, and how much came in on a day of the last month.

    Raises what `LeadOffice.open` does.
    """
    now, start = SystemClock().now(), shipped(db)
    with LeadOffice.open(db, reviewer=reviewer) as office:
        policy, work = office.policy(), office.staffing(Period(now - _MONTH_MS, now))
    people = Roster.load(Places.of(db)).reviewers.values()
    known = {"reviewers": max(1, sum(one.in_force(now) for one in people))}
    told = {"reviewers": "the desk's roster"}
    if work.pools:
        known["items"] = max(1, round(sum(one.per_day for one in work.pools)))
        told["items"] = (
            f"this desk, a day of the last month on which anything came in, of {work.days}"
        )
    rules = of_policy(policy.friction, policy.limits)
    return Start(_with(start.world, known), rules, {**start.sources, **told}, _remark(work))


def _with(world: World, numbers: Mapping[str, float]) -> World:
    return replace(world, **numbers)  # type: ignore[arg-type]


def _remark(work: Staffing) -> str:
    """What the desk measured and the model only assumes."""
    measured = sum(one.measured for one in work.pools)
    if not measured:
        return "No reviews of this desk are measured yet, so their times are the model's alone."
    seconds = sum(one.measured * one.seconds for one in work.pools) / measured
    return (
        f"Reviews at this desk took {seconds:,.0f} s of active time on average (n = {measured:,});"
        " compare them with the model's minutes a day."
    )
