"""Approvals that have not earned themselves yet. Rejecting, asking and handing on never wait."""

from __future__ import annotations

import math

from overread_queue.errors.base import OverreadError


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
