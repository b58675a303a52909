"""A point in the wrong place: ten times the number that the sources have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overread_briefs.brief import Brief
from overread_queue.errors import Unsuited
from overread_queue.probing.rewriting import Swap, evidence_text, holds, told_by_agent

_AMOUNTS = re.compile(
    r"amount|total|price|cost|sum|limit|loss|claim|value|recipients|rows|items|customers"
    r"|quantity|count|reviews|new|(?:^|_)(?:eur|usd|gbp|sek|chf|jpy)$"
)
LEAST = 10
"""Smaller whole numbers stand for too many other things in a text."""


def unit_error(brief: Brief) -> tuple[Brief, str]:
    """The agent says ten times what its evidence says, and would do it. Raises `Unsuited`."""
    for name, number in _candidates(brief):
        if any(holds(evidence_text(brief), form) for form in forms(number)):
            wrong = number * 10
            words = dict(reversed([*zip(forms(number), forms(wrong), strict=False)]))
            changed = told_by_agent(brief, Swap(words, {number: wrong}))
            return changed, f"`{name}` is ten times what the evidence says"
    raise Unsuited(
        "unit_error", f"no amount from {LEAST} on among its parameters stands in its evidence, too"
    )


def forms(number: float) -> list[str]:
    """How people write it, the commonest first. A number and its tenfold correspond one by one as
    long as both are whole, or neither is."""
    english = f"{number:,.2f}"
    written = [english, _continental(english), f"{number:.2f}"]
    if float(number).is_integer():
        whole = f"{number:,.0f}"
        written += [whole, _continental(whole), f"{number:.0f}"]
    return written


def _continental(english: str) -> str:
    return english.translate(str.maketrans(",.", ".,"))


def _candidates(brief: Brief) -> Iterator[tuple[str, float]]:
    for name, value in brief.action.parameters.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if value >= LEAST and _AMOUNTS.search(name):
            yield name, value
