"""How long to leave something alone that went wrong."""

from __future__ import annotations

FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 300.0


def milliseconds_after(attempts: int) -> int:
    """Until the next attempt: twice as long each time."""
    doublings = min(attempts - 1, 32)
    return round(min(FIRST_RETRY_SECONDS * (1 << doublings), LONGEST_RETRY_SECONDS) * 1000)


class Patience:
    """What went wrong, by name, and when it is worth another attempt. Forgotten with the process.

    All times are UTC milliseconds.
    """

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, int]] = {}

    def due(self, name: str, *, now: int) -> bool:
        return self._failures.get(name, (0, 0))[1] <= now

    def failed(self, name: str, *, now: int) -> None:
        attempts = self._failures.get(name, (0, 0))[0] + 1
        self._failures[name] = (attempts, now + milliseconds_after(attempts))

    def worked(self, name: str) -> None:
        self._failures.pop(name, None)
