"""What each kind of message does to the desk, once it is known to be its sender's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from overread_briefs import Action
from overread_briefs.brief import Software
from overread_briefs.canonical import MAX_BYTES, jcs, strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import Sensitivity
from overread_queue.asking.proposing import (
    Asked,
    announced,
    circumstances,
    judge_action,
    proposed,
    record,
)
from overread_queue.asking.submission import check_vouched, withdrawal_of
from overread_queue.clock import is_id
from overread_queue.errors import InvalidRequest, NotFound
from overread_queue.ground import Ground
from overread_queue.mailbox.refusals import is_known
from overread_queue.models import Proposal, Ticket
from overread_queue.moves import Mover
from overread_queue.states import RunState
from overread_queue.store.events import Event
from overread_queue.store.rows import EscalationRow, Message
from overread_queue.transport import effects
from overread_queue.transport.holding import follow_finish, follow_take
from overread_queue.trust.vouching import Word

Shape = TypeVar("Shape", bound=BaseModel)


class Words(BaseModel):
    """The arguments of a message, as JSON in its body."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    ok: bool = True
    detail: str = Field(default="", max_length=2000)
    finish: bool = True
    giving_up: bool = False
    tries: int = Field(default=0, ge=0, le=1_000_000)
    target: Literal["COMPLETED", "FAILED"] = "COMPLETED"
    error: str = ""

    @classmethod
    def ending(cls, target: RunState) -> Words:
        """A run is over, well or not."""
        return cls(target="COMPLETED" if target is RunState.COMPLETED else "FAILED")


class Question(BaseModel):
    """The body of a proposal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Action
    signals: dict[str, JsonValue]
    data_class: Sensitivity | None = None
    software: Software | None = None
    model: Software | None = None

    def asked(self) -> Asked:
        signals: dict[str, object] = dict(self.signals)
        return Asked(self.action, signals, self.data_class, self.software, self.model)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a message."""

    escalation: str | None = None
    ticket: Ticket | None = None
    proposal: Proposal | None = None


def word_of(desk: str, agent: str, *, name: str, kind: str, key: str, body: bytes) -> Word:
    """What the key of an agent signs for a message that is no submission."""
    digest = hashlib.sha256(body).hexdigest()
    return Word(desk, agent, name=name, kind=kind, key=key, body_sha256=digest)


def perform(ground: Ground, mover: Mover, message: Message, agent: str, key: str) -> Done:
    """Raises the error that the agent would have met at a desk of its own user."""
    if message.kind == "unreadable":
        raise InvalidRequest(_text(message.body))
    ground.roster().agent(agent)
    if message.kind == "withdraw":
        return _withdraw(ground, mover, message, agent, key)
    word = word_of(
        ground.desk_id,
        agent,
        name=message.name or "",
        kind=message.kind,
        key=key,
        body=message.body,
    )
    check_vouched(ground, word, message.signature)
    if message.kind == "propose":
        return _propose(ground, mover, message, agent)
    if message.kind == "refused":
        return _note_refusal(mover, message, agent, key)
    said = _parsed(Words, message.body)
    found = effects.mine(mover.tx, agent, key)
    _ON_ESCALATIONS[message.kind](ground, mover, found, said)
    return Done(found.id)


def _withdraw(ground: Ground, mover: Mover, message: Message, agent: str, key: str) -> Done:
    check_vouched(ground, withdrawal_of(ground.desk_id, agent, key), message.signature)
    found = mover.tx.escalations.by_key(agent, key)
    if found is None:
        raise NotFound("submission with key", key)
    effects.take_back(mover, found, _text(message.body))
    return Done(found.id)


def _propose(ground: Ground, mover: Mover, message: Message, agent: str) -> Done:
    """The agent's own reading of the policy is not asked for."""
    asked = _parsed(Question, message.body).asked()
    strict_loads(jcs(asked.action.parameters), max_bytes=MAX_BYTES // 2)
    id = message.name or ""
    if not is_id(id) or mover.tx.actions.get(id) is not None:
        raise InvalidRequest(f"{id!a} cannot be the id of a new proposal")
    judged = judge_action(ground, circumstances(ground, mover.tx, agent), agent, asked)
    record(mover.tx, judged, escalation=None, now=mover.now, id=id)
    mover.tx.events.add(proposed(judged, id, mover))
    return Done(proposal=announced(judged, id))


def _note_refusal(mover: Mover, message: Message, agent: str, key: str) -> Done:
    """What an agent's side refused to believe or to do is in the chain like any other refusal."""
    error = _parsed(Words, message.body).error
    if not is_known(error):
        raise InvalidRequest(f"{error[:60]!a} is no refusal")
    found = mover.tx.escalations.get(key)
    about = found.id if found is not None and found.agent == agent else None
    mover.tx.events.add(Event(f"refused:{error}", mover.actor, mover.now, escalation=about))
    return Done(about)


def _take(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    follow_take(ground, mover, found, giving_up=said.giving_up)


def _finish(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    follow_finish(mover, found, RunState(said.target))


def _end(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    effects.finish_unpaused(mover, found, RunState(said.target))


def _acknowledge(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    effects.acknowledge(mover, found, finish=said.finish)


def _outcome(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    effects.report(ground, mover, found, ok=said.ok, detail=said.detail)


def _rolled_back(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    effects.report_rollback(ground, mover, found, ok=said.ok, detail=said.detail)


def _undelivered(ground: Ground, mover: Mover, found: EscalationRow, said: Words) -> None:
    effects.note_undelivered(mover, found, tries=said.tries, trouble=said.detail)


_ON_ESCALATIONS: dict[str, Callable[[Ground, Mover, EscalationRow, Words], None]] = {
    "take": _take,
    "finish": _finish,
    "end": _end,
    "acknowledge": _acknowledge,
    "outcome": _outcome,
    "rolled_back": _rolled_back,
    "undelivered": _undelivered,
}


def _parsed(shape: type[Shape], body: bytes) -> Shape:
    try:
        return shape.model_validate(strict_loads(body or b"{}"))
    except (BriefError, ValidationError) as error:
        raise InvalidRequest(f"the body of the message cannot be read: {error}") from error


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")[:2000]
