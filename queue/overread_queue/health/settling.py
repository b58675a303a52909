"""Alarms raised, kept up to date, and over: one stands at most for each kind and subject."""

from __future__ import annotations

from overread_briefs.fields import Parameters
from overread_queue.clock import new_id
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Baseline, Finding
from overread_queue.moves import Mover
from overread_queue.store.alarms import AlarmRow
from overread_queue.store.events import Event


def settle(
    mover: Mover, kind: AlarmKind, subject: str, finding: Finding | None, *, at: int
) -> None:
    """Make what stands agree with what was found at this moment."""
    standing = mover.tx.alarms.standing(kind, subject)
    if standing and finding and _same(standing, finding):
        mover.tx.alarms.renew(
            standing.id, says=finding.says, n=finding.n, observed=finding.observed
        )
        return
    if standing:
        end(mover, standing, at=at)
    if finding:
        _raise(mover, kind, subject, finding, at=at)


def agrees(standing: AlarmRow | None, finding: Finding | None) -> bool:
    """Whether what stands says what was found, so that nothing has to be written."""
    if standing is None or finding is None:
        return standing is None and finding is None
    return _same(standing, finding) and standing.says == finding.says


def end(mover: Mover, standing: AlarmRow, *, at: int) -> None:
    """What was seen is as expected again, or is no longer asked."""
    mover.tx.alarms.end(standing.id, now=at)
    write_down(mover, "alarm_over", {"alarm": standing.id})


def write_down(mover: Mover, kind: str, detail: Parameters) -> None:
    """Write down what an alarm or a chart did."""
    mover.tx.events.add(Event(kind, mover.actor, mover.now, detail=detail))


def baseline_set(mover: Mover, kind: AlarmKind, subject: str, learned: Baseline) -> None:
    """Write down what is usual from now on."""
    detail: Parameters = {
        "kind": kind,
        "subject": subject,
        "n": learned.n,
        "count": learned.count,
        "since": learned.since,
        "until": learned.until,
    }
    write_down(mover, "baseline_set", detail)


def _raise(mover: Mover, kind: AlarmKind, subject: str, finding: Finding, *, at: int) -> None:
    row = AlarmRow(
        id=new_id(mover.now),
        kind=kind,
        subject=subject,
        raised_at=at,
        since=finding.since,
        severe=finding.severe,
        says=finding.says,
        n=finding.n,
        observed=finding.observed,
        expected=finding.expected,
    )
    mover.tx.alarms.add(row)
    detail: Parameters = {
        "alarm": row.id,
        "kind": kind,
        "subject": subject,
        "severe": finding.severe,
        "since": finding.since,
        "n": finding.n,
    }
    write_down(mover, "alarm_raised", detail)


def _same(standing: AlarmRow, finding: Finding) -> bool:
    """What has begun anew, or became severe, asks to be looked at anew."""
    return (standing.severe, standing.since) == (finding.severe, finding.since)
