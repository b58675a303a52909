"""What is written on the papers in the outbox. Each names its desk and the time of its writing."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from overread_queue.asking.tentative import Objection
from overread_queue.models import Halt, Proposal, Ticket
from overread_queue.states import RunState
from overread_queue.store.opinions import OpinionRow
from overread_queue.store.rows import DecisionRow, EscalationRow, PayloadRow


class Paper(BaseModel):
    """Base of them all."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )

    desk: str
    at: int


class Board(Paper):
    """For everybody."""

    about: Literal["board"] = "board"
    halts: tuple[Halt, ...]
    breakers: tuple[str, ...]
    depths: dict[str, tuple[int, int]]
    """Items and expected seconds, by pool."""
    reviewers: int
    shut: frozenset[str]
    """Pools that nobody works any more today."""


class Standing(Paper):
    """Where one escalation stands."""

    about: Literal["standing"] = "standing"
    found: EscalationRow
    question: str
    successor: str | None
    delivery: str | None
    """How far its agent has come with the answer."""


class RunPaper(Paper):
    about: Literal["run"] = "run"
    agent: str
    run: str
    state: RunState


class DecisionPaper(Paper):
    """An answer with all that an agent needs to verify it, and to go on."""

    about: Literal["decision"] = "decision"
    decision: DecisionRow
    payload: PayloadRow
    opinions: tuple[OpinionRow, ...]


class Feed(Paper):
    """For one agent."""

    about: Literal["feed"] = "feed"
    agent: str
    rollbacks: tuple[str, ...]
    objections: tuple[Objection, ...]


class Refusal(BaseModel):
    """An error of ours on its way to another process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: str
    text: str
    fields: dict[str, str | int | float | None] = Field(default_factory=dict)


class Answer(Paper):
    """What became of one message."""

    about: Literal["answer"] = "answer"
    agent: str
    name: str
    refusal: Refusal | None = None
    ticket: Ticket | None = None
    proposal: Proposal | None = None
