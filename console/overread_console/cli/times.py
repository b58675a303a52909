"""Times for people: the local day and minute."""

from __future__ import annotations

import datetime as dt


def day_and_time(millis: int) -> str:
    """UTC milliseconds as `2026-09-15 12:30` in the local time zone."""
    there = dt.datetime.fromtimestamp(millis / 1000, tz=dt.UTC).astimezone()
    return there.strftime("%Y-%m-%d %H:%M")
