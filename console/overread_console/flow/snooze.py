"""When a put-back item may come again: a few moments, all inside its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from overread_console.flow.words import wall_clock

_MINUTES = ((15, "15 minutes"), (60, "1 hour"), (240, "4 hours"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A time to snooze until, in UTC milliseconds."""

    key: str
    label: str
    until: int
    late: bool
    """True where it would come back after its deadline: shown, and refused."""


def moments(now: int, deadline_at: int) -> tuple[Moment, ...]:
    """15 minutes, 1 hour, 4 hours, tomorrow at nine on the reviewer's clock."""
    times = [(label, now + minutes * 60_000) for minutes, label in _MINUTES]
    times.append(("tomorrow", _tomorrow_at_nine(now)))
    return tuple(
        Moment(str(number), f"{label} ({wall_clock(until)})", until, until >= deadline_at)
        for number, (label, until) in enumerate(times, 1)
    )


def _tomorrow_at_nine(now: int) -> int:
    local = datetime.fromtimestamp(now / 1000).astimezone()
    morning = (local + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return int(morning.timestamp() * 1000)
