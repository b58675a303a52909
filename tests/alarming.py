"""Facts told to a desk's charts, and the alarms that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from fact_stream import MINUTE_MS, NEW_YEAR, reviewed
from factories import House
from overread_queue.ground import Ground
from overread_queue.health.alarm import Alarm
from overread_queue.health.facts import Fact
from overread_queue.health.watching import watch
from tier_desks import office


@contextmanager
def ground_of(here: House) -> Iterator[Ground]:
    with closing(Ground(here.places, here.clock)) as ground:
        yield ground


def tell(here: House, facts: Iterable[Fact], *, at_once: int = 500) -> None:
    """As the chain would be read: so many facts in a transaction."""
    rest = iter(facts)
    with ground_of(here) as ground:
        while batch := tuple(islice(rest, at_once)):
            with ground.store.write() as tx:
                watch(ground, tx, batch)


def alarms(here: House, *, all: bool = False) -> tuple[Alarm, ...]:
    with office(here) as lea:
        return lea.alarms(all=all)


def of_kind(found: Iterable[Alarm], kind: str) -> list[Alarm]:
    return [one for one in found if one.kind == kind]


def reviews(answers: Iterable[str]) -> Iterator[Fact]:
    for number, answer in enumerate(answers):
        yield reviewed(NEW_YEAR + number * MINUTE_MS, "reject" if answer == "n" else "approve")


USUAL = "n" * 20 + "y" * 180
"""A reference in which one of ten is overridden."""
