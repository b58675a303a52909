"""Two policies side by side: which cases get less attention, and which get more.

Both are asked about the same cells: those of all their conditions together.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, product
from math import prod

from overread_briefs.action import Reversibility
from overread_queue.policy.axes import (
    Axis,
    NameAxis,
    NumberAxis,
    Piece,
    name_label,
    number_at,
    number_label,
)
from overread_queue.policy.cells import LIMIT, SAMPLE
from overread_queue.policy.changes import Change, changes_between
from overread_queue.policy.conditions import Subject
from overread_queue.policy.evaluate import effective, tentative
from overread_queue.policy.model import REVERSIBILITIES, ActionRule, Policy
from overread_queue.policy.plan import HARD, RANK, TIERS, Circumstances, Plan, settle
from overread_queue.states import Tier

_FEW = 4
_Pieces = tuple[Piece | None, Piece | None]
"""Where a value lies under the old policy and under the new one, if they ask for it."""
_Labelled = tuple[str, _Pieces]


@dataclass(frozen=True, slots=True)
class Moved:
    """Cells of one action type that go from one tier to another."""

    action: str
    before: Tier
    after: Tier
    cells: int
    where: str
    """The smallest description that holds for all of these cells."""
    example: str
    """One of them, in full."""


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """What a change of policy changes."""

    loosened: tuple[Moved, ...]
    tightened: tuple[Moved, ...]
    changes: tuple[Change, ...]
    """What else is handled otherwise: roles, deadlines, friction, sign-off."""
    sampled: tuple[str, ...]
    """Action types with too many cells to compare each."""

    @property
    def loosens(self) -> bool:
        """Whether the risk owner must agree: something is loosened, or it cannot be ruled out."""
        eased = any(change.direction == "loosened" for change in self.changes)
        return bool(self.loosened or self.sampled or eased)


def diff(old: Policy, new: Policy, *, day: dt.date | None = None) -> PolicyDiff:
    """Compare two policies. Exemptions count where they hold on `day`; without a day, all do."""
    moved: list[Moved] = []
    sampled: list[str] = []
    for action in sorted({*old.actions, *new.actions}):
        pair = _Pair(_Side(old, action, day), _Side(new, action, day))
        grid = _grid(pair)
        if grid.size > LIMIT:
            sampled.append(action)
        moved += _moved(action, pair, grid)
    loosened = tuple(one for one in moved if RANK[one.after] < RANK[one.before])
    tightened = tuple(one for one in moved if RANK[one.after] > RANK[one.before])
    return PolicyDiff(loosened, tightened, tuple(changes_between(old, new)), tuple(sampled))


@dataclass(frozen=True, slots=True)
class _Said:
    """How the agent describes its action."""

    reversibility: Reversibility
    compensation: str | None

    @property
    def label(self) -> str:
        by = f"taken back by {self.compensation}" if self.compensation else "without compensation"
        return f"{self.reversibility}, {by}"


@dataclass(frozen=True, slots=True)
class _Side:
    """One policy's view of an action type, which it may not know."""

    policy: Policy
    action: str
    day: dt.date | None

    @property
    def plan(self) -> Plan | None:
        return self.policy.plan(self.action) if self.action in self.policy.actions else None

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.plan.axes if self.plan else ()

    def axis(self, subject: Subject) -> Axis | None:
        return next((axis for axis in self.axes if axis.subject == subject), None)

    @property
    def compensations(self) -> tuple[str, ...]:
        rule = self.policy.actions.get(self.action)
        return rule.compensations if rule else ()

    def about(self, rule: ActionRule, said: _Said) -> Circumstances:
        reversibility = effective(rule, said.reversibility)
        return Circumstances(
            base=RANK[self.policy.risk.tier(rule.impact, reversibility)],
            reversibility=reversibility,
            tentative=tentative(rule, said.compensation),
            exempt=self._exempt(),
        )

    def _exempt(self) -> bool:
        return any(
            one.action == self.action and (self.day is None or self.day <= one.expires)
            for one in self.policy.exemptions
        )


class _Judge:
    """Ranks of cells under one policy; an action type that it does not know is paused."""

    def __init__(self, side: _Side, said: tuple[_Said, ...]) -> None:
        rule = side.policy.actions.get(side.action)
        self._plan = side.plan
        self._about = [side.about(rule, one) for one in said] if rule else []
        self._paused = bytes([HARD] * len(said))
        self._known: dict[tuple[int, int], bytes] = {}

    def row(self, pieces: Iterable[Piece | None]) -> bytes:
        """The rank for each way in which the agent can describe its action."""
        if self._plan is None:
            return self._paused
        refused, unknown = 0, 0
        for piece in pieces:
            if piece is not None:
                refused |= piece.refused
                unknown |= piece.unknown
        row = self._known.get((refused, unknown))
        if row is None:
            found = self._plan.left(refused, unknown)
            row = bytes(settle(self._plan, found, about) for about in self._about)
            self._known[refused, unknown] = row
        return row


@dataclass(frozen=True, slots=True)
class _Pair:
    old: _Side
    new: _Side

    @property
    def subjects(self) -> list[Subject]:
        return sorted({axis.subject for side in (self.old, self.new) for axis in side.axes})

    def axes(self, subject: Subject) -> list[Axis]:
        return [axis for side in (self.old, self.new) if (axis := side.axis(subject))]

    def pieces(self, subject: Subject, value: object) -> _Pieces:
        old, new = self.old.axis(subject), self.new.axis(subject)
        return old.piece(value) if old else None, new.piece(value) if new else None


@dataclass(frozen=True, slots=True)
class _Choice:
    """Values of one input that neither policy tells apart."""

    label: str
    old: Piece | None
    new: Piece | None


@dataclass(frozen=True, slots=True)
class _Grid:
    inputs: tuple[tuple[_Choice, ...], ...]
    said: tuple[_Said, ...]

    @property
    def size(self) -> int:
        return prod(len(choices) for choices in self.inputs) * len(self.said)

    def cells(self) -> Iterable[tuple[_Choice, ...]]:
        if self.size <= LIMIT:
            return product(*self.inputs)
        dice = random.Random(self.size)  # noqa: S311  chance, not secrecy
        return (tuple(dice.choice(one) for one in self.inputs) for _ in range(SAMPLE))


@dataclass(slots=True)
class _Group:
    """Cells with the same before and after, and what they have in common."""

    cells: int = 0
    seen: list[set[str]] = field(default_factory=list)
    example: str = ""

    def add(self, labels: tuple[str, ...]) -> None:
        self.cells += 1
        if not self.seen:
            self.seen = [set() for _ in labels]
            self.example = ", ".join(labels)
        for labels_seen, label in zip(self.seen, labels, strict=True):
            labels_seen.add(label)


def _moved(action: str, pair: _Pair, grid: _Grid) -> Iterator[Moved]:
    groups: dict[tuple[int, int], _Group] = {}
    old, new = _Judge(pair.old, grid.said), _Judge(pair.new, grid.said)
    for choices in grid.cells():
        before, after = old.row(one.old for one in choices), new.row(one.new for one in choices)
        if before != after:
            for said, was, now in zip(grid.said, before, after, strict=True):
                if was != now:
                    labels = (*(one.label for one in choices), said.label)
                    groups.setdefault((was, now), _Group()).add(labels)
    everything = [[one.label for one in choices] for choices in grid.inputs]
    everything.append([said.label for said in grid.said])
    for (was, now), group in sorted(groups.items(), key=lambda one: one[0]):
        where = _where(everything, group.seen)
        yield Moved(action, TIERS[was], TIERS[now], group.cells, where, group.example)


def _where(everything: list[list[str]], seen: list[set[str]]) -> str:
    """The inputs that matter: those of which not every value occurs."""
    parts: list[str] = []
    for labels, found in zip(everything, seen, strict=True):
        if len(found) < len(set(labels)):
            shown = [label for label in labels if label in found]
            more = f" or {len(shown) - _FEW} more" if len(shown) > _FEW else ""
            parts.append(" or ".join(shown[:_FEW]) + more)
    return "; ".join(parts) or "always"


def _grid(pair: _Pair) -> _Grid:
    inputs = tuple(tuple(_choices(pair, subject)) for subject in pair.subjects)
    rules = [side.policy.actions.get(pair.old.action) for side in (pair.old, pair.new)]
    mildest = min((REVERSIBILITIES.index(rule.reversibility) for rule in rules if rule), default=0)
    brought = sorted({*pair.old.compensations, *pair.new.compensations, "another-action"})
    said = tuple(
        _Said(reversibility, compensation)
        for reversibility in REVERSIBILITIES[mildest:]
        for compensation in (*brought, None)
    )
    return _Grid(inputs, said)


def _choices(pair: _Pair, subject: Subject) -> Iterator[_Choice]:
    """All values of an input, as far as one of the policies tells them apart."""
    axes = pair.axes(subject)
    missing = pair.pieces(subject, None)
    numbers = [axis for axis in axes if isinstance(axis, NumberAxis)]
    names = [axis for axis in axes if isinstance(axis, NameAxis)]
    for label, pieces in (*_numbers(pair, subject, numbers), *_names(pair, subject, names)):
        if pieces != missing:
            yield _Choice(label, *pieces)
    yield _Choice(f"{subject.name} is missing or unusable", *missing)


def _numbers(pair: _Pair, subject: Subject, axes: list[NumberAxis]) -> Iterator[_Labelled]:
    """Runs of numbers between the cuts of both policies, and the ends of their ranges."""
    cuts = tuple(sorted({cut for axis in axes for cut in (*axis.cuts, *_ends(axis))}))
    places = range(2 * len(cuts) + 1) if axes else ()
    found = [pair.pieces(subject, number_at(cuts, at, None)) for at in places]
    for pieces, group in groupby(places, key=found.__getitem__):
        run = list(group)
        yield number_label(subject.name, cuts, run[0], run[-1]), pieces


def _ends(axis: NumberAxis) -> list[float]:
    ends = (axis.bounds.least, axis.bounds.most) if axis.bounds else ()
    return [end for end in ends if end is not None]


def _names(pair: _Pair, subject: Subject, axes: list[NameAxis]) -> Iterator[_Labelled]:
    """Names that both policies treat alike, together, and all that neither names."""
    groups: dict[_Pieces, dict[str, None]] = {}
    for axis in axes:
        for name in axis.named:
            value = name == "true" if axis.type == "boolean" else name
            groups.setdefault(pair.pieces(subject, value), {})[name] = None
    for pieces, names in groups.items():
        yield name_label(subject, list(names)), pieces
    if any(axis.other for axis in axes):
        yield f"{subject.name} is anything else", pair.pieces(subject, "no list has this on it")
