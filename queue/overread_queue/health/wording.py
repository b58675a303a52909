"""What an alarm says, what usually is behind it, and where to look: one place for the words."""

from __future__ import annotations

from typing import assert_never

from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Baseline, Line
from overread_queue.numbers import percent


def before(baseline: Baseline) -> str:
    return f"it was {percent(baseline.rate or 0.0)} before ({baseline.count} of {baseline.n})"


def overridden(subject: str, line: Line, baseline: Baseline) -> str:
    seen = f"{line.hits} of {line.n} reviews of {subject} ended in an override"
    return f"{seen}; {before(baseline)}"


def none_overridden(subject: str, run: int, baseline: Baseline) -> str:
    return f"nobody has overridden in {run} reviews of {subject}; {before(baseline)}"


def escalated(subject: str, line: Line, baseline: Baseline) -> str:
    seen = f"{percent(line.rate or 0.0)} of {line.n} proposals of {subject} escalated"
    return f"{seen}; {before(baseline)}"


def approved_fast(subject: str, line: Line, usual: float) -> str:
    seen = f"{line.hits} of {line.n} approvals of {subject} were quicker than reading"
    return f"{seen}; up to {percent(usual)} would mean nothing"


def sped_up(subject: str, *, now: float, usual: float, waits: float, waited: float) -> str:
    return (
        f"reviews of {subject} became {percent(1 - now / usual)} shorter ({usual:.0f} s before, "
        f"{now:.0f} s now) while the backlog grew ({waited:.0f} items before, {waits:.0f} now)"
    )


def missed(newest: Baseline, baseline: Baseline) -> str:
    seen = f"{newest.count} of the {newest.n} newest blind tests that were wrong were caught"
    return f"{seen}; {before(baseline)}"


def will_be_late(pool: str, *, late: float, known: int) -> str:
    return f"of {known} items that wait in {pool}, about {late:.0f} will miss their deadline"


def too_deep(pool: str, *, minutes: float, limit: float, full: bool) -> str:
    waiting = f"{minutes:.0f} minutes of work wait in {pool} for each reviewer on shift"
    if minutes < limit:
        return f"{waiting}; the limit is {limit:.0f}, and it is not yet well below"
    mark = "more than one person should have" if full else "agents should slow down"
    return f"{waiting}; the limit is {limit:.0f}: {mark}"


def unknown_version(agent: str, version: str) -> str:
    return f"{agent} proposes as version {version}, which was not seen before"


def cause(kind: AlarmKind, *, rising: bool) -> str:
    """What usually is behind it. `rising` where more was observed than expected."""
    match kind:
        case "override_collapse":
            return (
                "People may have stopped looking, or the agent became better: overrides alone "
                "cannot tell which, blind tests can."
            )
        case "escalation_drift" if rising:
            return "Harder cases, an agent that lost confidence, or a rule that catches too much."
        case "escalation_drift":
            return (
                "Easier cases, or an agent that is surer than it should be: what does not "
                "escalate is seen by nobody but the random sample."
            )
        case "fast_approvals":
            return "Floors that are too low for these questions, or questions that need no person."
        case "speeding_up":
            return "More work than people: a queue that gets shorter because nobody reads."
        case "breach_forecast":
            return "More came in than is answered, or the hard questions are left for last."
        case "depth":
            return "More came in than people have time for, or too few of them are on shift."
        case "new_version":
            return "Somebody released a new agent or model; what was learned about the old is void."
        case "missed_tests":
            return (
                "People approve without looking, or the newest tests are harder to see than the "
                "first ones: read some of them again before you call it the one or the other."
            )
    assert_never(kind)


def look(kind: AlarmKind) -> str:
    """Where to look next: a command."""
    match kind:
        case "override_collapse":
            return "overread stats override_rate; overread probes results"
        case "escalation_drift":
            return "overread stats escalation_rate; overread policy show"
        case "fast_approvals" | "speeding_up":
            return "overread stats review_time"
        case "breach_forecast":
            return "overread stats sla; overread breaches"
        case "depth":
            return "overread stats depth; overread breaches"
        case "new_version":
            return "overread stats escalation_rate; overread audit pack"
        case "missed_tests":
            return "overread probes results; overread probes list; overread stats fast_reviews"
    assert_never(kind)
