"""What was asked for is not there, not possible now, or was somebody else's first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from overread_queue.errors.base import OverreadError

if TYPE_CHECKING:
    from overread_briefs.decision import Decision


Thing = Literal[
    "escalation",
    "run",
    "submission with key",
    "proposal",
    "notice",
    "alarm",
    "test",
    "broken glass on",
    "review",
    "session",
    "evidence",
    "evidence content",
    "masked parameter",
]
"""What can be asked for."""

_LIST: Final = "`overread list` shows what is"
_CARD: Final = "the item's own card shows what is"
_WHERE: Final[Mapping[Thing, str]] = {
    "escalation": _LIST,
    "run": _LIST,
    "submission with key": _LIST,
    "proposal": "propose the action again",
    "notice": "`overread notices` shows what is",
    "alarm": "`overread alarms list --all` shows what is",
    "test": "`overread probes list` shows what is",
    "broken glass on": "`overread review` tells where some was broken",
    "review": "claim the item again",
    "session": "begin another one",
    "evidence": _CARD,
    "evidence content": _CARD,
    "masked parameter": _CARD,
}
"""Where to look for what there is of each kind, or what to do without it."""


class NotFound(OverreadError):
    """There is no such thing on this desk."""

    def __init__(self, kind: Thing, id: str) -> None:
        super().__init__(f"there is no {kind} {id!r} on this desk; {_WHERE[kind]}")
        self.kind, self.id = kind, id


class Conflict(OverreadError):
    """The same key was submitted with other content. History is never overwritten."""

    def __init__(self, key: str, *, stored: str, received: str) -> None:
        super().__init__(
            f"key {key!r} already names another brief (stored {stored}, received {received}); "
            "use a new key, or revise() the earlier one"
        )
        self.key, self.stored, self.received = key, stored, received


class Erased(OverreadError):
    """The content was erased on purpose; the record that it was decided stays."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"what escalation {id} was about has been erased, so nothing can follow from it; "
            "its verdict and signature are kept, and `overread show` names them"
        )
        self.id = id


class MoveRefused(OverreadError):
    """A state machine does not have this move, or somebody else moved first."""

    def __init__(self, machine: str, id: str, *, found: str, wanted: str) -> None:
        super().__init__(
            f"{machine} {id} is {found}, so it cannot become {wanted}; look again and retry"
        )
        self.machine, self.id, self.found, self.wanted = machine, id, found, wanted


class LeaseLost(OverreadError):
    """The lease lapsed or somebody else holds it; what was about to be written was not."""

    def __init__(self, what: str, id: str) -> None:
        super().__init__(
            f"the lease on {what} {id} is no longer yours, so nothing was written; claim it again"
        )
        self.what, self.id = what, id


class NotApproved(OverreadError):
    """`resume` was called on a decision that releases no action."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"decision {decision.id} is {decision.verdict}: there is no action to run; "
            "acknowledge() it, or revise() the brief"
        )
        self.decision = decision


class LeaseHeld(OverreadError):
    """Another process is acting on this run right now."""

    def __init__(self, run: str, *, seconds_left: int) -> None:
        super().__init__(
            f"run {run} is being resumed by another process; if that one has died, "
            f"it can be taken again in {seconds_left} s"
        )
        self.run, self.seconds_left = run, seconds_left


class StillPending(OverreadError):
    """Nobody has answered yet."""

    def __init__(self, id: str) -> None:
        super().__init__(f"escalation {id} has no answer yet; wait() for one")
        self.id = id


class Superseded(OverreadError):
    """A revised brief took this one's place."""

    def __init__(self, id: str, successor: str) -> None:
        super().__init__(f"escalation {id} was replaced by {successor}; wait for that one")
        self.id, self.successor = id, successor


class InvalidRequest(OverreadError):
    """The call itself makes no sense; the sentence says what to pass instead."""


class UnknownMetric(InvalidRequest):
    """There is no such measure."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no measure {name!r}; there are {', '.join(known)}")
        self.name = name


class Unsuited(InvalidRequest):
    """A blind test of this kind cannot be made of this question."""

    def __init__(self, mutation: str, because: str) -> None:
        super().__init__(f"{mutation} does not suit this question: {because}; take another one")
        self.mutation, self.because = mutation, because


class InvalidPolicy(OverreadError):
    """A policy or roster file cannot be used."""


class Backpressure(OverreadError):
    """The desk is full. Nothing was recorded; try again later."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the desk is full; try again in {retry_after} s")
        self.retry_after = retry_after


class Undelivered(OverreadError):
    """A collector did not take what it was told."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(
            f"the collector at {endpoint} took nothing; is it there, and does it speak OTLP over "
            "HTTP? Nothing is lost: it is told again the next time"
        )
        self.endpoint = endpoint
