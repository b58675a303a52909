"""How long it takes until blind tests say something, at the volume that a desk has."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overread_queue.numbers import percent
from overread_queue.probing.cuts import LEAST

MARKS = (
    (2 * LEAST, "the first figures: gross failure would show"),
    (4 * LEAST, "shares known to some 11 points, and a collapse would alarm"),
    (200, "enough to see a trend"),
)
"""Tests, half of them controls, and what they are good for."""
ENOUGH_FOR_ONE = 200
"""Tests of one person, half of them controls, before a figure of theirs says more than chance."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the share of tests in the policy comes to. Days are days on which work comes in."""

    share: float
    items_a_day: float
    """Hard approvals, among which tests are put."""
    people: int
    """Who may take hard approvals."""
    reached: tuple[tuple[int, int, str], ...]
    """Tests, days until then, and what for; empty where there are none."""
    remarks: tuple[str, ...]

    @property
    def tests_a_day(self) -> float:
        return self.share * self.items_a_day


def plan(*, share: float, items_a_day: float, people: int) -> Plan:
    """When which figure is there, if everything goes by the policy's share."""
    a_day = share * items_a_day
    if not a_day:
        return Plan(share, items_a_day, people, (), (_nothing(share),))
    reached = tuple((tests, _days(tests, a_day), use) for tests, use in MARKS)
    remarks = (
        f"At {percent(share)} of {items_a_day:,.0f} hard approvals a day: "
        f"{a_day:,.1f} tests a day, half of them controls.",
        _for_one(a_day, people),
    )
    return Plan(share, items_a_day, people, reached, remarks)


def _days(tests: int, a_day: float) -> int:
    # Rounded first: 60 / 4.000000000000001 days are not 15.
    return math.ceil(round(tests / a_day, 6))


def _nothing(share: float) -> str:
    if not share:
        return "The policy's `probe_fraction` is 0: no tests are put among real work."
    return "No hard approvals came in lately, so no tests can be put among them."


def _for_one(a_day: float, people: int) -> str:
    days = _days(ENOUGH_FOR_ONE, a_day / max(people, 1))
    return (
        f"One of {people} people would need {days:,} days to meet {ENOUGH_FOR_ONE}: by then they "
        "are somebody else. A figure for one person would be chance, so there is none."
    )
