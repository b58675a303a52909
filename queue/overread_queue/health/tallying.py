"""What facts add up to: counts per UTC day and per part of the desk, in small steps of duration.

Every tally can be added to every other of the same kind, so a year is read from as many rows as a
month with as many parts. A wait is counted on the day on which it began, so that what was asked on
one day can be followed to its end; everything else on the day on which it happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from overread_queue.health.buckets import bucket_of
from overread_queue.health.facts import (
    About,
    Acted,
    Breached,
    Closed,
    Fact,
    Moved,
    Proposed,
    Responded,
    Reviewed,
    Submitted,
    Taken,
)
from overread_queue.states import EscalationKind, Tier

DAY_MS = 86_400_000
FAST_MS = 5_000
"""Nobody reads the shortest brief in less."""
SKEW_MS = 60_000
"""By which the clocks of two machines may differ."""
Cut = Literal["", "action_type", "tier", "pool", "state"]
Cuts = tuple[tuple[Cut, str], ...]


class Cell(NamedTuple):
    """Where something is counted."""

    what: str
    cut: Cut
    day: int
    part: str
    mark: str
    bucket: int


class Count(NamedTuple):
    """How much of it; `total` adds up milliseconds."""

    items: int
    total: int


class _Tick(NamedTuple):
    """One thing to count, in every part that it belongs to."""

    what: str
    at: int
    cuts: Cuts
    mark: str = ""
    took_ms: int | None = None
    stepped: bool = True
    """Each step of `took_ms` by itself; otherwise only their sum is kept."""


def tallies(facts: Iterable[Fact]) -> dict[Cell, Count]:
    """What these facts add to the tables."""
    return _sums(chain.from_iterable(map(_cells, facts)))


def clocks(facts: Iterable[Fact]) -> dict[Cell, Count]:
    """What they add where a time is earlier than one before it in the chain, by more than clocks
    differ. Facts that are next to each other there."""
    return _sums(_set_back(facts))


def _sums(ticks: Iterable[tuple[Cell, int]]) -> dict[Cell, Count]:
    found: dict[Cell, Count] = {}
    for cell, took_ms in ticks:
        items, total = found.get(cell, Count(0, 0))
        found[cell] = Count(items + 1, total + took_ms)
    return found


def _cells(fact: Fact) -> Iterator[tuple[Cell, int]]:
    for tick in _ticks(fact):
        day, took = tick.at // DAY_MS, tick.took_ms
        bucket = bucket_of(took) if took is not None and tick.stepped else 0
        for cut, part in (("", ""), *tick.cuts):
            yield Cell(tick.what, cut, day, part, tick.mark, bucket), took or 0


def _set_back(facts: Iterable[Fact]) -> Iterator[tuple[Cell, int]]:
    for before, fact in pairwise(facts):
        if fact.at < before.at - SKEW_MS:
            yield Cell("clock_back", "", fact.at // DAY_MS, "", "", 0), before.at - fact.at


@singledispatch
def _ticks(fact: Fact) -> Iterator[_Tick]:
    raise TypeError(f"{fact!r} is no fact")


@_ticks.register
def _(fact: Proposed) -> Iterator[_Tick]:
    yield _Tick("proposed", fact.at, _type(fact), "escalated" if fact.escalated else "alone")


@_ticks.register
def _(fact: Submitted) -> Iterator[_Tick]:
    yield _Tick("arrived", fact.at, _where(fact), took_ms=fact.at % DAY_MS, stepped=False)


@_ticks.register
def _(fact: Reviewed) -> Iterator[_Tick]:
    parts = _type(fact) + _where(fact)
    if fact.had_choice:
        yield _Tick("chosen", fact.at, parts, fact.answer)
    speed = "fast" if fact.active_ms < FAST_MS else ""
    yield _Tick("active", fact.at, parts, speed, fact.active_ms)
    if fact.tier is Tier.HARD_APPROVAL and fact.answer in ("approve", "modify"):
        yield _Tick("approved", fact.at, parts, _challenge(fact))
    if fact.challenged:
        yield _Tick("challenged", fact.at, parts, _challenge(fact))
    if fact.judged and fact.advised:
        yield _Tick("judged", fact.at, parts, _judgement(fact))


@_ticks.register
def _(fact: Taken) -> Iterator[_Tick]:
    if _waited_for(fact.kind):
        yield _spell("taken", fact, "taken")


@_ticks.register
def _(fact: Responded) -> Iterator[_Tick]:
    if _waited_for(fact.kind):
        yield _spell("responded", fact, "responded")


@_ticks.register
def _(fact: Closed) -> Iterator[_Tick]:
    yield _Tick("gone", fact.at, _where(fact), took_ms=fact.at % DAY_MS, stepped=False)
    yield _Tick("sojourn", fact.at, (), took_ms=fact.waited_ms, stepped=False)
    if not _waited_for(fact.kind):
        return
    if not fact.taken:
        yield _spell("taken", fact, fact.exit)
    if not fact.responded:
        yield _spell("responded", fact, fact.exit)
    yield _spell("closed", fact, fact.exit)
    yield _Tick("sla", fact.at - fact.waited_ms, _type(fact) + _where(fact), _promise(fact))


@_ticks.register
def _(fact: Breached) -> Iterator[_Tick]:
    yield _Tick("breached", fact.at, (*_type(fact), ("pool", fact.pool)), fact.fallback)


@_ticks.register
def _(fact: Acted) -> Iterator[_Tick]:
    yield _Tick("acted", fact.at, _type(fact), "ok" if fact.ok else "failed")


@_ticks.register
def _(fact: Moved) -> Iterator[_Tick]:
    yield _Tick("moved", fact.at, (), fact.refusal or "")
    if fact.left is not None:
        cuts: Cuts = (("state", fact.left.value),)
        yield _Tick("stayed", fact.at - fact.stayed_ms, cuts, "left", fact.stayed_ms)


def _spell(what: str, fact: Taken | Responded | Closed, exit: str) -> _Tick:
    return _Tick(what, fact.at - fact.waited_ms, _where(fact), exit, fact.waited_ms)


def _waited_for(kind: EscalationKind) -> bool:
    """Nobody waits for an audit of what was done long ago."""
    return kind is not EscalationKind.AUDIT


def _promise(fact: Closed) -> str:
    """What was taken back or revised in time kept and broke nothing."""
    if fact.exit == "answered" and fact.in_time:
        return "met"
    return "missed" if fact.exit == "timed_out" or not fact.in_time else "moot"


def _challenge(fact: Reviewed) -> str:
    if not fact.challenged:
        return "none"
    return "boilerplate" if fact.boilerplate else "own"


def _judgement(fact: Reviewed) -> str:
    if fact.switched is None:
        return "agreed"
    return "switched" if fact.switched else "kept"


def _type(fact: About) -> Cuts:
    return (("action_type", fact.action_type),)


def _where(fact: Submitted | Reviewed | Taken | Responded | Closed) -> Cuts:
    return (("tier", fact.tier.value), ("pool", fact.pool))
