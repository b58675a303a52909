"""What to know before believing any figure: sentences instead of numbers that lie."""

from __future__ import annotations

from collections.abc import Iterator

from overread_queue.health.tallying import DAY_MS
from overread_queue.health.view import FEW, View

EVERYTHING = ("proposed", "arrived", "active", "gone", "moved")


def remarks(view: View, *, behind: bool, single_operator: bool) -> Iterator[str]:
    """`behind` says that events could not be read yet."""
    if single_operator:
        yield "This is a single-operator desk: people may approve what acts for themselves."
    if behind:
        yield "What happened last is not counted yet, because the desk could not be written to."
    yield from _clocks(view)
    yield from _amount(view)


def _clocks(view: View) -> Iterator[str]:
    if view.days.after > view.now // DAY_MS + 1:
        yield "Part of this period is still to come: it is counted up to now."
    latest = max((view.table.latest_day(what) or 0 for what in EVERYTHING), default=0)
    if latest > view.now // DAY_MS:
        yield (
            f"Something is dated {latest - view.now // DAY_MS} days from now: a clock was wrong, "
            "and what it dated is in no period yet."
        )
    back = sum(one.items for one in view.whole("clock_back"))
    if back:
        yield (
            f"Clocks went back {_times(back)}: waits across that are too short, and none is "
            "below 0."
        )


def _amount(view: View) -> Iterator[str]:
    asked = sum(one.items for one in view.whole("arrived"))
    asked += sum(not one.told for one in view.pending())
    looks = sum(one.items for one in view.whole("active"))
    if not view.table.latest_day("moved") and not view.open:
        yield "Nothing has happened on this desk yet. `overread submit` brings the first question."
    elif not asked and not any(view.whole(what) for what in EVERYTHING):
        yield "Nothing happened in this period; try a longer one, such as `--since 90d`."
    elif asked and not looks:
        yield f"Of {_questions(asked)} asked in this period nobody has looked at any to its end."
    elif 0 < looks < FEW:
        looked = "1 look" if looks == 1 else f"{looks} looks"
        yield f"Only {looked} came to an answer in this period: read counts, not shares."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _questions(count: int) -> str:
    return "1 question" if count == 1 else f"{count:,} questions"
