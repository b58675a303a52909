"""The any-language entrance: rows of `inbox` become escalations, or rejections that say why.

Whoever can write to the file can write anything here, so nothing in a row is believed: its bytes go
through the same submission as every other brief, and a row that cannot be read is rejected alone.
"""

from __future__ import annotations

import re

from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import IDENTIFIER_PATTERN
from overread_queue.asking.submission import (
    MAX_CHECKPOINT_BYTES,
    Prepared,
    Submission,
    check_vouched,
    claim_of,
    prepare,
)
from overread_queue.errors import (
    Backpressure,
    InvalidPolicy,
    InvalidRequest,
    OverreadError,
    Replayed,
    StoreError,
)
from overread_queue.ground import RECORDED, Ground
from overread_queue.mailbox.papers import Answer, Refusal
from overread_queue.mailbox.refusals import written
from overread_queue.mailbox.verbs import Done, perform
from overread_queue.moves import Mover
from overread_queue.store.events import Event
from overread_queue.store.reserve import is_tight
from overread_queue.store.rows import Message
from overread_queue.transport.effects import hand_in
from overread_queue.trust.people import DESK

JSON_TYPES = frozenset({"text", "blob"})

MOST = 100
HANDED_IN = frozenset({"submit", "revise"})


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
        if _was_heard(ground, message):
            _close(ground, message)
        else:
            _accept(ground, message)
    except Backpressure:
        return False
    except (StoreError, InvalidPolicy):
        raise  # no fault of the message's: it waits until the desk is well again
    except (BriefError, OverreadError) as refusal:
        _reject(ground, message, refusal)
    return True


def _was_heard(ground: Ground, message: Message) -> bool:
    """Whether a message of that sender and name came before."""
    if message.name is None:
        return False
    with ground.store.read() as tx:
        return tx.outbox.is_named(_name(message.agent), message.name, before=message.id)


def _close(ground: Ground, message: Message) -> None:
    """The first answer stands: whoever copies a message does not get to replace it."""
    with ground.store.write() as tx:
        again = "a message of that name was handled before"
        now = ground.clock.now()
        tx.desk.answer_message(message.id, "rejected", escalation=None, answer=again, now=now)
        tx.events.add(Event(f"refused:{Replayed.__name__}", _sender(message), now))


def _reject(ground: Ground, message: Message, refusal: Exception) -> None:
    """Say why in the row, and count the refusal as the agents' own door does."""
    now = ground.clock.now()
    with ground.store.write() as tx:
        first = tx.desk.answer_message(
            message.id,
            "rejected",
            escalation=None,
            answer=str(refusal),
            paper=_paper(ground, message, refusal=written(refusal)),
            now=now,
        )
        if first and isinstance(refusal, RECORDED):
            tx.events.add(Event(f"refused:{type(refusal).__name__}", _sender(message), now))


def _paper(
    ground: Ground, message: Message, *, done: Done | None = None, refusal: Refusal | None = None
) -> str | None:
    """The answer that goes into the outbox; None where the row itself is what its sender reads,
    and for a sender that is nobody."""
    if message.source is None or message.name is None:
        return None
    if _name(message.agent) not in ground.roster().agents:
        return None
    return Answer(
        desk=ground.desk_id,
        at=ground.clock.now(),
        agent=_name(message.agent),
        name=message.name,
        refusal=refusal,
        ticket=done.ticket if done else None,
        proposal=done.proposal if done else None,
    ).model_dump_json()


def _sender(message: Message) -> str:
    """Who says they wrote it; the desk stands for a name that nobody could have."""
    name = _name(message.agent)
    return f"agent:{name}" if re.fullmatch(IDENTIFIER_PATTERN, name) else DESK


def _accept(ground: Ground, message: Message) -> None:
    prepared = _prepared(ground, message) if message.kind in HANDED_IN else None
    agent, key = _name(message.agent), _name(message.key)
    with ground.store.write() as tx:
        mover = Mover(tx, _sender(message), ground.clock.now())
        if prepared is not None:
            ticket = hand_in(ground, mover, prepared)
            done = Done(ticket.id, ticket)
        else:
            done = perform(ground, mover, message, agent, key)
        tx.desk.answer_message(
            message.id,
            "accepted",
            escalation=done.escalation,
            answer="",
            paper=_paper(ground, message, done=done),
            now=mover.now,
        )


def _prepared(ground: Ground, message: Message) -> Prepared:
    submission = _submission(message)
    check_vouched(ground, claim_of(ground.desk_id, submission), submission.signature)
    return prepare(ground, submission)


def _submission(message: Message) -> Submission:
    if message.body_type not in JSON_TYPES:
        raise InvalidRequest("body must be text or a blob holding JSON")
    return Submission(
        _name(message.agent),
        message.body,
        _name(message.key),
        checkpoint=_checkpoint(message),
        predecessor=message.predecessor,
        proposal=message.proposal,
        id=message.ticket,
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
