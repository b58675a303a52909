"""A desk on which many processes can work for long without a limit of the day or of time."""

from __future__ import annotations

from factories import POLICY, House
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import Reviewer

ENDLESS = (
    POLICY.replace('undo = "10s"', 'undo = "2s"')
    .replace('lease = "5m"', 'lease = "9d"')
    .replace('sla = "4h"', 'sla = "9d"')
    .replace("minutes = 3", "minutes = 0.01")
    + "[limits]\nday_items = 1000000\n"
)
PEOPLE = ("ana", "ben", "cem", "dee", "eva", "fei", "gus", "hal")


def hire(here: House) -> None:
    """Whoever of `PEOPLE` is not at the desk yet."""
    for name in PEOPLE[2:]:
        add_reviewer(here.places, Reviewer(name=name, label=name.title(), roles=("refunds",)))
