"""Times, amounts and counts the way a person says them."""

from __future__ import annotations

import json
from datetime import datetime

from pydantic import JsonValue

from overread_queue.models import Session

_DIGITS = 10
_DAYS_MS = 6 * 86_400_000
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def duration(seconds: float) -> str:
    """`41 d`, `3 h 12 m`, `18 m`, `14 s`: at most two units, none of them zero."""
    left = max(round(seconds), 0)
    for size, unit in _UNITS:
        if left >= size:
            return _two_units(left, size, unit)
    return f"{left} s"


def _two_units(seconds: int, size: int, unit: str) -> str:
    whole, rest = divmod(seconds, size)
    smaller = {"h": (60, "m"), "m": (1, "s")}.get(unit)
    if smaller is None or (unit == "m" and whole >= 10):
        return f"{whole} {unit}"
    part = rest // smaller[0]
    return f"{whole} {unit} {part} {smaller[1]}" if part else f"{whole} {unit}"


def due(deadline_at: int, now: int) -> str:
    """`in 3 h 12 m`, or `18 m late`. Times in UTC milliseconds."""
    seconds = (deadline_at - now) / 1000
    return f"in {duration(seconds)}" if seconds >= 0 else f"{duration(-seconds)} late"


def age(at: int, now: int) -> str:
    """How long ago, in one unit: `2 m`, `1 h`, `41 d`."""
    number, unit, *_ = duration((now - at) / 1000).split()
    return f"{number} {unit}"


def wall_clock(at: int) -> str:
    """Day and time in the reviewer's own time zone: `Tue 09:00`."""
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%a %H:%M")


def past_moment(at: int, now: int) -> str:
    """The same for what lies behind; before the last days the date, as a weekday recurs."""
    if now - at < _DAYS_MS:
        return wall_clock(at)
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d")


def count(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def pace(session: Session, now: int) -> str:
    """`4 of 18 min`: whole minutes used, of those that the session was expected to take."""
    used = max(now - session.started_at, 0) // 60_000
    expected = max(-(-session.expected_seconds // 60), 1)
    return f"{used} of {expected} min"


def number_in(typed: str) -> int:
    """The number that somebody typed; -1 for words, and for digits without end."""
    return int(typed) if typed.isdecimal() and len(typed) < _DIGITS else -1


def plain_value(value: JsonValue) -> str:
    """A parameter as a person reads it; text stays bare, everything else is JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tier_words(tier: str) -> str:
    """`hard approval`."""
    return tier.replace("_", " ")
