"""What is told of blind tests, kept as it was told: figures that only ever move in large steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, get_args

from overread_briefs.fields import Parameters
from overread_queue.ground import Ground
from overread_queue.health.charts import Baseline
from overread_queue.health.releases import watch_release
from overread_queue.moves import Mover
from overread_queue.numbers import percent
from overread_queue.probing.cuts import (
    ALL,
    FAMILIES,
    LEAST,
    Figure,
    Outcome,
    Parts,
    People,
    due,
)
from overread_queue.probing.marks import hour_of, since_release
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.probes import ResultRow, Sort
from overread_queue.store.releases import FigureRow
from overread_queue.trust.people import DESK

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_CUTS = (ALL, *FAMILIES)


@dataclass(frozen=True, slots=True)
class Step:
    """What one release brought: the results of the whole desk that came since the one before."""

    hour: int
    """UTC milliseconds of the hour of the release."""
    figure: Figure


@dataclass(frozen=True, slots=True)
class Standing:
    """What is told now of tests of one sort."""

    parts: dict[str, Parts]
    """By cut, in the order in which the cuts were first told; empty before the first release."""
    hour: int | None
    """UTC milliseconds of the hour of the last release."""
    steps: tuple[Step, ...] = ()
    """Oldest first. Each is as large as a figure has to be."""

    def figure(self, cut: str = ALL, part: str = "") -> Figure | None:
        return self.parts.get(cut, {}).get(part)


def standing(tx: Transaction, sort: Sort) -> Standing:
    """The last figures of each cut."""
    told = tx.releases.figures(sort)
    first, last = _releases(reversed(told)), _releases(told)
    order = sorted(first, key=lambda cut: (first[cut], _CUTS.index(cut)))
    parts: dict[str, Parts] = {
        cut: {one.part: Figure(one.n, one.caught) for one in told if _is(one, cut, last[cut])}
        for cut in order
    }
    return Standing(parts, told[-1].hour if told else None, tuple(_steps(told)))


def release_due(ground: Ground) -> int:
    """Tell what may be told by now; the number of figures. Writes nothing while it is too early.

    Results of this hour would move a figure with the end of somebody's session, so that nothing is
    told in an hour that brought some.
    """
    now = ground.clock.now()
    with ground.store.read() as tx:
        if not any(_fresh(tx, sort, hour_of(now)) for sort in SORTS):
            return 0
    with ground.store.write() as tx:
        mover, every = Mover(tx, DESK, now), ground.policy().alarms.missed_every
        figures = {sort: _release(mover, sort) for sort in SORTS}
        if figures["wrong"]:
            watch_release(mover, _newest(tx), every=every)
    return sum(figures.values())


def practice(tx: Transaction, mutation: str) -> str:
    """How the desk as a whole does with tests of one kind, for those who have just met one."""
    if mutation == "none":
        return _told(standing(tx, "good").figure(), "of the desk hold up what is right like this")
    found = standing(tx, "wrong")
    kind = found.figure("mutation", mutation)
    if kind is not None:
        return _told(kind, "of the desk catch this kind")
    return _told(found.figure(), "of the desk catch a test")


def _releases(told: Iterable[FigureRow]) -> dict[str, int]:
    """The release of each cut that comes last."""
    return {one.cut: one.release for one in told}


def _is(one: FigureRow, cut: str, release: int) -> bool:
    return (one.cut, one.release) == (cut, release)


def _told(figure: Figure | None, what: str) -> str:
    if figure is None:
        return "not enough tests yet to say how the desk does"
    return f"{percent(figure.caught / figure.n)} {what} (n = {figure.n})"


def _steps(told: Iterable[FigureRow]) -> Iterator[Step]:
    """The differences of one figure of the whole desk to the next."""
    before = Figure(0, 0)
    for one in told:
        if one.cut == ALL:
            yield Step(one.hour, Figure(one.n - before.n, one.caught - before.caught))
            before = Figure(one.n, one.caught)


def _newest(tx: Transaction) -> Baseline:
    """What the last release of tests that were wrong alone has brought."""
    *before, newest = standing(tx, "wrong").steps
    since = before[-1].hour if before else newest.hour
    return Baseline(newest.figure.n, newest.figure.caught, since, newest.hour)


def _fresh(tx: Transaction, sort: Sort, hour: int) -> dict[str, Parts]:
    """What may be told of one sort now."""
    if not tx.releases.grown(hour=hour, least=LEAST):
        return {}
    results = [one for one in tx.probes.results() if one.sort == sort]
    if any(one.hour == hour for one in results):
        return {}
    return due([*map(_outcome, results)], standing(tx, sort).parts, _people(tx, sort))


def _people(tx: Transaction, sort: Sort) -> People:
    told = tx.releases.last_told(sort)

    def lately(cut: str) -> int:
        family, _, _ = cut.partition(":")
        return tx.probes.crowd_in(since_release(told.get(family, 0)), cut, sort)

    return People(lambda cut: tx.probes.crowd(cut, sort), lately)


def _release(mover: Mover, sort: Sort) -> int:
    tx, hour = mover.tx, hour_of(mover.now)
    fresh = _fresh(tx, sort, hour)
    figures = [(cut, part, one) for cut, parts in fresh.items() for part, one in parts.items()]
    if figures:
        id = tx.releases.add(sort, hour=hour)
        for cut, part, one in figures:
            tx.releases.add_figure(FigureRow(id, hour, cut, part, one.n, one.caught))
        detail: Parameters = {"sort": sort, "figures": len(figures)}
        tx.events.add(Event("tests_released", DESK, mover.now, detail=detail))
    return len(figures)


def _outcome(one: ResultRow) -> Outcome:
    return Outcome(one.mutation, one.tier.value, one.action_type, bool(one.caught))
