"""All the cases that a policy can tell apart for one action type, as far as they can be walked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from overread_queue.policy.axes import Piece
from overread_queue.policy.model import REVERSIBILITIES, Policy
from overread_queue.policy.plan import RANK, Circumstances, Match, Plan, match, settle

LIMIT = 200_000
"""Cells of one action type that are walked one by one."""
SAMPLE = 20_000
"""Cases that are drawn where there are more."""


@dataclass(frozen=True, slots=True)
class Space:
    """The cells of one action type: a choice on each axis, under each circumstance."""

    action: str
    plan: Plan
    choices: tuple[tuple[Piece, ...], ...]
    """For each axis of the plan, its pieces in order; what is missing comes last."""
    about: tuple[Circumstances, ...]

    @property
    def size(self) -> int:
        return self.inputs * len(self.about)

    @property
    def inputs(self) -> int:
        return prod(len(pieces) for pieces in self.choices)

    @property
    def can_walk(self) -> bool:
        return self.size <= LIMIT

    def matches(self) -> list[Match]:
        """What each cell leaves of the rules, the last axis turning fastest."""
        cells = [(0, 0)]
        for pieces in self.choices:
            cells = [(r | one.refused, u | one.unknown) for r, u in cells for one in pieces]
        known: dict[tuple[int, int], Match] = {}
        for cell in cells:
            if cell not in known:
                known[cell] = self.plan.left(*cell)
        return [known[cell] for cell in cells]

    def drawn(self) -> Iterator[tuple[Piece, ...]]:
        """A sample of the cells, the same each time."""
        dice = random.Random(self.action)  # noqa: S311  chance, not secrecy
        for _ in range(SAMPLE):
            yield tuple(dice.choice(pieces) for pieces in self.choices)

    def row(self, found: Match) -> bytes:
        """The rank under each circumstance."""
        return bytes(settle(self.plan, found, about) for about in self.about)

    def at(self, index: int) -> tuple[Piece, ...]:
        """The pieces of the cell with this number."""
        pieces: list[Piece] = []
        for choice in reversed(self.choices):
            index, digit = divmod(index, len(choice))
            pieces.append(choice[digit])
        return tuple(reversed(pieces))

    def favourable(self, bit: int) -> tuple[Piece, ...] | None:
        """Pieces that all let a rule match, and as few others as possible."""
        chosen: list[Piece] = []
        for pieces in self.choices:
            fitting = [one for one in pieces if not (one.refused | one.unknown) & bit]
            if not fitting:
                return None
            chosen.append(max(fitting, key=lambda one: one.refused.bit_count()))
        return tuple(chosen)

    def found(self, pieces: tuple[Piece, ...]) -> Match:
        return match(self.plan, pieces)


def space_of(policy: Policy, action: str) -> Space:
    plan = policy.plan(action)
    choices = tuple((*axis.pieces, axis.missing) for axis in plan.axes)
    return Space(action, plan, choices, tuple(circumstances(policy, action)))


def circumstances(policy: Policy, action: str) -> Iterator[Circumstances]:
    """Each way an agent can describe the action: from mild to severe, with exemption last."""
    rule = policy.actions[action]
    exempt = [False, *([True] if any(x.action == action for x in policy.exemptions) else [])]
    worse = REVERSIBILITIES[REVERSIBILITIES.index(rule.reversibility) :]
    for holds in exempt:
        for reversibility in worse:
            base = RANK[policy.risk.tier(rule.impact, reversibility)]
            for tentative in (True, False):
                yield Circumstances(base, reversibility, tentative, exempt=holds)


def described(about: Circumstances) -> str:
    parts = [about.reversibility, "compensated" if about.tentative else "without compensation"]
    return ", ".join([*parts, *(["exempt"] if about.exempt else [])])


def milder(one: Circumstances, other: Circumstances) -> bool:
    """Whether `other` is harder to undo, or lacks the compensation, and is better in nothing."""
    return (
        one != other
        and one.exempt == other.exempt
        and one.tentative >= other.tentative
        and REVERSIBILITIES.index(one.reversibility) <= REVERSIBILITIES.index(other.reversibility)
    )
