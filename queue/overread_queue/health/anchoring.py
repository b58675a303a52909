"""Giving way to a suggestion is a mistake or none: that takes the truth about each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from overread_briefs import Brief
from overread_queue.health.measures import Found
from overread_queue.health.periods import period_of
from overread_queue.health.reading import brief_in
from overread_queue.health.shares import Ratio, share_reading
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View
from overread_queue.store.truths import Truth, settled

NOTHING = "No suggestion to go ahead that people first judged otherwise is known to be {}."
MIXED = "Only the part that was wrong is harm; giving way to what was right is help."
GOING_AHEAD = ("approve", "modify")


def anchoring_known(view: View, cut: Cut) -> Found:
    """P(switched) of all that is known, and its parts P(switched | wrong) and P(switched | right).

    Only suggestions to let the agent go on: whether advice against it was right, the truth about
    what the agent proposed says as well, but giving way to it harms nobody.
    """
    found: Counter[tuple[Truth, bool]] = Counter(_switches(view))
    wrong, right = _ratio(found, "wrong"), _ratio(found, "right")
    whole = Ratio(wrong.hits + right.hits, wrong.n + right.n)
    return Found(
        (
            share_reading("", whole, nothing=NOTHING.format("right or wrong"), note=MIXED),
            share_reading("wrong", wrong, nothing=NOTHING.format("wrong")),
            share_reading("right", right, nothing=NOTHING.format("right")),
        )
    )


def _switches(view: View) -> Iterator[tuple[Truth, bool]]:
    """Of each first judgement that differed: what was right, and whether it gave way."""
    period = period_of(view.days)
    for one in view.table.judged_and_known(since=period.since, until=period.until):
        advice = _advice(brief_in(one.brief))
        truth = settled(view.truths.of(one.escalation))
        if truth is not None and advice is not None and one.first != advice:
            yield truth, one.last == advice


def _advice(brief: Brief | None) -> str | None:
    """The option suggested, where it lets the agent go on."""
    if brief is None or brief.recommendation is None:
        return None
    option = brief.recommendation.option
    kinds = {one.key: one.kind for one in brief.options}
    return option if kinds.get(option) in GOING_AHEAD else None


def _ratio(found: Counter[tuple[Truth, bool]], truth: Truth) -> Ratio:
    return Ratio(found[truth, True], found[truth, True] + found[truth, False])
