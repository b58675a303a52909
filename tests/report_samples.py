"""What a report is made of, with every shape that a number can have."""

from __future__ import annotations

import math

from overread_console.report.findings import Findings
from overread_queue.health.alarm import Alarm
from overread_queue.health.glance import glance
from overread_queue.health.metric import Health, Metric, Period, Point, Reading, Stopped
from overread_queue.health.pricing import Instead, Price
from overread_queue.health.staffing import Crew, PoolStaffing, Staffing
from overread_queue.measure.intervals import UNKNOWN, Interval, wilson
from overread_queue.store.records import BreachRow

DAY = 86_400_000
SINCE = 20_000 * DAY
PERIOD = Period(SINCE, SINCE + 30 * DAY)
HOSTILE = (
    "</style></title><script src=https://evil.example/x.js></script>\u202e\x1b]8;;x\x07&amp;'\""
)


def share(part: str, count: int, n: int, note: str = "") -> Reading:
    weight = "usable" if n >= 30 else "rough" if n >= 10 else "counts" if n else "none"
    value = count / n if n else None
    return Reading(part, n, count, value, wilson(count, n) if n else None, weight, note)


def _daily() -> tuple[Point, ...]:
    points = []
    for number in range(30):
        n = 0 if number in (5, 6, 12, 13, 19, 20, 26, 27) else 18 + (number * 7) % 11
        count = round(n * (0.14 if number < 18 else 0.02))
        found = wilson(count, n) if n else None
        points.append(Point(SINCE + number * DAY, n, count / n if n else None, found))
    return tuple(points)


OVERRIDES = Metric(
    "override_rate",
    "Override rate",
    "share",
    "How often do reviewers do anything but let the agent do what it proposed?",
    "A rate near nothing may be a perfect agent or a desk that no longer looks.",
    "action type",
    (
        share("", 42, 520),
        share("payments.refund", 1, 214, "fell since 12 May"),
        share("payments.payout", 30, 190),
        share("accounts.change_email", 10, 106),
        share("infra.restart", 1, 7),
        share("infra.limits", 0, 3),
    ),
    series=_daily(),
)
WAITS = Metric(
    "response_time",
    "Time to a person's answer",
    "seconds",
    "How long do agents wait until a person says something?",
    "The median says nothing about the slowest; what waits now counts as still waiting.",
    "tier",
    (
        Reading("", 520, None, 2_760, Interval(2_400, 2_760, 3_300), "usable"),
        Reading("hard_approval", 400, None, 3_000, Interval(2_500, 3_000, math.inf), "usable"),
        Reading("soft_review", 120, None, 600, Interval(400, 600, 900), "usable"),
    ),
    series=tuple(
        Point(SINCE + week * 7 * DAY, 120, value, Interval(value * 0.8, value, value * 1.3))
        for week, value in enumerate((2_000, 2_300, 2_900, 5_200))
    ),
)
TIMES = Metric(
    "review_time",
    "Time of a review",
    "seconds",
    "How long do reviewers look before they decide?",
    "A long look may be a lunch and a short one an easy case.",
    "",
    (Reading("", 520, None, 48, Interval(44, 48, 53), "usable", "p10 11 s, p90 2 m 40 s"),),
    bars=(
        ("< 1 s", 0),
        ("1–2 s", 3),
        ("2–4 s", 9),
        ("4–8 s", 22),
        ("8–16 s", 60),
        ("16–32 s", 110),
        ("32–64 s", 160),
        ("1–2 m", 101),
        ("2–4 m", 41),
        ("4–9 m", 12),
        ("> 9 m", 2),
    ),
)
PROBES = Metric(
    "probe_hits",
    "Blind tests caught",
    "share",
    "How much of what is known to be wrong do reviewers refuse?",
    "Whether one person looks well: no result knows who it was.",
    "",
    (Reading("", 0, None, None, UNKNOWN, "none", "Not enough yet: 12 of 30 blind tests."),),
)
SLA = Metric(
    "sla",
    "In time",
    "share",
    "What share was answered by the first deadline?",
    "Whether the deadline was a sensible one.",
    "",
    (share("", 500, 520),),
)
ESCALATED = Metric(
    "escalation_rate",
    "Escalated",
    "share",
    "How often does an action come before a person?",
    "Whether the right ones come.",
    "",
    (share("", 520, 5_800),),
)
METRICS = (ESCALATED, OVERRIDES, WAITS, TIMES, SLA, PROBES)
ALARMS = (
    Alarm(
        id="a1",
        kind="override_collapse",
        subject="payments.refund",
        raised_at=SINCE + 22 * DAY,
        since=SINCE + 18 * DAY,
        severe=True,
        says="nobody has overridden in 71 reviews of payments.refund; it was 8 % before",
        cause="People wave them through, or the agent got better; only blind tests can tell.",
        look="overread stats override_rate --by payments.refund",
        n=71,
        observed=0.0,
        expected=0.08,
    ),
    Alarm(
        id="a2",
        kind="speeding_up",
        subject="refunds",
        raised_at=SINCE + 23 * DAY,
        since=SINCE + 20 * DAY,
        severe=False,
        says="reviews of refunds became 31 % shorter (48 s before, 33 s now) as the backlog grew",
        cause="More work than time.",
        look="overread stats review_time",
        n=90,
        observed=33.0,
        expected=48.0,
        acknowledged_at=SINCE + 24 * DAY,
        acknowledged_by="boris",
        note="Two people were ill; the second pool took over.",
    ),
    Alarm(
        id="a3",
        kind="depth",
        subject="refunds",
        raised_at=SINCE + 3 * DAY,
        since=SINCE + 3 * DAY,
        severe=False,
        says="70 minutes of work wait in refunds for each reviewer on shift; the limit is 60",
        cause="A burst of arrivals.",
        look="overread list",
        n=140,
        observed=70.0,
        expected=60.0,
        over_at=SINCE + 4 * DAY,
    ),
)
STAFFING = Staffing(
    PERIOD,
    22,
    8.0,
    (
        PoolStaffing(
            "refunds",
            "Refunds",
            23.6,
            96,
            480,
            3,
            2,
            "95 % begin within 15 min",
            (Crew(1, 0.79, 380, 0.8), Crew(2, 0.39, 17, 0.99), Crew(3, 0.26, 1.6, 1.0)),
        ),
    ),
    (
        Price("challenge_from", "high", 9.2, 45, "assumed", (Instead("medium", 14.1),)),
        Price("floor_hard", "20 s", 12.0, 4, "at most"),
    ),
    ("it is assumed that all of a day's work comes in within 8 hours, evenly",),
    single_operator=False,
)
STOPPED = (
    Stopped(
        "refund-agent",
        SINCE + 29 * DAY,
        "refund-agent is stopped: refunds go out twice",
        "overread lift refund-agent",
    ),
)
FINDINGS = Findings(
    desk="desk.db",
    period=PERIOD,
    made_at=PERIOD.until,
    policy="Outdoor shop",
    policy_sha256="ab" * 32,
    glance=glance(
        Health(PERIOD, METRICS, (), single_operator=False, stopped=STOPPED),
        [one for one in ALARMS if one.over_at is None],
        {"breach_forecast": "no alarm could come yet: it takes up to 50 more"},
    ),
    alarms=ALARMS,
    metrics=METRICS,
    remarks=(),
    breaches=(BreachRow("refund-agent", "payments.refund", "refunds", 4, SINCE + 25 * DAY),),
    staffing=STAFFING,
)
