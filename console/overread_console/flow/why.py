"""Why an escalation is this reviewer's: why a person, why this tier, why this pool, why now."""

from __future__ import annotations

from collections.abc import Iterator

from overread_briefs.visible import visible
from overread_console.flow.card import Reason, all_reasons
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.flow.tiers import look_of
from overread_console.flow.words import due, duration, tier_words
from overread_queue.models import Handling, Review
from overread_queue.policy.evaluate import effective
from overread_queue.policy.model import Policy
from overread_queue.states import EscalationKind, Tier

DIGEST = 12
"""Characters of a digest that people compare."""
OVERLOADED = "not everything can be done in time: the costliest comes first"

_COMES_WITH_EVERY_POLICY = {
    "agent-actions": "this agent may not propose such an action",
    "circuit-breaker": "this agent's actions keep failing or being rejected",
    "halt": "somebody had stopped this agent, or the whole desk",
    "stale-evidence": "evidence is older than it may be",
    "unusable-input": "an input is no usable value",
    "missing-input": "an input that a rule needs is missing; at least",
    "cannot-be-taken-back": "a soft review would do, but nothing takes it back",
    "unknown-action": "the policy does not know this action",
}


def why_lines(review: Review, policy: Policy, now: int, *, overloaded: bool) -> Iterator[Line]:
    """The four answers. `policy` is the version that the escalation was judged by."""
    yield _title("why a person")
    yield from map(_reason, all_reasons(review))
    yield BLANK
    yield from _why_this_tier(review, policy)
    yield BLANK
    yield from _why_this_pool(review, policy)
    yield BLANK
    yield from _why_now(review.handling, now, overloaded=overloaded)


def _title(text: str) -> Line:
    return (Span(text, "strong"),)


def _reason(reason: Reason) -> Line:
    said = f"{reason.rule}  {reason.words}"
    if reason.speaker == "agent":
        return (Span("agent says: ", "muted"), Span(said, "agent"))
    return (Span("policy: ", "muted"), Span(said))


def _why_this_tier(review: Review, policy: Policy) -> Iterator[Line]:
    handling = review.handling
    look = look_of(handling.kind, handling.tier)
    yield _title(f"why {look.name}")
    yield (Span(look.meaning),)
    if handling.kind is EscalationKind.AUDIT:
        yield (Span("it was drawn at random from what agents did by themselves", "muted"),)
        return
    asking = sorted(_asking(review, policy), key=lambda one: -one[0].severity)
    for tier, words in asking:
        yield (Span(f"{tier_words(tier)}: ", "muted"), Span(words))
    if len(asking) > 1:
        yield (Span("the most severe counts", "muted"),)
    if asking and asking[0][0].severity > handling.tier.severity:
        yield from _exempted(review.item.action_type, policy)


def _asking(review: Review, policy: Policy) -> Iterator[tuple[Tier, str]]:
    """Everything that asked for a tier, and for which; each once."""
    for id in dict.fromkeys(trigger.rule for trigger in review.handling.triggers):
        if id == "risk-map":
            yield from _mapped(review, policy)
        elif id in _COMES_WITH_EVERY_POLICY:
            yield _floor(id, policy), _COMES_WITH_EVERY_POLICY[id]
        else:
            yield from _ruled(id, policy)


def _mapped(review: Review, policy: Policy) -> Iterator[tuple[Tier, str]]:
    """The cell of the risk map, by the more severe of what policy and agent say."""
    rule = policy.actions.get(review.item.action_type)
    if rule is not None:
        reversibility = effective(rule, review.brief.action.reversibility)
        words = f"the risk map, for {rule.impact} impact, {reversibility}"
        yield policy.risk.tier(rule.impact, reversibility), words


def _floor(id: str, policy: Policy) -> Tier:
    raised = {
        "agent-actions": Tier.HARD_STOP,
        "circuit-breaker": policy.breaker.raise_to,
        "halt": Tier.HARD_STOP,
        "stale-evidence": policy.freshness.raise_to,
    }
    return raised.get(id, Tier.HARD_APPROVAL)


def _ruled(id: str, policy: Policy) -> Iterator[tuple[Tier, str]]:
    for rule in policy.rules:
        if rule.id == id:
            yield rule.tier, _named("rule", id, rule.note)
    for listed in policy.watchlists:
        if listed.id == id:
            yield listed.tier, _named("watchlist", id, listed.note)


def _named(word: str, id: str, note: str | None) -> str:
    return f"{word} {visible(id)}" + (f" ({visible(note)})" if note else "")


def _exempted(action_type: str, policy: Policy) -> Iterator[Line]:
    """What made it milder than everything else asked for."""
    for one in policy.exemptions:
        if one.action == action_type:
            words = f"one tier less by {one.id}, until {one.expires}: {visible(one.reason)}"
            yield (Span("exemption: ", "muted"), Span(words, "warning"))


def _why_this_pool(review: Review, policy: Policy) -> Iterator[Line]:
    handling, duty = review.handling, policy.duty(review.item.action_type, review.handling.tier)
    yield _title("why you")
    yield (Span("pool: ", "muted"), Span(f"{visible(handling.pool_label)}, role {handling.role}"))
    if handling.pool != duty.pool:
        first = visible(policy.pools[duty.pool].label)
        yield (Span("before: ", "muted"), Span(f"{first}; it was full, late, or handed it on"))
    if duty.substitute != handling.role:
        yield (Span("stands in: ", "muted"), Span(f"role {duty.substitute}"))
    yield (Span("answer within: ", "muted"), Span(duration(handling.sla_seconds)))
    unanswered = look_of(handling.kind, handling.tier).unanswered
    yield (Span(f"{unanswered}: ", "muted"), Span(visible(handling.on_silence)))
    people = "two people, neither sees the other's judgement" if duty.dual else "one person"
    yield (Span("decided by: ", "muted"), Span(people))
    digest = handling.policy_sha256[:DIGEST]
    yield (Span("policy: ", "muted"), Span(f"{visible(policy.name)}, sha256 {digest}"))


def _why_now(handling: Handling, now: int, *, overloaded: bool) -> Iterator[Line]:
    yield _title("why now")
    yield (Span("due: ", "muted"), Span(due(handling.deadline_at, now)))
    if handling.promoted:
        yield (Span("↑ ", "warning"), Span("half of its time is over, so it moved up"))
    if overloaded:
        yield (Span("⚠ ", "warning"), Span(OVERLOADED))
    else:
        yield (
            Span("order: ", "muted"),
            Span("urgent first, then the tier, then least time left"),
        )
