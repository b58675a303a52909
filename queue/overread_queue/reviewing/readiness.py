"""Whether a reviewer may approve: the facts for the pure core, read in one transaction."""

from __future__ import annotations

import json

from overread_queue.friction.floors import required_words, undivided_ms
from overread_queue.friction.standing import Facts
from overread_queue.ground import Ground
from overread_queue.reviewing.options import PAYING
from overread_queue.reviewing.saying import challenge_of, judgement_of, was_withheld
from overread_queue.reviewing.snapshot import Case, handling_of, options_of
from overread_queue.routing.workload import DAY_MS, load_of
from overread_queue.states import EscalationKind
from overread_queue.stopping.halting import halt_on, said
from overread_queue.store import Transaction
from overread_queue.store.rows import ReviewRow


def facts_of(
    ground: Ground, tx: Transaction, case: Case, review: ReviewRow, *, now: int, latest_at: int = 0
) -> Facts:
    """By the policy in force now: it is about people at work now.

    `latest_at` is the latest time that the review saw so far.
    """
    handling, options = handling_of(case), options_of(case)
    halt = halt_on(ground, tx, case.row.agent)
    judgement, challenge = judgement_of(ground, tx, review), challenge_of(ground, tx, review)
    against = (one.id for one in case.brief.evidence if one.stance == "contradicts")
    return Facts(
        friction=ground.policy().friction,
        kind=case.row.kind,
        tier=case.row.tier,
        impact=handling.impact,
        irreversible=handling.reversibility == "irreversible",
        words=required_words(case.brief, options, handling.on_silence),
        multiplier=ground.roster().reviewer(review.reviewer).time_multiplier,
        active_ms=_undivided_ms(tx, review, now),
        contradicting=frozenset(against),
        opened=frozenset(json.loads(review.evidence)),
        withheld=was_withheld(tx, review),
        judgement=judgement.said() if judgement else None,
        challenge=challenge.said() if challenge else None,
        paying=frozenset(option.key for option in options if option.kind in PAYING),
        stopped=said(halt) if halt and case.row.kind is EscalationKind.APPROVAL else "",
        capped=load_of(ground, tx, review.reviewer, now=now, without=review.id).capped,
        clock_back_ms=max(review.opened_at, latest_at) - now,
    )


def _undivided_ms(tx: Transaction, review: ReviewRow, now: int) -> int:
    began = review.opened_at
    others = (
        (began - one.opened_at, one.active_ms)
        for one in tx.reviews.since(review.reviewer, began - DAY_MS)
        if one.id != review.id and one.opened_at <= now
    )
    return undivided_ms(review.active_ms, now - began, others)
