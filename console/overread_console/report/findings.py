"""Everything that a report tells, read once, so that its parts agree with one another."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.health.alarm import Alarm
from overread_queue.health.glance import Glance
from overread_queue.health.metric import Metric, Period
from overread_queue.health.staffing import Staffing
from overread_queue.store.records import BreachRow


@dataclass(frozen=True, slots=True)
class Findings:
    """One desk over one period. No name of a reviewer is in it."""

    desk: str
    period: Period
    made_at: int
    """UTC milliseconds."""
    policy: str
    """Name of the policy in force when it was made."""
    policy_sha256: str
    glance: Glance
    alarms: tuple[Alarm, ...]
    """Those that stood at any time of the period, the worst first."""
    metrics: tuple[Metric, ...]
    remarks: tuple[str, ...]
    """What to know about all of these numbers."""
    breaches: tuple[BreachRow, ...]
    staffing: Staffing
