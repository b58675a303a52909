"""What changed, what usually is behind it, and what a lead found."""

from __future__ import annotations

from collections.abc import Sequence

from overread_console.flow.figures import moment_words
from overread_console.report.html import Html, tag
from overread_console.report.parts import facts, paragraph, section
from overread_queue.health.alarm import Alarm


def alarms(found: Sequence[Alarm]) -> Html:
    """All of them, the worst first."""
    if not found:
        told = "None stood in this period. An alarm finds change, not what was always so."
        return section("Alarms", paragraph(told))
    return section("Alarms", *map(_alarm, found))


def state(one: Alarm) -> str:
    """In a word or two."""
    if one.over_at is not None:
        return "over"
    return "✗ wrong" if one.severe else "⚠ look"


def _alarm(one: Alarm) -> Html:
    kind = "alarm over" if one.over_at is not None else "alarm"
    name = one.kind.replace("_", " ")
    title = tag("h3", f"{state(one)}: {name}, {one.subject}")
    return tag("div", title, paragraph(one.says), facts(_facts(one)), class_=kind)


def _facts(one: Alarm) -> list[tuple[str, str]]:
    """Of what is over, only when it was and what was said: there is nothing left to look at."""
    pairs = [("began about", moment_words(one.since)), ("raised", moment_words(one.raised_at))]
    if one.over_at is not None:
        pairs.append(("over since", moment_words(one.over_at)))
    else:
        pairs += [("usual cause", one.cause), ("where to look", one.look)]
    if one.acknowledged_at is not None:
        told = f"{moment_words(one.acknowledged_at)} by a lead"
        pairs.append(("acknowledged", f"{told}: {one.note}" if one.note else told))
    elif one.over_at is None:
        pairs.append(("acknowledged", "by nobody yet"))
    return pairs
