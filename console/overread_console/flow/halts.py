"""Who is stopped, in words."""

from __future__ import annotations

from overread_briefs.visible import visible
from overread_queue.models import Halt

LIFT = "a lead lifts it: overread lift"
"""What stands beside every stop."""


def who(halt: Halt) -> str:
    """`refund-agent`, or `the whole desk`."""
    return visible(halt.agent) if halt.agent is not None else "the whole desk"


def halt_words(halt: Halt) -> str:
    """`refund-agent, by ana: refunds go out twice`."""
    why = f": {visible(halt.reason)}" if halt.reason else ""
    return f"{who(halt)}, by {visible(halt.by)}{why}"


def halts_short(halts: tuple[Halt, ...]) -> str:
    """For the top line of every screen: `stopped: refund-agent`; empty while nobody is."""
    if not halts:
        return ""
    return f"stopped: {who(halts[0])}" + (f" and {len(halts) - 1} more" if halts[1:] else "")
