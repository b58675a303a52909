"""What a runtime has to offer, so that answers can be brought to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from overread_briefs import Brief, Decision
from overread_briefs.fields import Parameters
from overread_queue.store.wakes import Wake

Found = Literal["waiting", "not_yet", "gone"]
"""The gate waits for this very answer; the runtime has not come to it; it waits no longer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one gate is told: a decision that was verified, and where it belongs."""

    wake: Wake
    decision: Decision


class Target(Protocol):
    """One runtime. The worker holds a lease on the run while it calls `resume` and `drive_on`, so
    neither is ever called twice at once for one run. Both may take as long as the agent does.

    Any exception means "not now": the answer is brought again later, so whatever `resume` did
    before it failed must bear being done again.
    """

    @property
    def runtime(self) -> str:
        """Its name in the wakes: adapters of one agent keep apart by it."""

    def locate(self, wake: Wake) -> Found:
        """Where the gate stands now. Must name the gate by its own id, never by "the next one"."""

    def resume(self, answers: Sequence[Answer]) -> None:
        """Give the answer to its gate, and run on until the runtime waits again or ends.

        One answer, unless its wakes share a batch: then all of the batch, in the order of its
        wakes. A runtime that finds it waits for something else must refuse, never take it.
        """

    def drive_on(self, wake: Wake) -> None:
        """The answer was taken before a crash: do what is left of the run, if anything is."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A gate at which an agent waits that asks nobody by itself."""

    gate: str
    """The runtime's own name of it, the same each time it is found."""
    serial_key: str
    target: Parameters
    brief: Callable[[], Brief]
    """Called where nobody has asked yet. Raises what is wrong with it."""
    batch_id: str | None = None
    """Where the runtime wants several answers at once."""


@runtime_checkable
class Looking(Protocol):
    """A target may also find what waits in its runtime: for agents that nobody has to change."""

    @property
    def runtime(self) -> str: ...

    def look(self) -> Iterable[Pause]:
        """Everything that waits for people now, asked about or not. Raises where the runtime cannot
        be reached."""
