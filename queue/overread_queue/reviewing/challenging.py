"""The challenge: a reviewer names what an approval hangs on, and when it would be wrong."""

from __future__ import annotations

from overread_briefs import Brief
from overread_queue.errors import Boilerplate, InvalidRequest
from overread_queue.friction.challenge import boilerplate, challenge_due, says_something
from overread_queue.models import Challenge
from overread_queue.reviewing.deciding import Desk
from overread_queue.reviewing.options import MAX_REASON
from overread_queue.reviewing.saying import signed_challenge
from overread_queue.reviewing.snapshot import Case, handling_of
from overread_queue.store.rows import ChallengeRow, EscalationRow, ReviewRow

MISSING = "missing:"
"""How a weakest point begins that no piece of evidence is: `missing: the signed receipt`."""
OWN_LAST = 20
"""Challenges of the same reviewer that a new one is compared with."""


def weakest_point(brief: Brief, weakest: str) -> tuple[str | None, str | None]:
    """Id of the evidence, or what is missing. Raises `InvalidRequest` for anything else."""
    missing = weakest[len(MISSING) :].strip() if weakest.startswith(MISSING) else ""
    if says_something(missing):
        return None, missing
    known = [one.id for one in brief.evidence]
    if weakest in known:
        return weakest, None
    raise InvalidRequest(
        f"{weakest[:80]!r} is no evidence here; name one of {', '.join(known)}, "
        f"or write `{MISSING} …` and what is missing"
    )


def put_challenge(
    desk: Desk, case: Case, review: ReviewRow, said: Challenge, *, keep: bool
) -> None:
    """Record it, signed, in place of an earlier one about the same case.

    Raises `InvalidRequest` where none is asked for, and `Boilerplate`; a near-duplicate may be kept
    and is marked as one.
    """
    friction, mover = desk.ground.policy().friction, desk.mover
    row, impact = case.row, handling_of(case).impact
    if not challenge_due(friction, kind=row.kind, tier=row.tier, impact=impact):
        raise InvalidRequest(f"approving {row.id} asks for no challenge")
    _check(said)
    found = boilerplate(
        said.wrong_if,
        least=friction.challenge_least,
        earlier=mover.tx.challenges.earlier(review, most=OWN_LAST),
        brief=_own_sentences(case.brief),
    )
    if found and not (keep and found.may_keep):
        raise Boilerplate(found.kind, found.words, may_keep=found.may_keep)
    _put(desk, row, review, said, found.kind if found else None)


def _put(
    desk: Desk, row: EscalationRow, review: ReviewRow, said: Challenge, kind: str | None
) -> None:
    new = ChallengeRow(
        escalation=row.id,
        attempt=row.attempt,
        reviewer=review.reviewer,
        at=desk.mover.now,
        weakest=said.weakest,
        missing=said.missing,
        wrong_if=said.wrong_if,
        changed=said.changed,
        boilerplate=kind,
    )
    desk.mover.tx.challenges.put(signed_challenge(new, desk.signer))
    desk.mover.note("challenged", row, {"boilerplate": kind})


def _check(said: Challenge) -> None:
    longest = max(len(said.wrong_if), len(said.missing or ""), len(said.changed))
    if longest > MAX_REASON:
        raise InvalidRequest(f"a challenge has {MAX_REASON} characters at most in each part")
    if said.changed and not says_something(said.changed):
        raise InvalidRequest("say in a few words what changed since your first judgement")


def _own_sentences(brief: Brief) -> tuple[str, ...]:
    said = brief.recommendation
    return (brief.question, *((said.reason, said.doubt or "") if said else ()))
