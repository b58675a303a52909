"""Which results are evidence, in which order, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from overread_briefs.brief import Evidence, Step
from overread_briefs.budget import CARD_FACTS, FACT_WORDS, TITLE_CELLS
from overread_briefs.distilling.messages import Call, Result, Transcript
from overread_briefs.distilling.words import gist, humanised, listed, short, slug, value_text
from overread_briefs.fields import Parameters

MOST_STEPS = 40
MOST_EVIDENCE = 60
MOST_CONTENT = 19_900
MOST_SOURCE = 60
MOST_LINE = 300
TITLE_WORDS = FACT_WORDS // CARD_FACTS
"""So that any three titles fit together."""


def steps(transcript: Transcript) -> tuple[Step, ...]:
    """One for each call that something came back for, the latest where there are too many."""
    done = [one for one in transcript.calls if one.id in transcript.results]
    told = [
        Step(
            text=short(_step(one), most_words=60, most_cells=MOST_LINE - 1),
            outcome="failed" if transcript.results[one.id].failed else "ok",
        )
        for one in done
    ]
    if not told:
        return (Step(text="Read the request"),)
    if len(told) <= MOST_STEPS:
        return tuple(told)
    earlier = len(told) - MOST_STEPS + 1
    return (Step(text=f"{earlier} earlier steps"), *told[earlier:])


def evidence(transcript: Transcript, proposed: Call, *, at: int) -> tuple[Evidence, ...]:
    """Results of tools, those that mention what the call is about first, then what failed, then the
    newest; after them the request itself. The same result is shown once."""
    taken: set[str] = set()
    found = list(_relevant(transcript, proposed.arguments))
    facts = [_fact(call, result, taken, at=at) for call, result in found]
    if transcript.request:
        facts.append(_request(transcript, taken, at=at))
    return tuple(facts[:MOST_EVIDENCE])


def left_out(transcript: Transcript, shown: Sequence[Evidence]) -> int:
    """Results that there was no room for."""
    there = len({one.text for one in transcript.results.values() if one.text.strip()})
    return max(0, there - sum(one.source != "user" for one in shown))


def _relevant(transcript: Transcript, about: Parameters) -> Iterator[tuple[Call, Result]]:
    calls = {one.id: one for one in transcript.calls}
    seen: set[str] = set()
    pairs = []
    for place, result in enumerate(transcript.results.values()):
        call = calls.get(result.call)
        if call is None or not result.text.strip() or result.text in seen:
            continue
        seen.add(result.text)
        weight = (_mentions(result.text, about), result.failed, place)
        pairs.append((weight, call, result))
    for _, call, result in sorted(pairs, key=lambda one: one[0], reverse=True):
        yield call, result


def _mentions(text: str, about: Parameters) -> int:
    values = {value_text(one) for one in about.values() if not isinstance(one, bool | None)}
    return sum(len(one) > 1 and _stands_in(one, text) for one in values)


def _stands_in(value: str, text: str) -> bool:
    """As a word of its own: 7 is not in 79."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _step(call: Call) -> str:
    arguments = ", ".join(listed(call.arguments))
    name = humanised(call.name)
    return f"{name}: {arguments}" if arguments else name


def _fact(call: Call, result: Result, taken: set[str], *, at: int) -> Evidence:
    name = humanised(call.name)
    said = f"{name}{', failed' if result.failed else ''}: {gist(result.text)}"
    return Evidence(
        id=slug(call.name, taken),
        title=short(said, most_words=TITLE_WORDS, most_cells=TITLE_CELLS),
        content=_content(result.text),
        source=short(name, most_words=MOST_SOURCE, most_cells=MOST_SOURCE - 1),
        as_of=result.at if result.at is not None else at,
    )


def _request(transcript: Transcript, taken: set[str], *, at: int) -> Evidence:
    said = f"Request: {transcript.request}"
    return Evidence(
        id=slug("request", taken),
        title=short(said, most_words=TITLE_WORDS, most_cells=TITLE_CELLS),
        content=_content(transcript.request),
        source="user",
        as_of=transcript.requested_at if transcript.requested_at is not None else at,
    )


def _content(text: str) -> str:
    if len(text) <= MOST_CONTENT:
        return text
    return f"{text[:MOST_CONTENT]}\n… and {len(text) - MOST_CONTENT:,} characters more"
