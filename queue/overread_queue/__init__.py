"""The durable queue: doors for agents, reviewers and leads, onto one store."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overread_briefs import InvalidBrief
    from overread_queue.agent import AgentQueue
    from overread_queue.desk import ReviewDesk
    from overread_queue.errors import OverreadError
    from overread_queue.office import LeadOffice

__all__ = ["AgentQueue", "InvalidBrief", "LeadOffice", "OverreadError", "ReviewDesk"]

_HOMES = {
    "AgentQueue": "overread_queue.agent",
    "InvalidBrief": "overread_briefs",
    "LeadOffice": "overread_queue.office",
    "OverreadError": "overread_queue.errors",
    "ReviewDesk": "overread_queue.desk",
}


def __getattr__(name: str) -> object:
    """Doors are imported when they are used: a hook that runs once for every tool call of an agent
    pays for none of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
