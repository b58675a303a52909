"""Every refusal has a name and says what to do next.

OverreadError
├── NotFound · Conflict · Erased ·
│   NotAllowed (SelfApproval · SamePerson · OnHold · WouldLose · CapReached · Halted ·
│               DeskSilent)
├── MoveRefused · LeaseLost · LeaseHeld
├── NotYet (TooSoon · EvidenceUnread · JudgementFirst · ChallengeMissing · Boilerplate ·
│           ClockWentBack)
├── NotApproved · StillPending · Superseded
├── InvalidRequest · InvalidPolicy · Backpressure
├── IntegrityError (Forged · Tampered · Replayed · Expired)
└── StoreError (StoreBusy · StoreInUse · StoreReadOnly · StoreFull · StoreCorrupt · NotADesk ·
                TooManyFiles · NetworkDisk · InboxAltered · NewerSchema · NoDesk · StoreReplaced)

`InvalidBrief` lives with the briefs and is raised unchanged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overread_briefs.decision import Decision


class OverreadError(Exception):
    """Base of everything Overread raises on purpose."""


class NotFound(OverreadError):
    """There is no such thing on this desk."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"there is no {kind} {id!r} on this desk; `overread list` shows what is")
        self.kind, self.id = kind, id


class Conflict(OverreadError):
    """The same key was submitted with other content. History is never overwritten."""

    def __init__(self, key: str, *, stored: str, received: str) -> None:
        super().__init__(
            f"key {key!r} already names another brief (stored {stored}, received {received}); "
            "use a new key, or revise() the earlier one"
        )
        self.key, self.stored, self.received = key, stored, received


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


class Erased(OverreadError):
    """The content was erased on purpose; the record that it was decided stays."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"what escalation {id} was about has been erased, so nothing can follow from it; "
            "its verdict and signature are kept, and `overread show` names them"
        )
        self.id = id


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


class NotYet(OverreadError):
    """An approval that has not earned itself yet. Rejecting, asking and handing on never wait."""


class TooSoon(NotYet):
    """Less active review time than the policy asks for."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(
            f"approving opens in {math.ceil(seconds_left)} s of reading; "
            "rejecting, asking and handing on are open now"
        )
        self.seconds_left = seconds_left


class EvidenceUnread(NotYet):
    """Evidence that contradicts the recommendation has not been opened."""

    def __init__(self, evidence: tuple[str, ...]) -> None:
        super().__init__(f"open what contradicts first: {', '.join(evidence)}")
        self.evidence = evidence


class JudgementFirst(NotYet):
    """The recommendation is withheld until the reviewer has committed to a judgement."""

    def __init__(self) -> None:
        super().__init__("record your own judgement first; the recommendation is shown after it")


class ChallengeMissing(NotYet):
    """A high-risk approval without its challenge."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"before approving, {missing}")
        self.missing = missing


class Boilerplate(NotYet):
    """A challenge that says nothing about this case."""

    def __init__(self, kind: str, words: str, *, may_keep: bool = False) -> None:
        super().__init__(words)
        self.kind, self.may_keep = kind, may_keep


class ClockWentBack(NotYet):
    """The clock shows an earlier time than when the review began or was last active."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the clock went back by {seconds:.0f} s during this review, so its times mean "
            "nothing; give the item back and open it again"
        )
        self.seconds = seconds


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


class InvalidPolicy(OverreadError):
    """A policy or roster file cannot be used."""


class Backpressure(OverreadError):
    """The desk is full. Nothing was recorded; try again later."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the desk is full; try again in {retry_after} s")
        self.retry_after = retry_after


class IntegrityError(OverreadError):
    """Something that must not be believed. No action may follow from it."""


class Forged(IntegrityError):
    """A signature is missing, wrong, or by a key that is not trusted for it."""


class Tampered(IntegrityError):
    """Content does not match what was signed or submitted."""


class Replayed(IntegrityError):
    """A decision that was already used, or belongs to something else."""


class Expired(IntegrityError):
    """A decision that came true too late to act on."""


class StoreError(OverreadError):
    """The database could not do what was asked."""


class StoreBusy(StoreError):
    """Somebody else is writing."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__(
            f"{path} was locked by another program for {seconds:g} s; nothing was written. "
            "Try again; if it stays locked, find the program that holds it"
        )


class StoreReadOnly(StoreError):
    """The file or its folder cannot be written."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be written; check its owner, its mode and those of its folder"
        )


class StoreFull(StoreError):
    """The disk is full."""

    def __init__(self, path: str, *, freed: bool = False) -> None:
        now = "The desk gave up its reserve, so it works if you do it again now. " if freed else ""
        super().__init__(
            f"the disk under {path} is full; nothing was written. {now}Free some space"
            f"{'' if freed else ' and try again'}"
        )
        self.freed = freed


class TooManyFiles(StoreError):
    """This process, or the machine, has no file handle left."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be opened: this program has as many files open as it may. Nothing was "
            "written, and nothing is damaged. Close what is not needed, or raise `ulimit -n`"
        )


class NetworkDisk(StoreError):
    """The desk is on a disk of another machine."""

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(
            f"{path} is on {kind}, a network file system, where two machines overwrite each "
            "other's writes unseen; move the desk to a disk of this machine"
        )
        self.kind = kind


class StoreCorrupt(StoreError):
    """SQLite says the file is damaged."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"{path} is damaged ({detail}); stop writing, keep a copy, restore a backup"
        )


class StoreReplaced(StoreError):
    """Another file is at the path, or none."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was replaced or moved away while it was open; nothing was written. "
            "Open the desk again"
        )


class StoreInUse(StoreError):
    """Somebody has the desk open, and this needs it alone."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"somebody has {path} open; nothing was changed. Stop the agents, close the consoles "
            "and sweeps, and try again"
        )


class InboxAltered(StoreError):
    """The agents' inbox is not the file that Overread made. Nothing in it is read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} was altered: {why}. Nothing in it is read; keep a copy to look at, then "
            "`overread intake --renew` makes an empty one, and agents submit again"
        )
        self.why = why


class NotADesk(StoreError):
    """The file exists but is not an Overread desk."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is not an Overread desk; check the path, or make one with `overread init`"
        )


class NewerSchema(StoreError):
    """A newer program wrote this desk."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}, this program knows {known}; upgrade Overread. "
            "Nothing was written"
        )


class NoDesk(StoreError):
    """There is no file at the path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no desk at {path}; make one with `overread init --db {path}`")
