"""Questions of agents that do not ask at the desk by themselves: found in their runtime, put there
once each."""

from __future__ import annotations

from collections.abc import Sequence

from overread_queue.adapters.asking import ask_once, recalled
from overread_queue.adapters.retrying import Patience
from overread_queue.adapters.target import Looking, Pause, Target
from overread_queue.adapters.telling import Tell, Told
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock

LOOK_SECONDS = 5.0
"""Between two looks through a runtime."""


class Lookout:
    """Any number may look at once: a gate's own name is the key under which it is asked about."""

    def __init__(self, queue: AgentQueue, target: Target, *, clock: Clock, tell: Tell) -> None:
        self._queue, self._target, self._clock, self._tell = queue, target, clock, tell
        self._patience = Patience()
        self._next_at = 0

    def look(self) -> None:
        """Ask whatever waits unasked. What goes wrong is told, and tried again with back-off: one
        gate keeps no other from being asked about."""
        if isinstance(self._target, Looking) and self._clock.now() >= self._next_at:
            for pause in self._pauses(self._target):
                self._ask_once(pause)

    def _pauses(self, target: Looking) -> Sequence[Pause]:
        name, now = target.runtime, self._clock.now()
        self._next_at = now + round(LOOK_SECONDS * 1000)
        if not self._patience.due(name, now=now):
            return ()
        try:
            found = tuple(target.look())
        except Exception as trouble:
            self._failed(name, name, trouble)
            return ()
        self._patience.worked(name)
        return found

    def _ask_once(self, pause: Pause) -> None:
        if not self._patience.due(pause.gate, now=self._clock.now()):
            return
        try:
            if recalled(self._queue, runtime=self._target.runtime, gate=pause.gate) is None:
                self._ask(pause)
        except Exception as trouble:
            self._failed(pause.gate, pause.serial_key, trouble)
        else:
            self._patience.worked(pause.gate)

    def _ask(self, pause: Pause) -> None:
        escalation = ask_once(self._queue, self._target.runtime, pause, clock=self._clock)
        self._tell(Told("asked", escalation, pause.serial_key))

    def _failed(self, name: str, serial_key: str, trouble: Exception) -> None:
        self._patience.failed(name, now=self._clock.now())
        self._tell(Told("unasked", "", serial_key, f"{type(trouble).__name__}: {trouble}"))
