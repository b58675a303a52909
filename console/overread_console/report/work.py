"""Deadlines that were missed, how many people the work asks for, and what each control costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overread_console.flow.figures import figure, moment_words
from overread_console.flow.words import duration
from overread_console.report.html import Html, tag
from overread_console.report.parts import paragraph, section, table
from overread_queue.health.pricing import Price
from overread_queue.health.staffing import PoolStaffing, Staffing
from overread_queue.store.records import BreachRow


def breaches(found: Sequence[BreachRow]) -> Html:
    """By workflow, most first."""
    if not found:
        return section("Missed deadlines", paragraph("No deadline was missed in this period."))
    rows = (
        (one.agent, one.action_type, one.pool, f"{one.breaches:,}", moment_words(one.last_at))
        for one in found
    )
    head = ("agent", "action type", "pool", "missed", "last (UTC)")
    told = "What nobody answered in time is never counted as a rejection."
    return section("Missed deadlines", paragraph(told), table(head, rows, numbers=(3,)))


def staffing(found: Staffing) -> Html:
    """Reviewers against waits, and the price of each control."""
    remarks = [paragraph(one, "quiet") for one in found.remarks]
    return section("Reviewers and waits", *remarks, *map(_pool, found.pools), *_prices(found))


def _pool(one: PoolStaffing) -> Html:
    told = (
        f"{one.per_day:.1f} reviews a day of {duration(one.seconds)} each ask for {one.needed}"
        f" ({one.because}); {one.people} hold the role now. {_basis(one)}"
    )
    head = ("reviewers", "busy", "mean wait", "begun within 15 m")
    rows = (
        (
            str(crew.reviewers) + (" (needed)" if crew.reviewers == one.needed else ""),
            figure(crew.busy, "share"),
            "grows without end" if crew.wait is None else duration(crew.wait),
            "–" if crew.soon is None else figure(crew.soon, "share"),
        )
        for crew in one.crews
    )
    shown = table(head, rows, numbers=(1, 2, 3))
    return tag("article", tag("h3", one.label), paragraph(told), shown, class_="kept")


def _basis(one: PoolStaffing) -> str:
    if not one.measured:
        return "The time of a review is what the policy expects; too few were measured."
    return f"The time of a review is measured, n = {one.measured:,}."


def _prices(found: Staffing) -> Iterator[Html]:
    if not found.prices:
        return
    yield tag("h3", "What each control costs")
    head = ("setting", "value", "reviews a day", "each", "minutes a day", "basis", "instead")
    yield table(head, map(_price, found.prices), numbers=(2, 3, 4))


def _price(one: Price) -> tuple[str, ...]:
    instead = "; ".join(f"{other.value}: {other.minutes:.1f}" for other in one.instead)
    each = duration(one.seconds)
    return (
        one.setting,
        one.value,
        f"{one.reached:.1f}",
        each,
        f"{one.minutes:.1f}",
        one.basis,
        instead or "–",
    )
