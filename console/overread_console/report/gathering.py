"""Reads what a report tells, through the leads' door."""

from __future__ import annotations

from overread_console.report.findings import Findings
from overread_queue.health.alarm import Alarm
from overread_queue.health.metric import Period
from overread_queue.office import LeadOffice


def gather(office: LeadOffice, desk: str, asked: Period) -> Findings:
    """Everything of the whole UTC days that the period touches; `asked` ends now.

    Raises `InvalidRequest` for a period that ends before it begins.
    """
    health = office.metrics(asked)
    policy, since = office.policy(), health.period.since
    return Findings(
        desk=desk,
        period=health.period,
        made_at=asked.until,
        policy=policy.name,
        policy_sha256=policy.sha256,
        glance=office.glance(health.period),
        alarms=tuple(one for one in office.alarms(all=True) if _stood(one, since)),
        metrics=health.metrics,
        remarks=health.remarks,
        breaches=office.breaches(since=since),
        staffing=office.staffing(health.period),
    )


def _stood(one: Alarm, since: int) -> bool:
    return one.over_at is None or one.over_at >= since
