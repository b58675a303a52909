"""What is told of blind tests, kept as it was told: figures that only ever move in large steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, get_args

from overread_briefs.fields import Parameters
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.numbers import percent
from overread_queue.probing.cuts import ALL, FAMILIES, LEAST, LEAST_NEW, Figure, Outcome, Parts, due
from overread_queue.probing.marks import hour_of
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.probes import ResultRow, Sort
from overread_queue.store.releases import FigureRow
from overread_queue.trust.people import DESK

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_CUTS = (ALL, *FAMILIES)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is told now of tests of one sort."""

    parts: dict[str, Parts]
    """By cut, in the order in which the cuts were first told; empty before the first release."""
    hour: int | None
    """UTC milliseconds of the hour of the last release."""

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
    return Standing(parts, told[-1].hour if told else None)


def release(mover: Mover) -> int:
    """Tell what may be told by now; the number of figures. Doing it twice changes nothing.

    Results count once the hour of their folding is over, so that no figure moves with the end of
    somebody's session.
    """
    hour = hour_of(mover.now)
    results = [one for one in mover.tx.probes.results() if one.hour < hour]
    return sum(_release(mover, sort, results) for sort in SORTS)


def release_due(ground: Ground) -> int:
    """The same as an errand of the sweep, which writes nothing as long as it is too early."""
    hour = hour_of(ground.clock.now())
    with ground.store.read() as tx:
        if not tx.releases.grown(hour=hour, least=LEAST, least_new=LEAST_NEW):
            return 0
    with ground.store.write() as tx:
        return release(Mover(tx, DESK, ground.clock.now()))


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


def _release(mover: Mover, sort: Sort, results: list[ResultRow]) -> int:
    tx, before = mover.tx, standing(mover.tx, sort)
    outcomes = [_outcome(one) for one in results if one.sort == sort]
    fresh = due(outcomes, before.parts, lambda cut: tx.probes.crowd(cut, sort))
    figures = [(cut, part, one) for cut, parts in fresh.items() for part, one in parts.items()]
    if figures:
        hour = hour_of(mover.now)
        id = tx.releases.add(sort, hour=hour)
        for cut, part, one in figures:
            tx.releases.add_figure(FigureRow(id, hour, cut, part, one.n, one.caught))
        detail: Parameters = {"sort": sort, "figures": len(figures)}
        tx.events.add(Event("tests_released", DESK, mover.now, detail=detail))
    return len(figures)


def _outcome(one: ResultRow) -> Outcome:
    return Outcome(one.mutation, one.tier.value, one.action_type, bool(one.caught))
