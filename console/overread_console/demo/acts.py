"""What the simulated agents did in their world: one line for each decision, never two."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pydantic import BaseModel, JsonValue


class Act(BaseModel, frozen=True):
    """The effect of one decision, as the outside world saw it."""

    decision: str
    agent: str
    verdict: str
    did: str
    """What was executed; empty where nothing was."""
    parameters: dict[str, JsonValue]
    reason: str
    """The reviewer's words."""


class Acts:
    """A file that stands for the outside world. It honours the idempotency key it is given."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def once(self, act: Act) -> bool:
        """Do it, unless this decision was acted on before. True if it was done now."""
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if any(Act.model_validate_json(line).decision == act.decision for line in file):
                return False
            file.write(act.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def all(self) -> tuple[Act, ...]:
        """Everything that was done, oldest first."""
        if not self._path.exists():
            return ()
        return tuple(map(Act.model_validate_json, self._path.read_bytes().splitlines()))
