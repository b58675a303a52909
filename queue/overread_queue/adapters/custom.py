"""A runtime of one's own: whatever offers `runtime`, `locate`, `resume` and `drive_on`."""

from __future__ import annotations

from typing import cast

from overread_queue.adapters.loading import named
from overread_queue.adapters.target import Target
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest

_OFFERS = ("runtime", "locate", "resume", "drive_on")


def target(queue: AgentQueue, spec: str) -> Target:
    """`spec` names a function that takes the queue. Raises `InvalidRequest`."""
    make = named(spec)
    if not callable(make):
        raise InvalidRequest(f"{spec} is no function that takes the queue and returns a Target")
    made = make(queue)
    lacking = [name for name in _OFFERS if not hasattr(made, name)]
    if lacking:
        raise InvalidRequest(f"what {spec} returns offers no {', '.join(lacking)}")
    return cast("Target", made)
