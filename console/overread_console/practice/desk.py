"""A desk for practice: real in every part, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from overread_console.practice.items import PracticeItem
from overread_console.retime import retimed
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock
from overread_queue.models import Status
from overread_queue.places import Places
from overread_queue.policy.load import parse_policy
from overread_queue.setup import add_agent, add_reviewer, init_desk
from overread_queue.trust.people import Agent, Reviewer

NAME = "PRACTICE, nothing here is real"
REVIEWER = "you"

_MOVED_ELSEWHERE = ("OVERREAD_TRUST", "OVERREAD_KEYS")


@dataclass(frozen=True, slots=True)
class PracticeDesk:
    """Where to practise, and what is known about each escalation there."""

    path: Path
    labels: Mapping[str, PracticeItem]
    """By escalation id."""


def policy_for(items: Path, desk: Path) -> bytes:
    """The policy to practise under: the items' own, or the shipped one.

    Its friction is that of the real desk, where there is one. Nothing is held, as every decision
    is explained at once.
    """
    own = items / "policy.toml"
    source = own if own.is_file() else Path(__file__).parent / "policy.toml"
    policy = tomllib.loads(_checked(source).decode())
    real = Places.of(desk).policy_file
    if real.is_file():
        policy["friction"] = tomllib.loads(_checked(real).decode()).get("friction", {})
    policy.setdefault("settings", {})["undo"] = "0s"
    return tomli_w.dumps(policy).encode()


def _checked(file: Path) -> bytes:
    """Raises `InvalidPolicy` with line and remedy."""
    data = file.read_bytes()
    parse_policy(data, source=str(file))
    return data


@contextmanager
def practice_desk(
    items: Sequence[PracticeItem], *, policy: bytes, clock: Clock
) -> Iterator[PracticeDesk]:
    """A desk on which these items wait, in this order, for one reviewer."""
    with _own_places(), tempfile.TemporaryDirectory(prefix="overread-practice-") as folder:
        places = init_desk(Path(folder) / "practice.db", policy=policy, name=NAME, clock=clock)
        asked = tuple(_ask(places, item, number, clock) for number, item in enumerate(items, 1))
        pools = parse_policy(policy, source="policy").pools
        roles = tuple(sorted({pools[status.pool].role for status in asked}))
        add_reviewer(places, Reviewer(name=REVIEWER, label="You, practising", roles=roles))
        labels = {status.id: item for status, item in zip(asked, items, strict=True)}
        yield PracticeDesk(places.db, labels)


@contextmanager
def _own_places() -> Iterator[None]:
    """Without the variables that would put this desk's keys among those of a real one."""
    hidden = {name: os.environ.pop(name) for name in _MOVED_ELSEWHERE if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _ask(places: Places, item: PracticeItem, number: int, clock: Clock) -> Status:
    """As an agent of its own, so that an item that is stopped stops no other one."""
    brief = item.brief
    name = f"{brief.agent.name}-{number}"
    add_agent(places, Agent(name=name, label=brief.agent.name, actions=(brief.action.type,)))
    named = brief.model_copy(update={"agent": brief.agent.model_copy(update={"name": name})})
    with AgentQueue.open(places.db, agent=name, clock=clock) as queue:
        ticket = queue.submit(retimed(named, by=clock.now() - item.moment))
        return queue.status(ticket.id)
