"""What the model takes to be true, each number with where it comes from.

Times are minutes, money is in one currency, whatever it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class World:
    """One desk and how its people read. What each number means stands in `PARAMETERS`."""

    reviewers: int = 4
    items: int = 200
    hours: float = 8
    high_share: float = 0.3
    wrong_share: float = 0.08
    reading: float = 0.36
    drift: float = 0.64
    boundary: float = 1.36
    bias: float = 0.4
    fatigue: float = 0.015
    hurry: float = 0.01
    knee: float = 30
    challenge_effect: float = 0.5
    challenge_time: float = 0.75
    judging_effect: float = 0.5
    judging_time: float = 0.15
    due_high: float = 120
    due_other: float = 240
    loss_high: float = 2000
    loss_other: float = 200
    loss_override: float = 50
    loss_unanswered: float = 30
    minute_price: float = 1
    outlet: bool = True
    """What is over a cap has somewhere to go: a second pool."""
    outlet_delay: float = 30


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a world."""

    name: str
    means: str
    source: str
    """Where it comes from; `assumed` where nobody measured it."""
    low: float | None = None
    high: float | None = None
    """Between these it is varied, to see how much hangs on it; None where it is a fact of a desk
    or a price that everybody sets."""


PARAMETERS = (
    Parameter("reviewers", "reviewers on shift", "assumed"),
    Parameter("items", "items a day, at random times of the shift", "assumed"),
    Parameter("hours", "hours in which items arrive", "assumed"),
    Parameter("high_share", "share that is of high impact and irreversible", "assumed", 0.1, 0.6),
    Parameter("wrong_share", "share in which the AI is wrong", "assumed", 0.02, 0.2),
    Parameter(
        "reading", "minutes to read a card: 85 words at 238 a minute", "Brysbaert 2019", 0.28, 0.49
    ),
    Parameter("drift", "how fast evidence tells right from wrong", "assumed", 0.4, 0.9),
    Parameter("boundary", "how much evidence a rested reviewer waits for", "assumed", 1.0, 1.7),
    Parameter(
        "bias",
        "start on the AI's side, as a share of the way to agreeing",
        "direction: readers found 71 % alone and 39 % beside an AI that missed; size: assumed",
        0.1,
        0.7,
    ),
    Parameter(
        "fatigue",
        "of that evidence, what each minute at work after 20 takes away",
        "direction: Buser 2023, under load; size: assumed",
        0.0,
        0.03,
    ),
    Parameter(
        "hurry",
        "of that evidence, what each waiting minute beyond the knee takes away",
        "direction: Buser 2023, screeners sped up; size: assumed",
        0.0,
        0.03,
    ),
    Parameter("knee", "waiting minutes per reviewer that hurry nobody", "assumed", 10, 60),
    Parameter(
        "challenge_effect",
        "share of the bias that a forced challenge takes away",
        "direction: Buçinca 2021; size: assumed",
        0.0,
        0.8,
    ),
    Parameter("challenge_time", "minutes that a challenge takes", "assumed", 0.25, 3.0),
    Parameter(
        "judging_effect",
        "share of the bias that judging first takes away",
        "direction: Fogliato 2022; size: assumed",
        0.0,
        0.8,
    ),
    Parameter("judging_time", "minutes that judging first takes", "assumed", 0.0, 0.5),
    Parameter("due_high", "minutes until an item of high impact is due", "assumed"),
    Parameter("due_other", "minutes until any other item is due", "assumed"),
    Parameter("loss_high", "lost by a wrong action of high impact", "assumed", 500, 8000),
    Parameter("loss_other", "lost by any other wrong action", "assumed", 50, 800),
    Parameter("loss_override", "lost by refusing what was right", "assumed", 10, 200),
    Parameter("loss_unanswered", "lost by an item that nobody answers; it fails safe", "assumed"),
    Parameter("minute_price", "price of a minute of review", "assumed", 0.5, 3.0),
    Parameter("outlet", "what is over a cap goes to a second pool", "assumed"),
    Parameter("outlet_delay", "minutes that this takes", "assumed"),
)
