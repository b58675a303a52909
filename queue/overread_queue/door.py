"""What every door does: it opens onto one desk and closes behind its user."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from overread_queue.clock import Clock, SystemClock
from overread_queue.ground import Ground
from overread_queue.places import Places

D = TypeVar("D", bound="Door")


class Closing(ABC):
    """What is closed when its user leaves the block."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Door(Closing):
    """Base of the doors onto a desk's own database. Each adds what its user may do, and nothing of
    the others'."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def close(self) -> None:
        self._ground.close()


def opened(path: str | Path, clock: Clock | None, make: Callable[[Ground], D]) -> D:
    """The door that `make` builds on the desk at `path`; a refusal leaves nothing open."""
    ground = Ground(Places.of(path), clock or SystemClock())
    try:
        return make(ground)
    except BaseException:
        ground.close()
        raise
