"""Released figures as measures: what is caught, what is held up for nothing, how well one sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.health.metric import Metric, Point, Reading, Weight
from overread_queue.measure.detection import SLOPE, Detection
from overread_queue.measure.intervals import wilson
from overread_queue.probing.cuts import FAMILIES, LEAST, LEAST_PEOPLE, REST, Family, Figure
from overread_queue.probing.releasing import Standing, Step

USABLE = 60
"""From here a share is known to some eleven points; below, only gross failure shows."""
NO_ONE_PERSON = (
    "There is no figure for one person, and there cannot be: at these rates it takes months until "
    "a hundred tests of one person say anything."
)
TOO_EARLY = (
    f"Not enough yet: a figure takes {LEAST} results of at least {LEAST_PEOPLE} people; "
    "`overread probes plan` says when that can be."
)
_BY = "kind of mistake, tier, action type"


@dataclass(frozen=True, slots=True)
class ProbeResults:
    """What may be told of blind tests."""

    metrics: tuple[Metric, ...]
    """`probe_hits`, `probe_false_alarms` and `d_a`."""
    noticed: Metric
    """`probe_noticed`: whether tests can be told from real work."""
    released: int | None
    """UTC milliseconds of the hour of the last release; None before there was one."""
    remarks: tuple[str, ...]
    single_operator: bool


def metrics(wrong: Standing, good: Standing) -> tuple[Metric, ...]:
    """The three measures, from what stands released of tests and of controls."""
    hits = _share(
        "probe_hits",
        "Caught",
        "How many of the tests that were wrong did people not approve?",
        wrong,
    )
    alarms = _share(
        "probe_false_alarms",
        "Held up for nothing",
        "How many of the controls, all good, did people not approve?",
        good,
    )
    return hits, alarms, _d_a(wrong, good)


def released_at(wrong: Standing, good: Standing) -> int | None:
    return max((one.hour for one in (wrong, good) if one.hour is not None), default=None)


def _share(name: str, label: str, asks: str, found: Standing) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="share",
        asks=asks,
        cannot_tell=(
            "How it is today: all results since the first count, and the newest release alone is "
            "of all that came since the one before. And how well people see what is harder or "
            "easier to see than these tests are."
        ),
        cut_by=_BY,
        readings=tuple(_read(part, figure) for part, figure in _parts(found)),
        series=tuple(map(_point, found.steps)),
        each="released",
    )


def _parts(found: Standing) -> Iterator[tuple[str, Figure | None]]:
    """The whole desk first, then releases alone, then the parts of every cut."""
    yield "", found.figure()
    if len(found.steps) > 1:
        yield "first release alone", found.steps[0].figure
        yield "newest release alone", found.steps[-1].figure
    for family in FAMILIES:
        for part, figure in found.parts.get(family, {}).items():
            yield _called(family, part), figure


def _point(step: Step) -> Point:
    """One release alone. It stands at the hour of the release: what it counts came before."""
    rate = wilson(step.figure.caught, step.figure.n)
    return Point(step.hour, step.figure.n, rate.estimate, rate)


def _called(family: Family, part: str) -> str:
    cut = "action type" if family == "action" else family
    return f"{cut}: {'the rest' if part == REST else part.replace('_', ' ')}"


def _read(part: str, figure: Figure | None) -> Reading:
    if figure is None:
        return _too_early(part)
    rate = wilson(figure.caught, figure.n)
    note = "" if figure.n >= USABLE else "Gross failure would show."
    return Reading(part, figure.n, figure.caught, rate.estimate, rate, _weight(figure.n), note)


def _too_early(part: str) -> Reading:
    return Reading(part, 0, None, None, None, "none", TOO_EARLY)


def _d_a(wrong: Standing, good: Standing) -> Metric:
    """Controls have no kind of mistake, so each kind is held against all of them."""
    readings = [_sensitivity("", wrong.figure(), good.figure())]
    for part, figure in wrong.parts.get("mutation", {}).items():
        readings.append(_sensitivity(_called("mutation", part), figure, good.figure()))
    return Metric(
        name="d_a",
        label="How well the desk sees",
        unit="points",
        asks="How far apart are wrong and right for this desk, however readily it says no?",
        cannot_tell="Which way it errs: a desk that lets much through can see as well as another.",
        cut_by="kind of mistake",
        readings=tuple(readings),
    )


def _sensitivity(part: str, wrong: Figure | None, good: Figure | None) -> Reading:
    if wrong is None or good is None:
        return _too_early(part)
    found = Detection(wrong.caught, wrong.n, good.caught, good.n).d_a_interval()
    weight = _weight(min(wrong.n, good.n))
    note = f"With a slope of {SLOPE}: 0 is guessing, 2 is good."
    return Reading(part, wrong.n + good.n, None, found.estimate, found, weight, note)


def _weight(n: int) -> Weight:
    return "usable" if n >= USABLE else "rough"
