"""The snapshot that a reviewer decides on: what may be shown now, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from overread_briefs import Brief, Option, Trigger, is_masked
from overread_briefs.canonical import strict_loads
from overread_briefs.fields import Sensitivity
from overread_queue.asking.delivery import check_kind, check_stored, submitted_brief
from overread_queue.errors import NotFound
from overread_queue.ground import Ground
from overread_queue.models import Comment, Draft, Handling, Item, Review
from overread_queue.policy.evaluate import effective
from overread_queue.policy.model import ActionRule, Policy
from overread_queue.reviewing.masking import (
    Classes,
    classes_of,
    masked_brief,
    masked_draft,
    masked_option,
    masked_trigger,
    still_hidden,
)
from overread_queue.reviewing.options import options_for
from overread_queue.reviewing.saying import challenge_of, judgement_of, was_withheld
from overread_queue.routing.placing import halfway
from overread_queue.states import EscalationKind
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, PayloadRow, ReviewRow
from overread_queue.terms import Terms, check_tier

LEAST_SLA_MS = 30 * 60_000
"""What a more senior pool gets at least."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything stored about an escalation, for the desk's side only."""

    row: EscalationRow
    payload: PayloadRow
    brief: Brief
    policy: Policy
    two_people: bool
    """The policy asks for two people to decide it."""
    blind: bool
    """It is a test: whatever is answered ends it, and reaches no agent."""


def case_of(ground: Ground, tx: Transaction, id: str) -> Case:
    """Raises `NotFound`, `Tampered` where the brief is not the one that was digested or is handled
    more mildly than its policy says, and `Forged` where its agent has a key and did not sign it."""
    row, payload = tx.escalations.get(id), tx.payloads.get(id)
    if row is None or payload is None:
        raise NotFound("escalation", id)
    brief = submitted_brief(row, payload)
    check_kind(row)
    blind = tx.probes.is_live(id)
    if not blind:  # The desk wrote it in the agent's name, and nothing that it comes to is signed.
        check_stored(ground, row, payload)
    policy = ground.policy_of(row.policy_sha256)
    check_tier(policy, row, brief)
    two = Terms(ground, policy, row).takes_two(brief.action.type)
    return Case(row, payload, brief, policy, two, blind)


def stored_brief(payload: PayloadRow) -> Brief | None:
    if payload.brief is None:
        return None
    return Brief.model_validate(strict_loads(payload.brief), by_alias=True)


def item_of(row: EscalationRow, question: str) -> Item:
    return Item(
        id=row.id,
        attempt=row.attempt,
        question=question,
        tier=row.tier,
        pool=row.pool,
        agent=row.agent,
        action_type=row.action_type,
        deadline_at=row.deadline_at,
        expected_seconds=row.expected_seconds,
        fence=row.fence,
        lease_until=row.lease_until or 0,
    )


def item_now(tx: Transaction, row: EscalationRow) -> Item:
    payload = tx.payloads.get(row.id)
    return item_of(row, payload.question if payload else "")


def review_of(
    ground: Ground, tx: Transaction, case: Case, review: ReviewRow, draft: Draft | None
) -> Review:
    """What this reviewer sees. What is sensitive is masked until it is unmasked in this look."""
    hidden = hidden_in(case, review)
    judgement, challenge = judgement_of(ground, tx, review), challenge_of(ground, tx, review)
    revealed = judgement is not None and judgement.revealed_at is not None
    withheld = was_withheld(tx, review) and not revealed
    waits = case.row.kind is EscalationKind.APPROVAL
    return Review(
        id=review.id,
        item=item_of(case.row, case.brief.question),
        session=review.session,
        brief=masked_brief(case.brief, hidden),
        brief_sha256=case.row.brief_sha256,
        action_sha256=case.row.action_sha256,
        handling=_masked_handling(handling_of(case), hidden),
        options=tuple(masked_option(one, hidden) for one in options_of(case)),
        recommendation=case.brief.recommendation if waits and not withheld else None,
        comments=_comments(tx, case.row),
        masked=frozenset(one.id for one in case.brief.evidence if is_masked(one.sensitivity)),
        previous=_previous(tx, case, hidden),
        opened_at=review.opened_at,
        draft=masked_draft(draft, hidden),
        withheld=withheld,
        judgement=judgement.said() if judgement else None,
        challenge=challenge.said() if challenge else None,
        two_people=case.two_people,
        masked_parameters=hidden,
    )


def sensitive_in(case: Case) -> dict[str, Sensitivity]:
    """Class of every parameter that is masked at first, also of one that an option would add."""
    action = case.brief.action
    patches = (option.patch or {} for option in case.brief.options)
    there = set(action.parameters).union(*patches)
    found = classes_of(case.policy, action.type, action.sensitive)
    return {name: one for name, one in found.items() if name in there}


def hidden_in(case: Case, review: ReviewRow) -> dict[str, Sensitivity]:
    """Those that this look has not unmasked."""
    return still_hidden(sensitive_in(case), review)


def options_of(case: Case) -> tuple[Option, ...]:
    """Everything that can be chosen, in the order to show it."""
    row = case.row
    return options_for(case.brief, row.kind, row.tier, senior_label(case.policy, row))


def handling_of(case: Case) -> Handling:
    """What the policy in force at submission says about the escalation as it stands."""
    row, policy = case.row, case.policy
    rule, pool = policy.actions.get(row.action_type), policy.pools[row.pool]
    return Handling(
        kind=row.kind,
        tier=row.tier,
        pool=row.pool,
        pool_label=pool.label,
        role=pool.role,
        impact=rule.impact if rule else "critical",
        reversibility=_reversibility(rule, case.brief),
        action_label=rule.label if rule else row.action_type,
        sla_seconds=row.sla_ms // 1000,
        deadline_at=row.deadline_at,
        on_silence=silence(policy, row),
        senior_label=senior_label(policy, row),
        triggers=tuple(Trigger.model_validate(one) for one in json.loads(case.payload.triggers)),
        policy_sha256=row.policy_sha256,
        promoted=row.promote_at is None,
    )


def senior_pool(policy: Policy, row: EscalationRow) -> str | None:
    """Where a hand-on goes: the senior pool, and on the second time the policy's owner."""
    to = policy.owner if row.hops >= 1 else policy.pools[row.pool].senior
    return to if to != row.pool else None


def moved_up(row: EscalationRow, pool: str, *, now: int) -> EscalationRow:
    """The same escalation in a more senior pool, with a fresh deadline."""
    sla = max(row.sla_ms // 2, LEAST_SLA_MS)
    return replace(
        row,
        pool=pool,
        deadline_at=now + sla,
        claimable_at=row.created_at,
        promote_at=halfway(now, sla),
        hops=row.hops + 1,
    )


def senior_label(policy: Policy, row: EscalationRow) -> str | None:
    to = senior_pool(policy, row)
    return policy.pools[to].label if to else None


def silence(policy: Policy, row: EscalationRow) -> str:
    """What happens if nobody answers, in words."""
    if row.kind is EscalationKind.SOFT_REVIEW:
        return "the agent takes it back"
    if row.kind is EscalationKind.AUDIT:
        return "nothing; it counts as not looked at"
    duty = policy.duty(row.action_type, row.tier)
    if row.pool == duty.pool:
        return duty.on_silence
    return policy.silence(policy.fallback_after(row.action_type, row.pool, row.tier))


def _reversibility(rule: ActionRule | None, brief: Brief) -> str:
    return effective(rule, brief.action.reversibility) if rule else "irreversible"


def _comments(tx: Transaction, row: EscalationRow) -> tuple[Comment, ...]:
    """Without those of people who have given an opinion: whoever comes next judges blindly."""
    spoken = {one.reviewer for one in tx.opinions.about(row)}
    return tuple(one for one in tx.desk.comments(row.id) if one.author not in spoken)


def _masked_handling(handling: Handling, hidden: Classes) -> Handling:
    triggers = tuple(masked_trigger(one, hidden) for one in handling.triggers)
    return replace(handling, triggers=triggers)


def _previous(tx: Transaction, case: Case, hidden: Classes) -> Brief | None:
    """The earlier brief hides what it said itself to be sensitive, and what this one hides."""
    payload = tx.payloads.get(case.row.predecessor) if case.row.predecessor else None
    found = stored_brief(payload) if payload else None
    if found is None:
        return None
    own = classes_of(case.policy, found.action.type, found.action.sensitive)
    return masked_brief(found, {**own, **hidden})
