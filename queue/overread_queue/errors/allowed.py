"""What this person or agent may not do, now or at all."""

from __future__ import annotations

from overread_queue.errors.base import OverreadError


class NotAllowed(OverreadError):
    """This person or agent may not do this."""


class SelfApproval(NotAllowed):
    """A reviewer would decide for an agent that acts for them."""

    def __init__(self, reviewer: str, agent: str) -> None:
        super().__init__(
            f"{agent} acts for {reviewer}, so {reviewer} cannot decide for it; "
            "release the item so that somebody else gets it"
        )


class SamePerson(NotAllowed):
    """Dual control asks for two different people."""

    def __init__(self, reviewer: str, id: str) -> None:
        super().__init__(
            f"{reviewer} has given an opinion on {id}, and it needs somebody else's as well"
        )
        self.reviewer, self.id = reviewer, id


class OnHold(NotAllowed):
    """It is kept by a legal hold, whatever the retention says."""

    def __init__(self, id: str, *, kind: str, subject: str, by: str, reason: str) -> None:
        super().__init__(
            f"escalation {id} is kept: {by} holds {kind} {subject} ({reason}); nothing was "
            f"erased. `overread hold remove {kind} {subject}` ends the hold"
        )
        self.id, self.kind, self.subject = id, kind, subject


class WouldLose(NotAllowed):
    """Restoring would throw away what happened after the backup."""

    def __init__(self, lost: str) -> None:
        super().__init__(f"{lost}; nothing was changed. Say --accept-loss to go back all the same")
        self.lost = lost


class CapReached(NotAllowed):
    """A reviewer has done as much as the policy gives one person."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}, so approving stops here; rejecting, asking and handing on still work, "
            "and what is left goes to colleagues or the next pool"
        )
        self.what = what


class Halted(NotAllowed):
    """Somebody stopped this agent, or the whole desk; only a lead starts it again."""

    def __init__(self, who: str, *, by: str, reason: str = "") -> None:
        why = f": {reason}" if reason else ""
        super().__init__(
            f"{who} was stopped by {by}{why}; nothing was written, and nothing goes on until a "
            "lead runs `overread lift`"
        )
        self.who, self.by, self.reason = who, by, reason


class DeskSilent(NotAllowed):
    """Nothing has been heard of the desk for too long to know that nobody stopped this agent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the desk has said nothing for {seconds:,.0f} s, so nobody can tell whether it was "
            "stopped; start `overread intake --follow` on the desk's side, then try again"
        )
        self.seconds = seconds
