"""What an alarm says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AlarmKind = Literal[
    "escalation_drift",
    "override_collapse",
    "fast_approvals",
    "speeding_up",
    "breach_forecast",
    "depth",
    "new_version",
    "missed_tests",
]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something changed that a lead should look at. Times are UTC milliseconds."""

    id: str
    kind: AlarmKind
    subject: str
    """What it is about: an action type, a pool, an agent."""
    raised_at: int
    """When the case was that raised it."""
    since: int
    """When the change probably began."""
    severe: bool
    says: str
    """What was seen against what was expected, in a sentence. May quote an agent's version, which
    whoever shows it makes visible."""
    cause: str
    """What usually is behind it, in a sentence."""
    look: str
    """Where to look next: a command, or a page of the lead's screens."""
    n: int
    """Cases that it rests on."""
    observed: float | None
    expected: float | None
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    note: str = ""
    """What the lead who acknowledged it found."""
    over_at: int | None = None
    """When what was seen was as expected again."""
