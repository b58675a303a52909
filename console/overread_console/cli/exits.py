"""Exit codes, in one place. Scripts depend on them: a number never changes its meaning."""

from __future__ import annotations

from enum import IntEnum

from overread_briefs.decision import Verdict
from overread_briefs.errors import BriefError
from overread_queue import errors


class Exit(IntEnum):
    """What the number that a command leaves behind says."""

    DONE = 0
    """Done; from `wait`, approved exactly as proposed."""
    FAILED = 1
    """The database could not do what was asked, or `doctor` found something broken."""
    USAGE = 2
    """The command line, or a file it names, makes no sense."""
    INVALID_BRIEF = 3
    CONFLICT = 4
    """The same key with other content, or somebody else moved first."""
    INTEGRITY = 5
    """Forged, tampered, replayed or expired: never act."""
    NOT_FOUND = 6
    NOT_ALLOWED = 7
    """Not for this person or agent, or not yet; or it is stopped, until `overread lift`."""
    MODIFIED = 10
    REJECTED = 11
    NEED_INFO = 12
    TAKEN_OVER = 13
    TIMED_OUT = 14
    WITHDRAWN = 15
    BACKPRESSURE = 75
    """The desk is full, or an agent's runtime or a collector out of reach; try again later."""
    PENDING = 124
    """Nobody has decided yet."""
    INTERRUPTED = 130
    """Ctrl-C."""
    CLOSED_PIPE = 141
    """Whoever read the output left."""


_ERRORS: tuple[tuple[type[Exception], Exit], ...] = (
    (BriefError, Exit.INVALID_BRIEF),
    (errors.Conflict, Exit.CONFLICT),
    (errors.MoveRefused, Exit.CONFLICT),
    (errors.LeaseLost, Exit.CONFLICT),
    (errors.LeaseHeld, Exit.CONFLICT),
    (errors.Superseded, Exit.CONFLICT),
    (errors.StillPending, Exit.PENDING),
    (errors.IntegrityError, Exit.INTEGRITY),
    (errors.NotFound, Exit.NOT_FOUND),
    (errors.Erased, Exit.NOT_FOUND),
    (errors.NotAllowed, Exit.NOT_ALLOWED),
    (errors.NotYet, Exit.NOT_ALLOWED),
    (errors.NotApproved, Exit.NOT_ALLOWED),
    (errors.InvalidRequest, Exit.USAGE),
    (errors.InvalidPolicy, Exit.USAGE),
    (errors.Backpressure, Exit.BACKPRESSURE),
    (errors.Undelivered, Exit.BACKPRESSURE),
)

_VERDICTS: dict[Verdict, Exit] = {
    "approve": Exit.DONE,
    "modify": Exit.MODIFIED,
    "reject": Exit.REJECTED,
    "need_info": Exit.NEED_INFO,
    "taken_over": Exit.TAKEN_OVER,
    "timed_out": Exit.TIMED_OUT,
    "withdrawn": Exit.WITHDRAWN,
}


def exit_for(error: Exception) -> Exit:
    """The code for a named error; `FAILED` for those of the store and whatever has no own code."""
    for kind, code in _ERRORS:
        if isinstance(error, kind):
            return code
    return Exit.FAILED


def exit_for_verdict(verdict: Verdict) -> Exit:
    """The code of `wait`: 0 only for an approval exactly as proposed."""
    return _VERDICTS[verdict]
