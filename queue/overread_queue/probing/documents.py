"""A source that should not be leant on: of another year, or a rule that is no longer in force."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from overread_briefs.brief import Brief, Evidence
from overread_queue.errors import Unsuited

_YEAR_SECONDS = 366 * 86_400
_WEEKDAYS = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So)[a-z]*\b\.?,? \d")
_MONTHS = (
    "January February March April May June July August September October November December "
    "Januar Februar März Mai Juni Juli Oktober Dezember "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Okt Nov Dec Dez"
)
_YEARS = re.compile(
    r"(?<![A-Za-z0-9-])20\d\d(?=-\d\d(?!\d))"  # 2026-06-10, and not DSR-2026-0388
    r"|(?:(?<=\d\d\.)|(?<=\d\d\. ))20\d\d\b"
    + "".join(rf"|(?<={month} )20\d\d\b" for month in _MONTHS.split())
)
"""The years of dates, however they are written."""
_HOLDS = re.compile(r"\b(?:since|until|from|due|by|before|seit|bis|ab|vor)\b[^\n]*$", re.IGNORECASE)
_RULES = re.compile(
    r"policy|terms|handbook|playbook|runbook|contract|rule|clause|law|wiki"
    r"|regel|handbuch|leitfaden|richtlinie|vertrag",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"\b(?:der|die|das|und|nur|nicht|wird|auf|ist)\b")
_ENGLISH = re.compile(r"\b(?:the|and|of|is|a|for|in|within|by|to)\b", re.IGNORECASE)


def stale_document(brief: Brief) -> tuple[Brief, str]:
    """A source that ages says at its own dates that it is a year old, while it was fetched just
    now: the agent took last year's. Raises `Unsuited`."""
    for one in sorted(brief.evidence, key=lambda each: each.stance != "supports"):
        content = _year_before(one)
        if content is not None:
            changed = _with(brief, one, content)
            return changed, f'"{one.id}" is from the year before, older than it may be'
    raise Unsuited("stale_document", "no source of it that ages has the year of its own dates")


def wrong_policy(brief: Brief) -> tuple[Brief, str]:
    """The rule that the agent leans on says of itself that it no longer held when the case began.

    Raises `Unsuited`.
    """
    for one in brief.evidence:
        if one.stance == "contradicts" or one.content is None or not _is_rule(one):
            continue
        heading = _expired(brief, one.content)
        if heading is not None:
            changed = _with(brief, one, f"{heading}\n\n{one.content}")
            return changed, f'the rule in "{one.id}" was no longer in force'
    raise Unsuited("wrong_policy", "no source of it is a rule, in English or German, for the agent")


def _with(brief: Brief, evidence: Evidence, content: str) -> Brief:
    changed = evidence.model_copy(update={"content": content})
    several = tuple(changed if one.id == evidence.id else one for one in brief.evidence)
    return brief.model_copy(update={"evidence": several})


def _year_before(evidence: Evidence) -> str | None:
    """The content with its dates one year earlier; None where nobody would call that stale, or a
    weekday would give it away."""
    content, most = evidence.content, evidence.max_age
    if content is None or most is None or most >= _YEAR_SECONDS or evidence.stance == "contradicts":
        return None
    year = dt.datetime.fromtimestamp(evidence.as_of / 1000, dt.UTC).year
    current = [found for found in _YEARS.finditer(content) if int(found[0]) == year]
    if _WEEKDAYS.search(content) or not any(_happened(content, one.start()) for one in current):
        return None
    return _YEARS.sub(lambda found: str(int(found[0]) - 1), content)


def _happened(content: str, year_at: int) -> bool:
    """Whether a date tells when something was, and not since when or until when something holds."""
    return _HOLDS.search(content[max(0, year_at - 24) : year_at]) is None


def _is_rule(evidence: Evidence) -> bool:
    return bool(_RULES.search(evidence.source)) or "§" in evidence.title


def _expired(brief: Brief, content: str) -> str | None:
    """The heading of a version that ended before the case began; None in other languages."""
    began = min([brief.provenance.at, *(one.as_of for one in brief.evidence)])
    pick = len(content) + len(brief.question)
    ended = _month_end(began, months=1 + pick % 3)
    since = dt.date(ended.year - 1 - pick % 2, 1 + pick % 9, 1)
    if _GERMAN.search(content):
        told = [*_german(since, ended)]
    elif _ENGLISH.search(content):
        told = [*_english(since, ended)]
    else:
        return None
    return told[pick % len(told)]


def _english(since: dt.date, ended: dt.date) -> Iterator[str]:
    yield f"In force from {_spelt(since)} to {_spelt(ended)}"
    yield f"Version of {_spelt(since)}, replaced after {_spelt(ended)}"
    yield f"Valid for cases opened until {_spelt(ended)}; later ones: see the new version"
    yield f"Withdrawn on {_spelt(ended)}"


def _german(since: dt.date, ended: dt.date) -> Iterator[str]:
    yield f"Gültig vom {since:%d.%m.%Y} bis {ended:%d.%m.%Y}"
    yield f"Fassung vom {since:%d.%m.%Y}, ersetzt nach dem {ended:%d.%m.%Y}"
    yield f"Für Fälle bis zum {ended:%d.%m.%Y}; spätere siehe neue Fassung"
    yield f"Zurückgezogen am {ended:%d.%m.%Y}"


def _spelt(day: dt.date) -> str:
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def _month_end(moment: int, *, months: int) -> dt.date:
    """The last day of a month that ended, so many of them back."""
    day = dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date()
    for _ in range(months):
        day = day.replace(day=1) - dt.timedelta(days=1)
    return day
