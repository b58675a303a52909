"""What can be read beside the card: evidence, what the agent did, why it came here, notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from overread_briefs.brief import Evidence, Step
from overread_briefs.visible import visible
from overread_console.flow.card import card_of, fact_of, numbered_evidence
from overread_console.flow.layout import fact_mark
from overread_console.flow.masked import next_masked, parameter_lines
from overread_console.flow.spans import BLANK, Line, Role, Span
from overread_console.flow.why import why_lines
from overread_console.flow.words import age, past_moment
from overread_queue.models import Review
from overread_queue.policy.model import Policy
from overread_queue.states import EscalationKind

_STEP_MARKS: dict[str, tuple[str, Role]] = {
    "ok": ("✓", "good"),
    "failed": ("✗", "danger"),
    "skipped": ("–", "muted"),
}
_STANCES = {
    "contradicts": "contradicts the suggestion",
    "supports": "supports the suggestion",
    "neutral": "neutral",
}


@dataclass(frozen=True, slots=True)
class Pane:
    """Something to read. Lines may be longer than a screen is wide; the face wraps them."""

    title: str
    lines: tuple[Line, ...]
    masked: str | None = None
    """Id of the evidence that `unmask` would show."""
    parameter: str | None = None
    """Name of the parameter that it would show."""


def evidence_list(review: Review, now: int, *, at: int | None) -> tuple[Line, ...]:
    """One line for each piece of evidence, the one at hand marked."""
    return tuple(
        _list_line(number, item, review, now, here=number == at)
        for number, item in enumerate(numbered_evidence(review.brief), 1)
    )


def evidence_pane(
    review: Review, number: int, now: int, *, unmasked: Mapping[str, str]
) -> Pane | None:
    """The evidence with that number, or None where there is none."""
    items = numbered_evidence(review.brief)
    if not 1 <= number <= len(items):
        return None
    item = items[number - 1]
    masked = item.id in review.masked and item.id not in unmasked
    content = unmasked.get(item.id, item.content or "")
    return Pane(
        title=f"{number} {visible(item.title)}",
        lines=(*_meta(review, number, item, now), BLANK, *_body(item, content, masked=masked)),
        masked=item.id if masked else None,
    )


def steps_pane(review: Review) -> Pane:
    """Part one of the brief: what the agent did, and which program it is."""
    brief = review.brief
    model = f" · model {brief.model.name} {brief.model.version}" if brief.model else ""
    made_by = f"by {brief.agent.name} {brief.agent.version}{model} · from {brief.provenance.source}"
    steps = tuple(_step(step) for step in brief.accomplished)
    return Pane(
        "what the agent has done so far", (*steps, BLANK, (Span(visible(made_by), "muted"),))
    )


def reasons_pane(review: Review, policy: Policy, now: int, *, overloaded: bool) -> Pane:
    """Exactly what was proposed, why it is this reviewer's, and the suggestion in full."""
    why = why_lines(review, policy, now, overloaded=overloaded)
    lines = (*_action_lines(review), BLANK, *why, *_suggestion_lines(review, now))
    return Pane("why this is yours", lines, parameter=next_masked(review))


def comments_pane(review: Review, now: int) -> Pane:
    """What colleagues noted on the item."""
    lines: list[Line] = []
    for comment in review.comments:
        lines.append((Span(f"{visible(comment.author)} · {age(comment.at, now)} ago", "muted"),))
        lines += _prose(comment.text)
    return Pane("notes from colleagues", tuple(lines) or ((Span("none yet", "muted"),),))


def _list_line(number: int, item: Evidence, review: Review, now: int, *, here: bool) -> Line:
    fact = fact_of(number, item, review, now)
    mark, role = fact_mark(fact)
    return (
        Span("▸" if here else " ", "key"),
        Span(f"{mark} ", role),
        Span(f"{number} ", "key"),
        Span(fact.title, "strong" if here else "text"),
        Span(f" · stale {fact.age}" if fact.stale else "", "warning"),
    )


def _meta(review: Review, number: int, item: Evidence, now: int) -> Iterator[Line]:
    fact = fact_of(number, item, review, now)
    _, role = fact_mark(fact)
    yield (Span(_STANCES[item.stance], role), Span(f" · from {fact.source}", "muted"))
    when = f"as of {fact.age} ago ({past_moment(item.as_of, now)})"
    if fact.stale and item.max_age:
        yield (Span(f"{when} · stale: too old to rely on", "warning"),)
    else:
        yield (Span(when, "muted"),)
    if item.sensitivity in ("confidential", "restricted"):
        yield (Span(f"class {item.sensitivity}", "warning"),)


def _body(item: Evidence, content: str, *, masked: bool) -> Iterator[Line]:
    if masked:
        yield (Span("Masked. Press v to unmask it; that is recorded.", "warning"),)
        return
    yield from _prose(content)
    if item.link:
        yield BLANK
        yield (Span("kept at ", "muted"), Span(visible(item.link.url)))
        yield (Span(f"sha256 {item.link.sha256}", "muted"),)


def _prose(text: str) -> Iterator[Line]:
    for line in visible(text, multiline=True).split("\n"):
        yield (Span(line),)


def _step(step: Step) -> Line:
    mark, role = _STEP_MARKS[step.outcome]
    outcome = "" if step.outcome == "ok" else f" · {step.outcome}"
    return (Span(f"{mark} ", role), Span(visible(step.text)), Span(outcome, role))


def _action_lines(review: Review) -> Iterator[Line]:
    action, waits = review.brief.action, review.handling.kind is EscalationKind.APPROVAL
    head = "proposed action  " if waits else "what was done  "
    yield (Span(head, "muted"), Span(visible(action.type), "strong"))
    yield from parameter_lines(review)
    if action.compensation is not None:
        yield (Span("taken back by  ", "muted"), Span(visible(action.compensation.type)))


def _suggestion_lines(review: Review, now: int) -> Iterator[Line]:
    said = card_of(review, now).suggestion
    if said is None:
        return
    yield BLANK
    yield (Span(f"AI suggests {said.label} ({said.confidence:.2f}): {said.reason}", "agent"),)
    if said.doubt:
        yield (Span(f"strongest doubt: {said.doubt}", "agent"),)
