"""A lead's word on whether what an agent proposed was right, checked and written down."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overread_briefs.fields import Parameters
from overread_queue.errors import InvalidRequest, NotFound
from overread_queue.moves import Mover
from overread_queue.states import EscalationState
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow
from overread_queue.store.truths import Truth, TruthRow, settled

MOST_NOTE = 2_000
ANSWERED = (EscalationState.DECIDED, EscalationState.TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one escalation."""

    escalation: str
    truth: Truth | None
    """What the words come to: wrong as long as one says so; None where there is none."""
    words: tuple[TruthRow, ...]
    """The ones that stand, one of each source, oldest first."""


def known(tx: Transaction, escalation: str) -> Known:
    """Raises `NotFound`."""
    if tx.escalations.get(escalation) is None:
        raise NotFound("escalation", escalation)
    words = tuple(tx.truths.of(escalation))
    return Known(escalation, settled(words), words)


def write_down(mover: Mover, word: TruthRow) -> None:
    """Add a word. Raises `NotFound`, and `InvalidRequest` for one that cannot be."""
    _check_sense(word)
    found = mover.tx.escalations.get(word.escalation)
    if found is None:
        raise NotFound("escalation", word.escalation)
    _check_over(mover.tx, found)
    _check_note(mover.tx, word)
    mover.tx.truths.add(word)
    mover.note("adjudicated", found, _detail(word))


def _detail(word: TruthRow) -> Parameters:
    """The note is beside it, where words can be erased."""
    said: Parameters = {"truth": word.truth, "source": word.source, "harmful": word.harmful}
    return said if word.loss is None else {**said, "loss": word.loss}


def _check_sense(word: TruthRow) -> None:
    if word.loss is not None and not (math.isfinite(word.loss) and word.loss >= 0):
        raise InvalidRequest(f"{word.loss} is no loss; give 0 or more, in the policy's currency")
    if word.truth == "right" and (word.harmful or word.loss is not None):
        raise InvalidRequest("what was right did no harm and cost nothing; say wrong, or neither")


def _check_over(tx: Transaction, found: EscalationRow) -> None:
    """Not while the session goes on that decided it: a blind test is then told of as one, and gone.
    Until that moment nothing may tell it from real work."""
    if found.closed_at is None:
        raise InvalidRequest(f"{found.id} is still open, so nobody can know yet; wait for its end")
    if found.state not in ANSWERED:
        raise InvalidRequest(f"{found.id} was taken back before anybody had to answer it")
    session = tx.desk.session(found.session) if found.session else None
    goes_on = session is not None and session.ended_at is None
    if goes_on or tx.probes.is_live(found.id):
        raise InvalidRequest(f"the session that decided {found.id} goes on; wait for its end")


def _check_note(tx: Transaction, word: TruthRow) -> None:
    payload = tx.payloads.get(word.escalation)
    if len(word.note) > MOST_NOTE:
        raise InvalidRequest(f"the note has {MOST_NOTE:,} characters at most")
    if word.note and (payload is None or payload.erased_at is not None):
        raise InvalidRequest(
            f"what {word.escalation} was about has been erased, and a note would bring some of it "
            "back; leave the note out"
        )
