"""The page of a simulation: the warning first, then what it is worth, then all that is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.talk import data
from overread_console.flow.figures import bounds
from overread_console.flow.words import count
from overread_console.simulation.estimate import Estimate
from overread_console.simulation.start import Start
from overread_console.simulation.study import Row, Staffing, Study, Swing, Worth
from overread_console.simulation.world import PARAMETERS, World
from overread_queue.measure.intervals import Interval
from overread_queue.numbers import percent

_HOLDS = (
    "More friction brings more only if a challenge moves bias, is kept to what is costly, and"
    " what is over a cap has somewhere to go. Blind tests on the real desk can tell;"
    " a model cannot."
)
_BRACKETS = "Brackets bound what the computation leaves open (95 %), not what the model gets wrong."
_NOT_IN_IT = (
    "Not in it: people differ, learn, talk and get bored; items are not alike; work comes in"
    " bursts. Tired reviewers are faster here, as there: short waits alone say nothing good."
)


def page(banner: str, found: Study, start: Start) -> None:
    """Everything, for reading from the top."""
    world, rules = start.world, start.rules
    data(banner)
    asked = f"{count(world.reviewers, 'reviewer')}, {count(world.items, 'item')} a day"
    paragraph(
        f"{asked} of {world.hours:g} h, {count(found.days, 'day')}, seed {found.seed}. {_BRACKETS}"
    )
    paragraph(start.remark)
    _rules(found)
    _worths("WHAT EACH CONTROL IS WORTH, THE OTHERS STAYING", found.controls)
    _worths("ALL FRICTION AGAINST NONE, ALSO WHERE IT MAY FAIL", found.worlds)
    paragraph(_HOLDS)
    _staffing(found)
    _swings(found)
    heading("WHAT IS ASSUMED")
    columns([_assumed(one.name, world, one.means, start.sources) for one in PARAMETERS])
    columns([("challenge on", rules.challenge), ("judging first on", rules.withhold)])
    paragraph(_NOT_IN_IT)
    data(banner)


def _rules(found: Study) -> None:
    heading("WHAT COMES OF IT")
    head = ("rules", "wrong, caught", "right, refused", "loss an item", "minutes a day")
    grid(head, [_row(one) for one in found.rows])


def _row(one: Row) -> tuple[str, ...]:
    return (
        one.name,
        _share(one.caught),
        _share(one.false_overrides),
        _money(one.loss),
        f"{one.minutes.value:,.0f}",
    )


def _worths(title: str, worths: tuple[Worth, ...]) -> None:
    heading(title)
    for one in worths:
        paragraph(f"{one.name}: {one.verdict}" + (f" ({one.means})" if one.means else ""))
        caught = _points(one.caught)
        cost = f"{one.minutes.value:+,.0f} minutes a day = {one.people:+.2f} people"
        paragraph(f"saves {_money(one.saved)} an item; {cost}; caught {caught}", indent=2)


def _staffing(found: Study) -> None:
    heading("REVIEWERS AND WAITS")
    head = ("reviewers", "wait, min", "by M/M/c", "over caps", "unanswered", "wrong, caught")
    grid(head, [_crew(one) for one in found.staffing])


def _crew(one: Staffing) -> tuple[str, ...]:
    return (
        str(one.reviewers),
        f"{one.wait.value:.1f} ({max(0.0, one.wait.low):.1f} to {one.wait.high:.1f})",
        "grows" if one.erlang is None else f"{one.erlang:.1f}",
        percent(one.over_cap.value),
        percent(one.unanswered.value),
        _share(one.caught),
    )


def _swings(found: Study) -> None:
    heading("WHAT THE ANSWER HANGS ON: loss saved an item by all friction, widest first")
    head = ("parameter", "from", "to", "saved at the one", "at the other")
    grid(head, [_swing(one) for one in found.swings])


def _swing(one: Swing) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.low:g}",
        f"{one.high:g}",
        _money(one.saved_low),
        _money(one.saved_high),
    )


def _assumed(name: str, world: World, means: str, sources: Mapping[str, str]) -> tuple[str, ...]:
    value = getattr(world, name)
    shown = ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"
    return (name, shown, f"{means} · {sources[name]}")


def _share(found: Estimate | None) -> str:
    if found is None:
        return "none there"
    known = Interval(max(0.0, found.low), found.value, min(1.0, found.high))
    return f"{percent(found.value)} ({bounds(known, 'share')})"


def _points(found: Estimate | None) -> str:
    if found is None:
        return "none there"
    low, high = 100 * found.low, 100 * found.high
    return f"{100 * found.value:+.0f} points ({low:+.0f} to {high:+.0f})"


def _money(found: Estimate) -> str:
    return f"{found.value:.1f} ({found.low:.1f} to {found.high:.1f})"
