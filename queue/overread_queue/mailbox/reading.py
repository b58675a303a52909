"""The agents' side of the outbox: what the desk says, shown to be the desk's own words."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from overread_queue.clock import Clock
from overread_queue.errors import NotAllowed, Tampered
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.papers import (
    Answer,
    Board,
    DecisionPaper,
    Feed,
    Paper,
    RunPaper,
    Standing,
)
from overread_queue.mailbox.sealing import MAX_BYTES, unseal
from overread_queue.places import Places
from overread_queue.policy.load import PolicyFile, kept_policy
from overread_queue.policy.model import Policy
from overread_queue.trust.roster import Roster, RosterFile

Kind = TypeVar("Kind", bound=Paper)
SILENT_AFTER_MS = 10 * 60_000
"""With no word of the desk for so long, nobody can tell whether it has stopped the agent."""


class MailTrust:
    """What an agent of another user verifies and judges by: the trust folder, and nothing else."""

    def __init__(self, layout: Layout, clock: Clock) -> None:
        places = Places.in_mailbox(layout.root)
        self._clock = clock
        self._rosters = RosterFile(places)
        self._policies = PolicyFile(places.policy_file)
        self._kept = places.policies

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def desk_id(self) -> str:
        return self.roster().desk.id

    def roster(self) -> Roster:
        return self._rosters.current()

    def policy(self) -> Policy:
        return self._policies.current()

    def policy_of(self, sha256: str) -> Policy:
        """The version that something was submitted under. Raises `Tampered` for none."""
        now = self.policy()
        return now if now.sha256 == sha256 else kept_policy(self._kept, sha256)


class Papers:
    """Every paper that one agent reads. Raises `Forged` and `Tampered` for what is none."""

    def __init__(self, layout: Layout, trust: MailTrust, agent: str) -> None:
        self._layout = layout
        self._trust = trust
        self._agent = agent

    def board(self) -> Board | None:
        return self._read(Board, self._layout.board)

    def feed(self) -> Feed | None:
        return self._read(Feed, self._layout.feed(self._agent))

    def answer(self, name: str) -> Answer | None:
        found = self._read(Answer, self._layout.answer(self._agent, name))
        if found is not None and (found.agent, found.name) != (self._agent, name):
            raise Tampered(f"the answer to {name} belongs to {found.agent}'s {found.name}")
        return found

    def standing(self, id: str) -> Standing | None:
        """Raises `NotAllowed` for an escalation of another agent."""
        path = self._layout.paper(self._agent, id)
        found = self._read(Standing, path)
        if found is None:
            self._refuse_others(path.name, id)
        elif (found.found.agent, found.found.id) != (self._agent, id):
            raise Tampered(f"the paper on {id} is about {found.found.id} of {found.found.agent}")
        return found

    def standings(self) -> tuple[Standing, ...]:
        """Every one of this agent's, newest first."""
        ids = sorted((one.stem for one in self._folder().glob("*-*.json")), reverse=True)
        found = (self.standing(id) for id in ids)
        return tuple(one for one in found if one is not None)

    def run(self, run: str) -> RunPaper | None:
        found = self._read(RunPaper, self._layout.run(self._agent, run))
        if found is not None and (found.agent, found.run) != (self._agent, run):
            raise Tampered(f"the paper on run {run} is about {found.run} of {found.agent}")
        return found

    def decision(self, id: str, attempt: int) -> DecisionPaper | None:
        return self._read(DecisionPaper, self._layout.decision(self._agent, id, attempt))

    def silent_for(self) -> float | None:
        """Seconds since the desk spoke last, where that is too long; None while it speaks."""
        board, now = self.board(), self._trust.clock.now()
        since = now - (board.at if board else 0)
        return since / 1000 if abs(since) > SILENT_AFTER_MS else None

    def _folder(self) -> Path:
        return self._layout.agent(self._agent)

    def _refuse_others(self, name: str, id: str) -> None:
        for other in self._layout.agents.glob(f"*/{name}"):
            owner = self._read(Standing, other)
            if owner is not None:
                raise NotAllowed(
                    f"escalation {id} belongs to {owner.found.agent}, not {self._agent}"
                )

    def _read(self, kind: type[Kind], path: Path) -> Kind | None:
        data = _bytes(path)
        if data is None:
            return None
        words = unseal(data, self._trust.roster(), source=str(path))
        try:
            paper = kind.model_validate_json(words)
        except ValidationError as error:
            raise Tampered(f"{path} is not what it should be") from error
        if paper.desk != self._trust.desk_id:
            raise Tampered(f"{path} comes from another desk")
        return paper


def _bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise NotAllowed(
            f"{path} cannot be read ({error.strerror}); is this user in the agents' group?"
        ) from error
    if len(data) > MAX_BYTES:
        raise Tampered(f"{path} is larger than anything that the desk writes")
    return data
