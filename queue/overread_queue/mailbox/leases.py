"""Which process of an agent acts on a run: kept by the agents' side, beside its ledger.

The desk cannot lend a run to somebody who talks to it by post. So the lease is a file of the
agent's own, changed under a lock and flushed before anything is done; the desk is told afterwards.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overread_queue.errors import LeaseHeld, StoreReadOnly, Tampered
from overread_queue.files import replace_file


class Lease(BaseModel):
    """A run that some process acts on until then."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    escalation: str
    fence: int
    until: int


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    fence: int = 0
    runs: dict[str, Lease] = Field(default_factory=dict)
    taken: dict[str, int] = Field(default_factory=dict)
    """The fence of whoever took an escalation's answer last, until it is finished."""


class Leases:
    """Shared by the processes of one agent."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, run: str, escalation: str, *, now: int, until: int) -> int:
        """Gives the fencing token. Raises `LeaseHeld` while another lease on the run lives."""
        with self._changing() as kept:
            held = kept.runs.get(run)
            if held is not None and held.until > now:
                raise LeaseHeld(run, seconds_left=max(1, (held.until - now) // 1000))
            kept.fence += 1
            kept.runs[run] = Lease(escalation=escalation, fence=kept.fence, until=until)
            kept.taken[escalation] = kept.fence
            return kept.fence

    def extend(self, run: str, escalation: str, *, fence: int, now: int, until: int) -> bool:
        """False once another process has taken the answer."""
        with self._changing() as kept:
            held = kept.runs.get(run)
            if held is not None and held.fence == fence and held.until > now:
                kept.runs[run] = held.model_copy(update={"until": until})
                return True
            return kept.taken.get(escalation) == fence

    @contextmanager
    def finishing(self, run: str, escalation: str, *, fence: int) -> Iterator[bool]:
        """Nobody can take the answer meanwhile. False, and nothing changes, for a lost lease."""
        with self._changing() as kept:
            mine = kept.taken.get(escalation) == fence
            yield mine
            if mine:
                del kept.taken[escalation]
                _free(kept, run, fence)

    def give_back(self, run: str, *, fence: int) -> None:
        with self._changing() as kept:
            _free(kept, run, fence)

    def went_on(self, run: str) -> None:
        """The run has come to its next gate, where the lease on the last one ends."""
        with self._changing() as kept:
            kept.runs.pop(run, None)

    @contextmanager
    def _changing(self) -> Iterator[_Kept]:
        with self._locked():
            kept = self._read()
            yield kept
            replace_file(self._path, kept.model_dump_json().encode(), mode=0o600)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self._path.with_suffix(".lock")
        try:
            lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreReadOnly(str(lock)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self) -> _Kept:
        try:
            return _Kept.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return _Kept()
        except ValidationError as error:
            raise Tampered(
                f"{self._path} is not what Overread wrote; make sure that no agent is at work, "
                "then remove it"
            ) from error


def _free(kept: _Kept, run: str, fence: int) -> None:
    held = kept.runs.get(run)
    if held is not None and held.fence == fence:
        del kept.runs[run]
