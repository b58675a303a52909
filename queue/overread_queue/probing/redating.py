"""Dates inside texts, moved along with a case, so that it is as old as it was in its own time.

ISO dates, 15.09.2026, `Tue, 15 Sep 2026`, `9. September`, `June 2026` and days of the week are
known, in English and German. Times of day, months by number and dates in words stay as they are,
so does the first day of `3 to 11 September`. Nothing is known of the ends of months and quarters.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass

from overread_briefs.brief import Brief
from overread_queue.probing.rewriting import Swap, everywhere

_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    )
)
_WEEKDAYS = tuple(
    tuple(names.split())
    for names in (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Mon Tue Wed Thu Fri Sat Sun",
        "Mo Di Mi Do Fr Sa So",
    )
)


def _any(styles: tuple[tuple[str, ...], ...]) -> str:
    names = {name for style in styles for name in style}
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_DATE = re.compile(
    rf"(?:\b(?P<weekday>{_any(_WEEKDAYS)})(?P<after>[.,]{{0,2}} ))?"
    r"(?<![A-Za-z0-9-])(?:(?P<iso>20\d\d-\d\d-\d\d)(?!\d)"
    r"|(?P<dotted>\d\d\.\d\d\.20\d\d)(?!\d)"
    rf"|(?P<day>\d\d?)(?P<dot>\.?) (?P<month>{_any(_MONTHS)})\b(?P<year>,? 20\d\d\b)?)"
    rf"|\b(?P<only>{_any(_MONTHS)}) (?P<of>20\d\d)\b"
    rf"|\b(?P<alone>{_any(_WEEKDAYS[:2])})\b"
)
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class _Move(Swap):
    """What takes the place of a date: another one so many days later."""

    days: int = 0
    year: int = 0
    """Of a date that names none."""

    def text(self, text: str) -> str:
        return _DATE.sub(self._later, text)

    def _later(self, found: re.Match[str]) -> str:
        with suppress(ValueError):  # 31 February is no date, whatever it looks like.
            if found["alone"]:
                return _shifted(found["alone"], self.days)
            if found["only"]:
                middle = _date(found["of"], found["only"], "15") + dt.timedelta(self.days)
                return f"{_named(found['only'], middle)} {middle.year}"
            return _weekday(found, self.days) + self._day(found)
        return found[0]

    def _day(self, found: re.Match[str]) -> str:
        later = dt.timedelta(self.days)
        if found["iso"]:
            return (dt.date.fromisoformat(found["iso"]) + later).isoformat()
        if found["dotted"]:
            day, month, year = map(int, found["dotted"].split("."))
            return f"{dt.date(year, month, day) + later:%d.%m.%Y}"
        year_told = found["year"] or ""
        moved = _date(year_told.strip(", ") or str(self.year), found["month"], found["day"]) + later
        name = _named(found["month"], moved, german=bool(found["dot"]))
        told = f"{year_told[:-4]}{moved.year}" if year_told else ""
        return f"{moved.day}{found['dot']} {name}{told}"


def redated(brief: Brief, *, by: int) -> Brief:
    """The brief with the dates in its texts moved by as many days as `by` milliseconds come to."""
    days = round(by / _DAY_MS)
    year = dt.datetime.fromtimestamp(brief.provenance.at / 1000, dt.UTC).year
    return everywhere(brief, _Move({}, {}, days, year)) if days else brief


def _date(year: str, month: str, day: str) -> dt.date:
    number = next(style.index(month) for style in _MONTHS if month in style) + 1
    return dt.date(int(year), number, int(day))


def _named(before: str, date: dt.date, *, german: bool = False) -> str:
    """The month in the language and length that it had."""
    styles = _MONTHS[2:] + _MONTHS[:2] if german else _MONTHS
    return next(style for style in styles if before in style)[date.month - 1]


def _weekday(found: re.Match[str], days: int) -> str:
    before = found["weekday"]
    return f"{_shifted(before, days)}{found['after']}" if before else ""


def _shifted(weekday: str, days: int) -> str:
    style = next(style for style in _WEEKDAYS if weekday in style)
    return style[(style.index(weekday) + days) % 7]
