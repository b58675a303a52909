"""A reviewer's own judgement and challenge, as far as they are to be believed.

A row that its reviewer did not sign counts for nothing: what it stands for is asked for again.
"""

from __future__ import annotations

import json
from dataclasses import replace

from overread_queue.ground import Ground
from overread_queue.release import Signer
from overread_queue.store import Transaction
from overread_queue.store.rows import ChallengeRow, JudgementRow, ReviewRow
from overread_queue.trust.saying import is_own, sign_said


def was_withheld(tx: Transaction, review: ReviewRow) -> bool:
    """Whether the recommendation is held back in this look, by its row or by the chain: a row that
    was set back reveals nothing."""
    me = f"reviewer:{review.reviewer}"
    told = (
        one for one in tx.events.of(review.escalation) if (one.kind, one.actor) == ("opened", me)
    )
    return review.withheld is not None or any(_withholds(one.detail) for one in told)


def signed_judgement(new: JudgementRow, signer: Signer) -> JudgementRow:
    signature = sign_said("judgement", signer.desk_id, new.words(), signer.key)
    return replace(new, signature=signature)


def signed_challenge(new: ChallengeRow, signer: Signer) -> ChallengeRow:
    signature = sign_said("challenge", signer.desk_id, new.words(), signer.key)
    return replace(new, signature=signature)


def judgement_of(ground: Ground, tx: Transaction, review: ReviewRow) -> JudgementRow | None:
    """None also for one that somebody else put there."""
    found = tx.judgements.of(review)
    if found is None:
        return None
    words, roster = found.words(), ground.roster()
    return found if is_own("judgement", ground.desk_id, words, found.signature, roster) else None


def challenge_of(ground: Ground, tx: Transaction, review: ReviewRow) -> ChallengeRow | None:
    """None also for one that somebody else put there."""
    found = tx.challenges.of(review)
    if found is None:
        return None
    words, roster = found.words(), ground.roster()
    return found if is_own("challenge", ground.desk_id, words, found.signature, roster) else None


def _withholds(detail: str) -> bool:
    try:
        told = json.loads(detail)
    except ValueError:
        return False  # No event of ours: `audit verify` names it.
    return isinstance(told, dict) and told.get("withheld") is not None
