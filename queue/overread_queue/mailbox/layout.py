"""Where a mailbox keeps what. Nothing here touches the disk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import platformdirs

from overread_queue.places import INBOX, OUTBOX, PRIVATE, TRUST, Places


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of the mailbox at `root`, each with its own owner and mode."""

    root: Path

    @property
    def inbox(self) -> Path:
        """2750: agents write the database in it, and can neither rename nor add a file."""
        return self.root / INBOX

    @property
    def inbox_db(self) -> Path:
        return self.inbox / "inbox.db"

    @property
    def outbox(self) -> Path:
        """2750: agents read it."""
        return self.root / OUTBOX

    @property
    def private(self) -> Path:
        """0700: agents cannot enter it."""
        return self.root / PRIVATE

    @property
    def trust(self) -> Path:
        """0755: everybody reads it, agents never write it."""
        return self.root / TRUST

    @property
    def policies(self) -> Path:
        """Every version of the policy that was ever in force."""
        return Places.in_mailbox(self.root).policies

    @property
    def lock(self) -> Path:
        """Held by whoever writes the outbox."""
        return self.private / "outbox.lock"

    # -- papers in the outbox

    @property
    def board(self) -> Path:
        """What the desk tells everybody: stops, breakers, and how full it is."""
        return self.outbox / "desk.json"

    @property
    def agents(self) -> Path:
        return self.outbox / "agents"

    def agent(self, agent: str) -> Path:
        """The folder of what is for one agent; no two names share one."""
        return self.agents / quote(agent, safe="")

    def feed(self, agent: str) -> Path:
        """What this agent has to take back, and what people hold against what it did."""
        return self.agent(agent) / "feed.json"

    def paper(self, agent: str, escalation: str) -> Path:
        """Where an escalation stands."""
        return self.agent(agent) / f"{quote(escalation, safe='')}.json"

    def decision(self, agent: str, escalation: str, attempt: int) -> Path:
        """Its answer: written once, never replaced."""
        return self.agent(agent) / f"{quote(escalation, safe='')}.{attempt}.decision"

    def run(self, agent: str, run: str) -> Path:
        """A run's name may be too long for a file."""
        return self.agent(agent) / f"{hashlib.sha256(run.encode()).hexdigest()}.run"

    def answer(self, agent: str, name: str) -> Path:
        """What became of a message."""
        return self.agent(agent) / f"{quote(name, safe='')}.answer"


def ledger_of(desk: str, agent: str) -> Path:
    """Where an agent's own user remembers the decisions that it has used."""
    moved = os.environ.get("OVERREAD_LEDGER")
    folder = (
        Path(moved) if moved else platformdirs.user_state_path("overread") / quote(desk, safe="")
    )
    return folder / f"{quote(agent, safe='')}.jsonl"
