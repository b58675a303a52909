"""What could give a test away, as far as a program can see; the rest is for a lead to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overread_briefs.brief import Brief
from overread_briefs.sensitivity import ORDER
from overread_queue.probing.renaming import references
from overread_queue.probing.rewriting import agent_text, evidence_text
from overread_queue.probing.units import forms

_TIMES = re.compile(r"\b[012]\d:[0-5]\d\b")
MANY_TIMES = 3


def findings(source: Brief, made: Brief) -> tuple[str, ...]:
    """What a lead should look at before calling it realistic, a sentence each."""
    return (
        *_names(source, made),
        *_numbers(source, made),
        *_classes(source, made),
        *_times(made),
    )


def _names(source: Brief, made: Brief) -> Iterator[str]:
    kept = [one for one in references(source) if one in references(made)]
    if kept:
        yield f"{', '.join(kept)} is still named as in the source: who worked on it may know it."
    if not references(source):
        yield "Nothing in it has a number of its own, so it reads exactly like its source."


def _numbers(source: Brief, made: Brief) -> Iterator[str]:
    """A number that was changed and still stands as it was in other words of the agent."""
    for name, before in source.action.parameters.items():
        after = made.action.parameters.get(name)
        if isinstance(before, bool) or not isinstance(before, int | float) or before == after:
            continue
        left = [one for one in forms(before)[:3] if one in agent_text(made)]
        if left:
            yield f"`{name}` is {after} now, and the agent's words still say {left[0]}."


def _classes(source: Brief, made: Brief) -> Iterator[str]:
    before = {one.id: one.sensitivity for one in source.evidence}
    for one in made.evidence:
        if ORDER.index(one.sensitivity) < ORDER.index(before.get(one.id, "public")):
            yield f'"{one.id}" is shown to more people than its source was.'


def _times(made: Brief) -> Iterator[str]:
    """Dates move with the case, times of day do not."""
    found = _TIMES.findall(evidence_text(made))
    if len(found) >= MANY_TIMES:
        yield (
            f"Its evidence names {len(found)} times of day, which stay as they are while its dates "
            "move: read them as if it had come at another hour."
        )
