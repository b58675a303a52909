"""What would have happened: a new policy over recorded actions, beside the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from overread_queue.measure.intervals import Interval, paired_change, wilson
from overread_queue.policy.evaluate import Ruling, evaluate
from overread_queue.policy.facts import from_inputs
from overread_queue.policy.model import Policy
from overread_queue.policy.plan import RANK, SOFT
from overread_queue.states import Tier

CAVEAT = (
    "Agents are held to what they did: how they would have behaved under the other policy is not "
    "in the records."
)


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """A proposal as it was kept: `facts.inputs`, and what became of it where that is known."""

    proposal: str
    inputs: Mapping[str, JsonValue]
    bad: bool | None = None
    """Adjudicated truth, never "a person approved it"; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A known-bad action that the old policy showed to a person and the new one would not."""

    proposal: str
    action_type: str
    before: Tier
    after: Tier


@dataclass(frozen=True, slots=True)
class Shift:
    """One action type under both policies. Escalated: a soft review or more."""

    action_type: str
    actions: int
    gained: int
    """Newly escalated."""
    lost: int
    """No longer escalated."""
    before: Interval
    after: Interval
    change: Interval
    """Of the rate of escalation, 95 %."""
    minutes_before: float
    minutes_after: float
    """Expected review."""


@dataclass(frozen=True, slots=True)
class Replay:
    """All action types, and what the new policy would have let through."""

    shifts: tuple[Shift, ...]
    missed: tuple[Missed, ...]
    bad: int
    """Known-bad actions among the records."""
    unreadable: tuple[str, ...]
    """Proposals whose kept inputs make no sense; not counted."""
    caveat: str = CAVEAT

    @property
    def actions(self) -> int:
        return sum(shift.actions for shift in self.shifts)

    @property
    def minutes(self) -> float:
        """Change in expected review, over all records."""
        return sum(shift.minutes_after - shift.minutes_before for shift in self.shifts)


def simulate(new: Policy, old: Policy, recorded: Iterable[RecordedAction]) -> Replay:
    """Judge every record under both policies, each at its own time."""
    tallies: dict[str, _Tally] = {}
    missed: list[Missed] = []
    unreadable: list[str] = []
    for one in recorded:
        try:
            facts = from_inputs(one.inputs)
        except ValueError:
            unreadable.append(one.proposal)
            continue
        before, after = evaluate(old, facts), evaluate(new, facts)
        tallies.setdefault(facts.action_type, _Tally()).add(before, after, bad=bool(one.bad))
        if one.bad and escalates(before.tier) and not escalates(after.tier):
            missed.append(Missed(one.proposal, facts.action_type, before.tier, after.tier))
    shifts = tuple(tallies[name].shift(name) for name in sorted(tallies))
    bad = sum(tally.bad for tally in tallies.values())
    return Replay(shifts, tuple(missed), bad, tuple(unreadable))


def escalates(tier: Tier) -> bool:
    """Whether somebody has to look."""
    return RANK[tier] >= SOFT


@dataclass(slots=True)
class _Tally:
    actions: int = 0
    gained: int = 0
    lost: int = 0
    was: int = 0
    bad: int = 0
    seconds_before: int = 0
    seconds_after: int = 0

    def add(self, before: Ruling, after: Ruling, *, bad: bool) -> None:
        was, now = escalates(before.tier), escalates(after.tier)
        self.actions += 1
        self.was += was
        self.gained += now and not was
        self.lost += was and not now
        self.bad += bad
        self.seconds_before += _work(before) if was else 0
        self.seconds_after += _work(after) if now else 0

    def shift(self, name: str) -> Shift:
        now = self.was + self.gained - self.lost
        return Shift(
            action_type=name,
            actions=self.actions,
            gained=self.gained,
            lost=self.lost,
            before=wilson(self.was, self.actions),
            after=wilson(now, self.actions),
            change=paired_change(self.gained, self.lost, self.actions),
            minutes_before=self.seconds_before / 60,
            minutes_after=self.seconds_after / 60,
        )


def _work(ruling: Ruling) -> int:
    """Seconds of review; two people need twice."""
    return ruling.expected_seconds * (2 if ruling.dual else 1)
