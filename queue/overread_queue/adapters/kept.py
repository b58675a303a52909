"""Runs that stopped at tool calls, kept on the agent's side while people decide.

One file for each run, `AGENT.runs/` beside the agents' ledger, replaced whole and checked by its
digest when it is read. A runtime's state goes on from nowhere else: it says what may be run, so it
never passes through a model, a queue or a reviewer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from overread_queue.adapters.asking import digest
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest, OverreadError
from overread_queue.files import replace_file


class KeptGone(OverreadError):
    """The file of a run that waits is not there."""

    def __init__(self, run: str, path: Path) -> None:
        super().__init__(
            f"what was kept of run {run!r} is gone; bring {path} back from a copy, or begin the "
            "run anew under another name"
        )


class KeptAltered(OverreadError):
    """The file of a run, or what it says of one call, is not what was written."""

    def __init__(self, run: str, path: Path) -> None:
        super().__init__(
            f"what was kept of run {run!r} was altered after it was written, so nothing of it is "
            f"run; bring {path} back from a copy, or begin the run anew under another name"
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A tool call that waits for an answer."""

    gate: str
    """Its name on the desk: the same for as long as it waits, and no other call's ever."""
    tool: str
    """Digest of the tool as it was defined when the run stopped."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a run stands."""

    runtime: str
    run: str
    turn: int
    """How often it has stopped before."""
    state: str
    """The runtime's own text; empty once the run is over."""
    pending: Mapping[str, Pending] = field(default_factory=dict)
    """By id of the call."""

    def next(self, state: str, tools: Mapping[str, str]) -> Kept:
        """Stopped again, at the calls that `tools` names; those that waited before wait on."""
        turn = self.turn + 1
        fresh = {call: Pending(self._gate(turn, call), tool) for call, tool in tools.items()}
        still = {call: self.pending[call] for call in tools.keys() & self.pending.keys()}
        return Kept(self.runtime, self.run, turn, state, {**fresh, **still})

    def waits_at(self, gate: str) -> bool:
        return any(one.gate == gate for one in self.pending.values())

    def _gate(self, turn: int, call: str) -> str:
        """The turn is in it because a model may use the id of a call twice."""
        return digest([self.run, turn, call])


class Shelf:
    """The kept runs of one agent in one runtime."""

    def __init__(self, queue: AgentQueue, runtime: str) -> None:
        self._folder = queue.wakes.with_suffix(".runs")
        self._runtime = runtime

    def has(self, run: str) -> bool:
        return self.path(run).exists()

    def get(self, run: str) -> Kept:
        """Raises `KeptGone`, `KeptAltered`."""
        path = self.path(run)
        try:
            claimed, _, text = path.read_text("utf-8").partition("\n")
        except FileNotFoundError as error:
            raise KeptGone(run, path) from error
        except UnicodeDecodeError as error:
            raise KeptAltered(run, path) from error
        if claimed != _sha256(text):
            raise KeptAltered(run, path)
        kept = _read(text)
        if (kept.runtime, kept.run) != (self._runtime, run):
            raise KeptAltered(run, path)
        return kept

    def put(self, kept: Kept) -> None:
        """Durable when this returns."""
        text = json.dumps(asdict(kept))
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.path(kept.run), f"{_sha256(text)}\n{text}".encode(), mode=0o600)

    def path(self, run: str) -> Path:
        """A run's name may hold anything, so a file is called by its digest."""
        if not run:
            raise InvalidRequest("a run needs a name; pass one that is the same after a crash")
        return self._folder / digest([self._runtime, run])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(text: str) -> Kept:
    found = json.loads(text)
    pending = {call: Pending(**one) for call, one in found.pop("pending").items()}
    return Kept(pending=pending, **found)
