"""The report as whoever opens it meets it: parsed strictly, as a browser would be lenient."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs.visible import visible
from overread_console.report.axis import axis
from overread_console.report.page import render
from overread_queue.health.metric import Metric, Reading, Unit
from report_samples import ALARMS, FINDINGS, HOSTILE, OVERRIDES, PROBES, TIMES, WAITS

FETCHING = {
    "applet", "audio", "base", "embed", "form", "frame", "iframe", "image", "img", "input",
    "link", "object", "script", "source", "track", "use", "video",
}  # fmt: skip
ODD = {"Cc", "Cf", "Co", "Cs"}
UNITS: tuple[Unit, ...] = ("share", "seconds", "count", "per_day", "points")


def parsed(page: str) -> Xml.Element:
    return Xml.fromstring(page)


def words(element: Xml.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def article(page: Xml.Element, metric: Metric) -> Xml.Element:
    found = page.find(f".//article[@id='{metric.name}']")
    assert found is not None
    return found


def check_inert(page: str) -> None:
    """Nothing is fetched, run or sent, and nothing a terminal or a browser would obey is in it."""
    for element in parsed(page).iter():
        assert element.tag not in FETCHING
        for name in element.attrib:
            assert name not in {"src", "href", "srcset", "action", "data", "background", "poster"}
            assert not name.startswith("on")
            assert name != "style"
    assert not re.search(r"url\(|@import|expression\(", words_of_style(page))
    allowed = [one.get("content", "") for one in parsed(page).iterfind("head/meta")]
    assert any(one.startswith("default-src 'none';") for one in allowed)
    assert {unicodedata.category(one) for one in page.replace("\n", "")}.isdisjoint(ODD)


def words_of_style(page: str) -> str:
    found = parsed(page).find("head/style")
    assert found is not None
    return found.text or ""


def hostile(value: Any) -> Any:
    """The same findings with every text of theirs turned against the reader."""
    if isinstance(value, str):
        return value + HOSTILE
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: hostile(getattr(value, one.name)) for one in fields(value)}
        )
    if isinstance(value, tuple):
        parts = [hostile(one) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def test_the_file_asks_nothing_of_the_network_and_runs_nothing() -> None:
    check_inert(render(FINDINGS))


def test_hostile_words_are_only_words() -> None:
    kinds = {one.name: getattr(FINDINGS, one.name) for one in fields(FINDINGS)}
    kept = {"metrics": tuple(hostile_metric(one) for one in FINDINGS.metrics)}
    changed = {name: hostile(value) for name, value in kinds.items() if name not in kept}
    page = render(replace(FINDINGS, **changed, **kept))

    check_inert(page)
    shown = words(parsed(page))
    assert visible(HOSTILE) in shown
    assert "⟪RLO⟫" in shown


def hostile_metric(one: Metric) -> Metric:
    """Units and weights are ours; everything else came from somewhere."""
    readings = tuple(
        replace(each, part=each.part and each.part + HOSTILE, note=HOSTILE) for each in one.readings
    )
    bars = tuple((label + HOSTILE, count) for label, count in one.bars)
    told = dict.fromkeys(("label", "asks", "cannot_tell", "cut_by", "name"), HOSTILE)
    return replace(one, readings=readings, bars=bars, **told)


@pytest.mark.parametrize("metric", FINDINGS.metrics, ids=lambda one: one.name)
def test_every_measure_has_its_sample_its_interval_and_what_it_cannot_tell(metric: Metric) -> None:
    told = words(article(parsed(render(FINDINGS)), metric))
    assert metric.asks in told
    assert f"What it cannot tell: {metric.cannot_tell}" in told
    for one in metric.readings:
        assert one.part.replace("_", " ") in told.replace("_", " ")
        assert one.note in told
        assert f"n = {one.n:,}" in told or f"{one.n:,}" in told
    assert ("95 % interval" in told) is (metric.whole.value is not None)


def test_numbers_carry_as_much_as_their_sample() -> None:
    page = parsed(render(FINDINGS))
    assert "8.1 % 42 of n = 520 · 95 % interval 6 % to 11 %" in spaced(article(page, OVERRIDES))
    rows = [spaced(row) for row in article(page, OVERRIDES).iter("tr")]
    assert any(row.startswith("infra.restart 1 of 7 7") for row in rows)
    assert "no number n = 0 Not enough yet" in spaced(article(page, PROBES))
    assert "41 m to no limit" in spaced(article(page, WAITS))


def spaced(element: Xml.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_charts_name_their_axes_and_leave_gaps_where_there_is_no_number() -> None:
    found = article(parsed(render(FINDINGS)), OVERRIDES)
    chart = found.find("figure/svg")
    assert chart is not None
    told = [one.text for one in chart.iter("text")]
    assert "share" in told
    assert "from this day on (UTC)" in told
    assert "2024-10-04" in told
    assert "0 %" in told
    known = [one for one in OVERRIDES.series if one.value is not None]
    assert len(list(chart.iter("circle"))) == len(known) == 22
    joined = [one.attrib["points"].split() for one in chart.iter("polyline")]
    assert [len(one) for one in joined] == [5, 5, 5, 5, 2]


def test_bars_stand_over_their_names_and_show_their_counts() -> None:
    chart = article(parsed(render(FINDINGS)), TIMES).find("figure/svg")
    assert chart is not None
    told = [one.text for one in chart.iter("text")]
    heights = [float(one.attrib["height"]) for one in chart.iter("rect")]
    for label, count in TIMES.bars:
        assert label in told
        assert not count or str(count) in told
    assert heights[0] == 0
    assert heights[6] == max(heights)
    assert heights[5] / heights[6] == pytest.approx(110 / 160, rel=1e-3)


def test_what_is_wrong_comes_first_and_no_name_of_a_person_is_told() -> None:
    page = render(FINDINGS)
    shown = words(parsed(page))
    glance = shown.index("At a glance")
    assert glance < shown.index("✗ now refund-agent is stopped") < shown.index(ALARMS[0].says)
    assert shown.index(ALARMS[0].says) < shown.index(ALARMS[1].says)
    assert shown.index(ALARMS[1].says) < shown.index("✓ as usual Escalated: 9 % (8.3 % to 9.7 %")
    assert shown.index("✓ as usual") < shown.index("? not known In time: no alarm could come yet")
    assert "? not known Blind tests caught: Not enough yet" in shown
    assert ALARMS[1].note in shown
    assert "boris" not in page
    first = parsed(page).find(".//section")
    assert first is not None
    assert ALARMS[2].says not in words(first), "it is over"
    assert ALARMS[2].says in shown
    assert ALARMS[2].cause not in shown, "nothing is left to look at"


def test_a_desk_without_data_says_so_instead_of_drawing() -> None:
    nothing = Reading("", 0, None, None, None, "none", "Nothing happened in this period.")
    empty = tuple(replace(one, readings=(nothing,), series=(), bars=()) for one in FINDINGS.metrics)
    found = replace(
        FINDINGS, metrics=empty, alarms=(), breaches=(), remarks=("The desk is empty.",)
    )
    page = render(replace(found, staffing=replace(FINDINGS.staffing, pools=(), prices=())))

    check_inert(page)
    shown = words(parsed(page))
    assert "<svg" not in page
    assert "nan" not in shown.lower()
    assert shown.count("Nothing happened in this period.") == len(empty)
    assert "The desk is empty." in shown
    assert "No deadline was missed" in shown


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), max_size=8), st.sampled_from(UNITS))
def test_an_axis_is_round_holds_its_values_and_is_not_crowded(
    values: list[float], unit: Unit
) -> None:
    found = axis(values, unit, start=100, end=0)
    assert 2 <= len(found.marks) <= 8
    slack = 1e-6 * (found.high - found.low)
    for value in (0.0, *values):
        assert found.low - slack <= value <= found.high + slack
        assert 0 <= found.at(value) <= 100
    assert found.at(found.low) == 100
    assert found.at(found.high) == 0
