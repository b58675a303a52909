"""The any-language entrance: rows of `inbox` become escalations, or rejections that say why.

Whoever can write to the file can write anything here, so nothing in a row is believed: its bytes go
through the same submission as every other brief, and a row that cannot be read is rejected alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from overread_briefs import InvalidBrief
from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import IDENTIFIER_PATTERN
from overread_queue.errors import (
    Backpressure,
    Conflict,
    Forged,
    InvalidRequest,
    MoveRefused,
    NotAllowed,
    NotFound,
)
from overread_queue.ground import RECORDED, Ground
from overread_queue.moves import Mover
from overread_queue.states import EscalationState
from overread_queue.store.events import Event
from overread_queue.store.reserve import is_tight
from overread_queue.store.rows import Message
from overread_queue.submission import (
    MAX_CHECKPOINT_BYTES,
    Prepared,
    Submission,
    admit,
    check_vouched,
    claim_of,
    prepare,
    withdrawal_of,
)
from overread_queue.trust.people import DESK

JSON_TYPES = frozenset({"text", "blob"})

MOST = 100
REFUSALS = (InvalidBrief, Conflict, Forged, InvalidRequest, MoveRefused, NotAllowed, NotFound)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a message."""

    state: str
    escalation: str | None
    answer: str


def take_in(ground: Ground) -> int:
    """Handle every new message that there is room for; the number handled."""
    if is_tight(ground.places.db):
        return 0
    done, last = 0, 0
    while True:
        with ground.store.read() as tx:
            messages = tx.desk.new_messages(after=last, most=MOST)
        done += sum(_handle(ground, message) for message in messages)
        if len(messages) < MOST:
            return done
        last = messages[-1].id


def _handle(ground: Ground, message: Message) -> bool:
    """One message, one commit: the escalation and the row's answer stand or fall together.

    False on a full desk: nobody is there to be told to come back, so the message waits its turn.
    """
    try:
        _accept(ground, message)
    except Backpressure:
        return False
    except REFUSALS as refusal:
        _reject(ground, message, refusal)
    return True


def _reject(ground: Ground, message: Message, refusal: Exception) -> None:
    """Say why in the row, and count the refusal as the agents' own door does."""
    now = ground.clock.now()
    with ground.store.write() as tx:
        first = tx.desk.answer_message(
            message.id, "rejected", escalation=None, answer=str(refusal), now=now
        )
        if first and isinstance(refusal, RECORDED):
            tx.events.add(Event(f"refused:{type(refusal).__name__}", _sender(message), now))


def _sender(message: Message) -> str:
    """Who says they wrote it; the desk stands for a name that nobody could have."""
    name = _name(message.agent)
    return f"agent:{name}" if re.fullmatch(IDENTIFIER_PATTERN, name) else DESK


def _accept(ground: Ground, message: Message) -> None:
    prepared = _prepared(ground, message) if message.kind == "submit" else None
    with ground.store.write() as tx:
        mover = Mover(tx, f"agent:{_name(message.agent)}", ground.clock.now())
        if prepared is not None:
            handled = Handled("accepted", admit(mover, prepared).id, "")
        else:
            handled = _withdraw(ground, mover, message)
        tx.desk.answer_message(
            message.id,
            handled.state,
            escalation=handled.escalation,
            answer=handled.answer,
            now=mover.now,
        )


def _prepared(ground: Ground, message: Message) -> Prepared:
    submission = _submission(message)
    check_vouched(ground, claim_of(ground.desk_id, submission), submission.signature)
    return prepare(ground, submission)


def _withdraw(ground: Ground, mover: Mover, message: Message) -> Handled:
    agent, key = _name(message.agent), _name(message.key)
    check_vouched(ground, withdrawal_of(ground.desk_id, agent, key), message.signature)
    found = mover.tx.escalations.by_key(agent, key)
    if found is None:
        raise NotFound("submission with key", key)
    mover.close("withdrawn", found, EscalationState.WITHDRAWN, {})
    return Handled("accepted", found.id, "")


def _submission(message: Message) -> Submission:
    if message.body_type not in JSON_TYPES:
        raise InvalidRequest("body must be text or a blob holding JSON")
    return Submission(
        _name(message.agent),
        message.body,
        _name(message.key),
        checkpoint=_checkpoint(message),
        signature=message.signature,
    )


def _checkpoint(message: Message) -> bytes | None:
    if message.checkpoint is None:
        return None
    if message.checkpoint_type not in JSON_TYPES:
        raise InvalidRequest("checkpoint must be text or a blob holding JSON")
    try:
        strict_loads(message.checkpoint, max_bytes=MAX_CHECKPOINT_BYTES)
    except BriefError as error:
        raise InvalidRequest(f"checkpoint: {error}") from error
    return message.checkpoint


def _name(value: bytes) -> str:
    """What is not UTF-8 becomes a mark that no agent's name and no key may hold."""
    return value.decode("utf-8", "replace")
