"""The page from top to bottom: what is wrong first, then what it rests on."""

from __future__ import annotations

from importlib import resources

from overread_console.flow.figures import between, day_words, moment_words, value_words
from overread_console.report.alarms import alarms, state
from overread_console.report.findings import Findings
from overread_console.report.html import Html, document, style, tag
from overread_console.report.metrics import measure
from overread_console.report.parts import facts, paragraph, section
from overread_console.report.work import breaches, staffing
from overread_queue.health.alarm import Alarm
from overread_queue.health.glance import Glance
from overread_queue.health.metric import Metric

_METHODS = (
    "Shares have Wilson's 95 % interval. Whoever looks often enough will see some number leave it"
    " by chance; whether something changed, alarms decide, which are made for being looked at.",
    "Times until an answer are Kaplan and Meier's: what still waits counts as still waiting and is"
    " not left out. A time-out is an exit of its own and never a rejection.",
    "Below 10 cases there is only a count, below 30 a first idea.",
    "Blind tests and practice never enter these numbers; what blind tests found is shown only for"
    " groups of tests and of people that are large enough to hide everybody.",
    "No reviewer is named, unless a lead's note on an alarm or the reason of a stop does; nothing"
    " here measures a person.",
)


_AS_USUAL = (
    "As usual means that an alarm watches over it and none stands. It is no proof that people look:"
    " what was always bad is as usual, too."
)


def render(found: Findings) -> str:
    """The whole file. It fetches nothing and runs nothing."""
    title = f"Oversight health of {found.desk}"
    sheet = (resources.files(__package__) / "report.css").read_text(encoding="utf-8")
    body = tag(
        "main",
        _title(found, title),
        section("At a glance", _glance(found.glance), paragraph(_AS_USUAL, "quiet")),
        alarms(found.alarms),
        section("Measures", *(measure(one, found.period) for one in found.metrics)),
        breaches(found.breaches),
        staffing(found.staffing),
        section("How these numbers are made", *map(paragraph, _METHODS)),
    )
    return document(title, style(sheet), body)


def _title(found: Findings, title: str) -> Html:
    first, last = day_words(found.period.since), day_words(found.period.until - 1)
    return tag(
        "header",
        tag("h1", title),
        paragraph(f"{first} to {last}, whole UTC days"),
        facts(
            (
                ("policy in force", found.policy),
                ("its SHA-256", tag("code", found.policy_sha256)),
                ("made", f"{moment_words(found.made_at)} (UTC)"),
            )
        ),
        *(paragraph(one, "stated") for one in found.remarks),
    )


def _glance(seen: Glance) -> Html:
    """What is stopped, what is wrong, what to look at, what is as usual, what nobody can say."""
    stopped = [_line("✗ now", f"{one.says}, since {day_words(one.since)}") for one in seen.stopped]
    alarmed = [_line(state(one), _since(one)) for one in (*seen.wrong, *seen.warnings)]
    fine = [_line("✓ as usual", _number(one)) for one in seen.fine]
    unknown = [_line("? not known", f"{one.metric.label}: {one.why}") for one in seen.unknown]
    return tag("ul", *stopped, *alarmed, *fine, *unknown, class_="glance")


def _since(one: Alarm) -> str:
    looked = "" if one.acknowledged_at is None else "; a lead looked at it"
    return f"{one.says}, since {day_words(one.since)}{looked}"


def _number(one: Metric) -> str:
    known = one.whole.interval is not None
    interval = f"{between(one.whole.interval, one.unit)}, " if known else ""
    return f"{one.label}: {value_words(one.whole, one.unit)} ({interval}n = {one.whole.n:,})"


def _line(state: str, told: str) -> Html:
    return tag("li", tag("span", state, class_="state"), f" {told}")
