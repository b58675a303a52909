"""A brief out of a transcript, deterministically: how an existing agent gets started."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from overread_briefs.action import Action
from overread_briefs.brief import (
    Brief,
    Evidence,
    Option,
    Provenance,
    Recommendation,
    Software,
    Trigger,
)
from overread_briefs.budget import CARD_CELLS, LABEL_CELLS, QUESTION_WORDS
from overread_briefs.distilling.choosing import evidence, left_out, steps
from overread_briefs.distilling.messages import BadTranscript, Call, Transcript, read
from overread_briefs.distilling.words import humanised, listed, one_line, short
from overread_briefs.fields import IDENTIFIER_PATTERN
from overread_briefs.visible import visible
from overread_briefs.width import cells

ASKED = Trigger(kind="policy", rule="tool-call-asks")


@dataclass(frozen=True, slots=True)
class Distilled:
    """A brief that can be submitted, and what its transcript did not say."""

    brief: Brief
    call: str
    """Id of the tool call that it asks about."""
    left: tuple[str, ...]
    """What nobody could know from the transcript, each with what was done instead."""


def distil(
    messages: Sequence[object],
    *,
    agent: Software,
    at: int,
    call: str | None = None,
    action: Action | None = None,
    types: Mapping[str, str] | None = None,
    question: str | None = None,
    options: Sequence[Option] = (),
    recommendation: Recommendation | None = None,
    triggers: Sequence[Trigger] = (),
    signals: Mapping[str, float] | None = None,
    model: Software | None = None,
    run: str | None = None,
    source: str = "agent transcript",
) -> Distilled:
    """Steps from tool calls, evidence from their results, the question from the proposed call.

    `messages` are those of OpenAI (chat or responses), Anthropic or LangChain. The proposed call is
    the one that nothing came back for; `call` names it where there are several. `at` (UTC
    milliseconds) is when the transcript was read, and stands wherever a message has no time: pass
    one that belongs to the case, because the same key must come with the same bytes. `types` maps
    names of tools to action types of the policy. Everything else is the caller's better knowledge.

    Within the card's budget by itself; never the whole transcript. Raises `BadTranscript`, and
    `InvalidBrief` never for what the transcript says.
    """
    transcript = read(messages)
    proposed = _proposed(transcript, call)
    wanted = action or _action(proposed, types or {})
    facts = evidence(transcript, proposed, at=at)
    if not facts:
        raise BadTranscript(
            "the transcript has neither a tool's result nor a request, so there is no evidence; "
            "pass the messages that led to the call"
        )
    brief = Brief(
        accomplished=steps(transcript),
        question=question or question_of(proposed),
        triggers=tuple(triggers) or (ASKED,),
        evidence=facts,
        recommendation=recommendation,
        options=tuple(options) or options_for(proposed),
        action=wanted,
        agent=agent,
        model=model,
        run=run,
        signals=dict(signals or {}),
        provenance=Provenance(source=source, at=at),
    )
    return Distilled(brief, proposed.id, tuple(_left(brief, transcript, facts, action)))


def question_of(proposed: Call) -> str:
    """`Payments refund, order A-1009, amount 420.0?`, as much of it as a card holds."""
    text = ", ".join([humanised(proposed.name), *listed(proposed.arguments)])
    return short(text, most_words=QUESTION_WORDS - 1, most_cells=CARD_CELLS * 3 // 2) + "?"


def options_for(proposed: Call) -> tuple[Option, ...]:
    """Yes and no to exactly this call; asking and handing on are always there."""
    label = f"Approve {humanised(proposed.name).lower()}"
    if cells(visible(label)) > LABEL_CELLS:
        label = "Approve"
    return (
        Option(
            key="approve", label=label, kind="approve", consequence="the agent does exactly this"
        ),
        Option(
            key="reject",
            label="Reject",
            kind="reject",
            consequence="the agent is told no, with your reason",
        ),
    )


def _proposed(transcript: Transcript, id: str | None) -> Call:
    waiting = transcript.open_calls()
    if id is not None:
        found = next((one for one in transcript.calls if one.id == id), None)
        if found is None:
            raise BadTranscript(f"there is no call {id!r} in the transcript")
        return found
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise BadTranscript(
            "every tool call of the transcript has its result, so nothing is proposed; pass the "
            "messages up to the call that a person shall decide on"
        )
    named = ", ".join(f"{one.id} ({one.name})" for one in waiting)
    raise BadTranscript(f"several calls wait: {named}; say which one is asked about")


def _action(proposed: Call, types: Mapping[str, str]) -> Action:
    type_ = types.get(proposed.name, proposed.name)
    if not re.fullmatch(IDENTIFIER_PATTERN, type_):
        raise BadTranscript(
            f"{one_line(type_)[:60]!r} cannot be an action type; map the tool's name to one"
        )
    return Action(type=type_, parameters=proposed.arguments)


def _left(
    brief: Brief, transcript: Transcript, facts: Sequence[Evidence], action: Action | None
) -> Iterator[str]:
    if brief.recommendation is None:
        yield "recommendation: none, because a transcript has no confidence in it"
    if action is None:
        yield "reversibility: taken as irreversible; pass an action that says what it is"
        yield "editable parameters: none; pass an action that says what a reviewer may change"
    if brief.question.endswith("…?"):
        yield "question: not every parameter had room in it; reviewers see all in the action"
    if not brief.signals:
        yield "signals: none, so a policy that asks for them will be strict"
    yield "stance: no evidence is marked as supporting or contradicting"
    untimed = sum(one.at is None for one in transcript.results.values())
    if untimed:
        yield f"times: {untimed} results have none, and count as of when the transcript was read"
    missing = left_out(transcript, facts)
    if missing:
        yield f"evidence: {missing} results had no room"
