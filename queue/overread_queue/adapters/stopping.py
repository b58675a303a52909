"""Agents whose runs stop at tool calls: every call is asked about once, and its answer goes on.

What Pydantic AI and the OpenAI Agents SDK share. The order makes it safe to die anywhere: a run's
new place is kept first, then its calls are asked about, and asking again asks nothing new.
"""

from __future__ import annotations

import asyncio
import atexit
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeVar

from overread_briefs import Brief, Decision
from overread_briefs.brief import Software
from overread_queue.adapters.asking import ask_once, digest
from overread_queue.adapters.briefing import ToBrief, ToolCall, brief_for
from overread_queue.adapters.kept import Kept, KeptAltered, Shelf
from overread_queue.adapters.loading import named
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest, OverreadError, StillPending
from overread_queue.store.wakes import Wake

T = TypeVar("T")
_LOOP = asyncio.Runner()
"""One loop for every resume: the connections of a model's client outlive a single run, and cannot
be used on another loop than the one they were opened on."""
atexit.register(_LOOP.close)


class AgentChanged(OverreadError):
    """An answer would run something else than what was decided on."""

    def __init__(self, run: str, what: str) -> None:
        super().__init__(
            f"{what} is not what it was when run {run!r} stopped; let the agent as it was then "
            "finish the run, or begin it anew under another name"
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """A tool call at which a run stopped."""

    call: ToolCall
    tool: str
    """Digest of the tool's definition; empty where nobody can know it."""


class StoppingGate(ABC):
    """One agent of a runtime, and how its calls become questions."""

    runtime: ClassVar[str]
    together: ClassVar[bool]
    """Whether a run goes on only with the answers to all its calls."""
    takes_edits: ClassVar[bool]
    """Whether it can run a call with other arguments than the model's."""

    def __init__(self, to_brief: ToBrief | None) -> None:
        self._to_brief = to_brief

    @abstractmethod
    def stops(self, run: str, state: str) -> Sequence[Stop]:
        """What a run waits for. Raises nothing, whatever a model has called: a place that could not
        be kept would be come to again, and what led to it done again."""

    @abstractmethod
    def go_on(self, run: str, state: str, decided: Mapping[str, Decision]) -> str:
        """Run until it stops again, and return the state; empty at the end of the run."""

    def asked(self, queue: AgentQueue, run: str) -> tuple[str, ...] | None:
        """The escalations that a run waits for, asked now where a crash came between; none of them
        once it is over. None for a run that never stopped: begin it."""
        shelf = Shelf(queue, self.runtime)
        return self.ask(queue, shelf.get(run)) if shelf.has(run) else None

    def keep(self, queue: AgentQueue, run: str, state: str) -> tuple[str, ...]:
        """Keep a run where it stopped for the first time, and ask about its calls."""
        shelf = Shelf(queue, self.runtime)
        if shelf.has(run):
            raise InvalidRequest(
                f"run {run!r} was kept before; look with `asked` first, and begin a run only where "
                "that returns None"
            )
        return self.move(queue, Kept(self.runtime, run, -1, ""), state)

    def move(self, queue: AgentQueue, kept: Kept, state: str) -> tuple[str, ...]:
        """Keep where the run stands now, and ask about what it has not asked about."""
        stops = self.stops(kept.run, state) if state else ()
        following = kept.next(state, {one.call.id: one.tool for one in stops})
        Shelf(queue, self.runtime).put(following)
        return self.ask(queue, following)

    def ask(self, queue: AgentQueue, kept: Kept) -> tuple[str, ...]:
        """Once for each call, however often it is done.

        Raises `InvalidRequest` where an answer could reach more calls than one.
        """
        stops = self.stops(kept.run, kept.state) if kept.state else ()
        ids = {one.call.id for one in stops} - {""}
        if len(ids) < len(stops):
            raise InvalidRequest(
                f"calls of run {kept.run!r} come with the same id or with none, so an answer could "
                "reach the wrong one; begin the run anew under another name"
            )
        pauses = [self._pause(queue, kept, one.call) for one in stops]
        return tuple(ask_once(queue, self.runtime, one) for one in pauses)

    def _pause(self, queue: AgentQueue, kept: Kept, call: ToolCall) -> Pause:
        arguments = digest(call.arguments)
        return Pause(
            gate=kept.pending[call.id].gate,
            serial_key=kept.run,
            target={"run": kept.run, "call": call.id, "arguments": arguments},
            brief=partial(self._brief, queue, call),
            batch_id=digest([kept.run, kept.turn]) if self.together else None,
        )

    def _brief(self, queue: AgentQueue, call: ToolCall) -> Brief:
        ours = brief_for(Software(name=queue.agent, version=self.runtime), source=self.runtime)
        brief = (self._to_brief or ours)(call)
        action = brief.action
        if action and action.editable and digest(action.parameters) != digest(call.arguments):
            raise InvalidRequest(
                f"the brief for {call.name} lets people edit parameters that are not the arguments "
                "of the call; take them as they are, or leave `editable` out"
            )
        return brief


class StoppedRuns:
    """The runs of one agent, as a worker sees them."""

    def __init__(self, queue: AgentQueue, gate: StoppingGate) -> None:
        self._queue, self._gate = queue, gate
        self._shelf = Shelf(queue, gate.runtime)

    @property
    def runtime(self) -> str:
        return self._gate.runtime

    def locate(self, wake: Wake) -> Found:
        return "waiting" if self._kept(wake).waits_at(wake.gate) else "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        kept = self._kept(answers[0].wake)
        stops = {one.call.id: one for one in self._gate.stops(kept.run, kept.state)}
        for one in answers:
            self._check(kept, stops, one.wake)
        if self._gate.together and len(answers) < len(kept.pending):
            # A crash came between the questions of one turn: the others are asked now.
            raise StillPending(self._gate.ask(self._queue, kept)[-1])
        decided = {str(one.wake.where["call"]): one.decision for one in answers}
        self._gate.move(self._queue, kept, self._gate.go_on(kept.run, kept.state, decided))
        self._own_up(answers)

    def drive_on(self, wake: Wake) -> None:
        self._gate.ask(self._queue, self._kept(wake))

    def _own_up(self, answers: Sequence[Answer]) -> None:
        """An edited action that was not run is no success of the approval's."""
        for one in answers:
            if one.decision.verdict == "modify" and not self._gate.takes_edits:
                told = f"{self.runtime} runs no edited call; the agent was told what to call"
                self._queue.outcome(one.wake.answered_by, ok=False, detail=told)

    def _kept(self, wake: Wake) -> Kept:
        return self._shelf.get(str(wake.where["run"]))

    def _check(self, kept: Kept, stops: Mapping[str, Stop], wake: Wake) -> None:
        """What would run is what the question was about, by a record kept apart from the state."""
        call = str(wake.where["call"])
        pending, stop = kept.pending.get(call), stops.get(call)
        if pending is None or pending.gate != wake.gate:
            raise InvalidRequest(f"run {kept.run!r} does not wait for {wake.escalation} any more")
        if stop is None or digest(stop.call.arguments) != wake.where["arguments"]:
            raise KeptAltered(kept.run, self._shelf.path(kept.run))
        if stop.tool != pending.tool:
            raise AgentChanged(kept.run, f"the tool {stop.call.name!r}")


def gate_of(spec: str, kind: type[T]) -> T:
    """The gate that `package.module:name` names. Raises `InvalidRequest`."""
    found = named(spec)
    if not isinstance(found, kind):
        raise InvalidRequest(f"{spec} is no {kind.__name__} of {kind.__module__}")
    return found


def finished(work: Coroutine[object, object, T]) -> T:
    """What it returns, on the one loop."""
    return _LOOP.run(work)
