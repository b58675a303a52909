"""A look at an escalation begins; with or without the recommendation, until a first judgement."""

from __future__ import annotations

import hashlib
from typing import get_args

from overread_briefs.fields import Parameters
from overread_queue.clock import new_id
from overread_queue.errors import Forged, InvalidRequest, JudgementFirst
from overread_queue.friction.withholding import Withholding, withholding
from overread_queue.ground import Ground
from overread_queue.models import Sureness
from overread_queue.moves import Mover
from overread_queue.reviewing.deciding import Desk
from overread_queue.reviewing.options import chosen
from overread_queue.reviewing.saying import judgement_of, signed_judgement, was_withheld
from overread_queue.reviewing.snapshot import Case, handling_of, options_of, stored_brief
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, JudgementRow, ReviewRow, SessionRow

NO_KEY = bytes(32)
"""Draws nothing: without the desk's key every draw that is possible counts as drawn."""
_MOST_REVISIONS = 1_000


def begin(ground: Ground, mover: Mover, case: Case, before: ReviewRow | None) -> ReviewRow:
    """Start a look. `before` is this reviewer's latest one at the same escalation.

    What was held back then stays held back, and what was shown then is shown.
    """
    key = ground.audit_key(mover.tx)
    if case.brief.recommendation is None:
        found, detail = Withholding(None, 0.0), Parameters()
    else:
        known = before if before and before.attempt == case.row.attempt else None
        found = _as_before(known) if known else _drawn(ground, mover.tx, case, key)
        detail = _detail(found, key)
    review = ReviewRow.new(
        new_id(mover.now),
        case.row,
        mover.now,
        withheld=found.cause,
        withhold_probability=found.probability,
    )
    mover.tx.reviews.add(review)
    mover.note("opened", case.row, detail)
    return review


def commit(desk: Desk, case: Case, review: ReviewRow, *, option: str, confidence: Sureness) -> None:
    """Record a first judgement, signed, for good.

    Raises `InvalidRequest` where none is asked for, `Forged` where somebody else put one there.
    """
    mover = desk.mover
    if not was_withheld(mover.tx, review):
        raise InvalidRequest(f"nothing is withheld in {case.row.id}: decide() it")
    _check_first(desk, case, review)
    if confidence not in get_args(Sureness):
        raise InvalidRequest(f"a confidence is one of {', '.join(get_args(Sureness))}")
    judged = JudgementRow(
        escalation=case.row.id,
        attempt=case.row.attempt,
        reviewer=review.reviewer,
        option=chosen(options_of(case), option).key,
        confidence=confidence,
        at=mover.now,
        active_ms=review.active_ms,
    )
    mover.tx.judgements.add(signed_judgement(judged, desk.signer))
    mover.note("judged", case.row, {"option": option, "confidence": confidence})


def reveal(ground: Ground, mover: Mover, case: Case, review: ReviewRow) -> None:
    """From now on the recommendation is handed out. Raises `JudgementFirst`."""
    if not was_withheld(mover.tx, review):
        return
    if judgement_of(ground, mover.tx, review) is None:
        raise JudgementFirst
    if mover.tx.judgements.reveal(review, now=mover.now):
        mover.note("revealed", case.row)


def _check_first(desk: Desk, case: Case, review: ReviewRow) -> None:
    if judgement_of(desk.ground, desk.mover.tx, review):
        raise InvalidRequest(f"{review.reviewer} has judged {case.row.id} already; that stays")
    if desk.mover.tx.judgements.of(review):
        raise Forged(
            f"a judgement on {case.row.id} stands in {review.reviewer}'s name that they never "
            "signed, so they cannot approve it; say no or hand it on, and tell whoever keeps the "
            "desk (`overread audit verify`)"
        )


def differing(tx: Transaction, session: SessionRow) -> tuple[bool, ...]:
    """For each first judgement of a session, whether the recommendation that followed said other.

    One that was never shown counts as no difference: a summary tells nothing of it either.
    """
    return tuple(_differs(tx, one) for one in tx.judgements.in_session(session))


def _differs(tx: Transaction, judgement: JudgementRow) -> bool:
    payload = tx.payloads.get(judgement.escalation)
    brief = stored_brief(payload) if payload else None
    said = brief.recommendation if brief and judgement.revealed_at is not None else None
    return said is not None and said.option != judgement.option


def _as_before(before: ReviewRow) -> Withholding:
    return Withholding(before.withheld, before.withhold_probability or 0.0)


def _drawn(ground: Ground, tx: Transaction, case: Case, key: bytes | None) -> Withholding:
    """A revised brief is drawn with the first one: asking the agent draws no second time."""
    friction, handling = ground.policy().friction, handling_of(case)
    if key is None and friction.withhold_fraction > 0:
        friction = friction.model_copy(update={"withhold_fraction": 1.0})
    return withholding(
        friction,
        kind=case.row.kind,
        tier=case.row.tier,
        impact=handling.impact,
        irreversible=handling.reversibility == "irreversible",
        key=key or NO_KEY,
        escalation=_first(tx, case.row).id,
    )


def _first(tx: Transaction, row: EscalationRow) -> EscalationRow:
    """The escalation that this one goes back to through its revisions, which an altered file
    could put into a circle."""
    for _ in range(_MOST_REVISIONS):
        before = tx.escalations.get(row.predecessor) if row.predecessor else None
        if before is None:
            break
        row = before
    return row


def _detail(found: Withholding, key: bytes | None) -> Parameters:
    """So that the draw can be checked once the key is disclosed, and anchoring be estimated."""
    named = hashlib.sha256(key).hexdigest()[:16] if key else None
    return {"withheld": found.cause, "probability": found.probability, "key": named}
