"""Keeping the index in step: it follows the chain, so nothing an agent does ever waits for it."""

from __future__ import annotations

from overread_briefs import is_masked
from overread_queue.errors import IntegrityError
from overread_queue.exporting.discretion import case_of
from overread_queue.ground import Ground
from overread_queue.store import Transaction
from overread_queue.store.search import Words

EVENTS = 500
"""Read in one transaction, so that nobody waits long for the write lock."""
IDLE = 2000
"""Events without anything new in them that are left for later, to save a commit."""
NO_END = 1 << 62


def index_words(ground: Ground, *, most: int = NO_END) -> int:
    """Bring the index up to the chain, in no more than `most` events or so; the number of
    escalations that were put in or taken out.

    Events are read once each, also where a process is killed in between.
    """
    done, until = 0, _read(ground) + most
    while _read(ground) < until and _is_behind(ground):
        with ground.store.write() as tx:
            done += _step(ground, tx)
    return done


def _read(ground: Ground) -> int:
    with ground.store.read() as tx:
        return tx.search.behind()[0]


def _is_behind(ground: Ground) -> bool:
    with ground.store.read() as tx:
        read, head = tx.search.behind()
        return head - read > IDLE or bool(tx.search.changed(after=read, up_to=head))


def _step(ground: Ground, tx: Transaction) -> int:
    read, head = tx.search.behind()
    up_to = min(head, read + EVENTS)
    changed = tx.search.changed(after=read, up_to=up_to)
    for id in changed:
        tx.search.put(id, _findable(ground, tx, id))
    tx.search.read_up_to(up_to)
    return len(changed)


def _findable(ground: Ground, tx: Transaction, id: str) -> Words | None:
    try:
        return words_of(ground, tx, id)
    except IntegrityError:
        return None  # `overread audit verify` tells of it; nobody else's words wait for it.


def words_of(ground: Ground, tx: Transaction, id: str) -> Words | None:
    """What every reviewer is shown unmasked; None where there is nothing.

    Reasons are in it once the question is closed: before that a reviewer may not know yet what is
    recommended, or what somebody else has said. A reviewer's own are left out wherever anything was
    masked, because they may quote it.
    """
    row, payload = tx.escalations.get(id), tx.payloads.get(id)
    if row is None or payload is None or payload.brief is None:
        return None
    case = case_of(ground, payload.brief, row.policy_sha256, sensitive=False)
    brief = case.brief
    if is_masked(brief.sensitivity):
        return None
    reasons = []
    if row.closed_at is not None:
        reasons = [brief.recommendation.reason] if brief.recommendation else []
        reasons += [payload.reason] if payload.reason and case.may_quote else []
    return Words(
        question=brief.question,
        steps="\n".join(step.text for step in brief.accomplished),
        evidence="\n".join(item.title for item in brief.evidence),
        reasons="\n".join(reasons),
    )
