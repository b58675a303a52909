"""Reviewers against waits, and what each control costs them."""

from __future__ import annotations

from collections.abc import Iterator

from overread_briefs.visible import visible
from overread_console.flow.figures import amount, brief_time
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.flow.words import count
from overread_console.lead.look import Look, sentences, table
from overread_queue.health.pricing import Price
from overread_queue.health.staffing import BUSIEST, SOON_SECONDS, Crew, PoolStaffing, Staffing
from overread_queue.numbers import percent

_CREWS = ("reviewers", "busy", "mean wait", f"begun in {SOON_SECONDS // 60} min", "")
_PRICES = ("control", "is", "reviews", "each", "min", "people", "another value")


def staffing_page(staffing: Staffing, look: Look) -> Iterator[Line]:
    """Pools with most work first, then the controls, the dearest first."""
    for pool in staffing.pools:
        yield from _pool(pool, look)
        yield BLANK
    if staffing.prices:
        yield (Span("what the controls cost a day", "question"),)
        rows = [_price(one, staffing.reviewer_minutes) for one in staffing.prices]
        yield from table(_PRICES, rows, look, numbers=range(2, 6))
        yield BLANK
    for remark in staffing.remarks:
        yield from sentences(remark, look, "muted")


def _pool(pool: PoolStaffing, look: Look) -> Iterator[Line]:
    source = f"measured, n {pool.measured:,}" if pool.measured else "as the policy expects"
    yield (Span(visible(pool.label), "question"),)
    work = f"{amount(pool.per_day)} reviews a day of {brief_time(pool.seconds)} each ({source})"
    yield from sentences(work, look)
    needed = f"{count(pool.needed, 'reviewer')} needed, {pool.because}"
    yield from sentences(needed, look, "strong")
    yield (Span(_people(pool), "warning" if pool.people < pool.needed else "good"),)
    yield from table(_CREWS, [_crew(one, pool) for one in pool.crews], look, numbers=range(4))


def _people(pool: PoolStaffing) -> str:
    enough = "✓ enough" if pool.people >= pool.needed else "⚠ too few"
    hold = "1 person holds" if pool.people == 1 else f"{pool.people:,} people hold"
    return f"{enough}: {hold} the role"


def _crew(crew: Crew, pool: PoolStaffing) -> tuple[str, ...]:
    mark = "◂ needed" if crew.reviewers == pool.needed else ""
    busy = percent(crew.busy) + ("" if crew.busy <= BUSIEST else " !")
    if crew.wait is None or crew.soon is None:
        return str(crew.reviewers), busy, "only grows", "–", mark
    return str(crew.reviewers), busy, _wait(crew.wait), percent(crew.soon), mark


def _wait(seconds: float) -> str:
    return brief_time(seconds) if seconds >= 1 else "under 1 s"


def _price(price: Price, minutes_each: float) -> tuple[str, ...]:
    sign = {"measured": "", "assumed": "~", "at most": "≤"}[price.basis]
    others = ", ".join(f"{one.value} {amount(round(one.minutes, 1))}" for one in price.instead)
    return (
        price.setting,
        price.value,
        amount(round(price.reached, 1)),
        f"{sign}{brief_time(price.seconds)}",
        amount(round(price.minutes, 1)),
        f"{price.minutes / minutes_each:.2f}",
        others,
    )
