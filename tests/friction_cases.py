"""What three consoles review in any order: kinds of cases, words, pauses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factories import POLICY, brief
from friction_trace import Asked
from frictionless import with_friction
from overread_briefs import Brief
from overread_queue import ReviewDesk
from overread_queue.models import Item, Receipt, Review

RULES = with_friction(
    POLICY,
    floor_hard="20s",
    floor_irreversible="45s",
    read_contradictions=True,
    withhold_from="high",
    challenge_from="high",
)
CONSOLES = {"ana": "ana", "ana again": "ana", "kim": "kim"}
MULTIPLIERS = {"ana": 1.0, "kim": 2.0}
REASON = "a customer who never asked before"
LONG = "the courier wrote once more that somebody else signed " * 40

REFUND = Asked(45, 20, frozenset({"carrier-scan"}), judged=True, challenged=True)
CASES = {
    "refund": REFUND,
    "bare-refund": replace(REFUND, judged=False),
    "mail": replace(REFUND, judged=False, challenged=False),
    "long-mail": replace(REFUND, reading=360, judged=False, challenged=False),
}
WORDS = (
    "the signature on the scan belongs to a neighbour",
    "THE SIGNATURE on the scan belongs to a neighbour!",
    "the bank account was opened after the order was placed",
    "not sure",
    "refund on order, wrong wrong wrong wrong wrong",
)
PATIENT = (50, 50)
PAUSES = (PATIENT, (), (44,), (50,), (59, 59, 59), (61, 61, 61))
"""Seconds between signs of activity."""
SHORTCUTS = ("read", "judge", "challenge", "changed", "nonsense", "clock")


def asked_in(case: str) -> Brief:
    """What an agent asks in each kind of case."""
    amount = 100.0 + [*CASES].index(case)
    kind = "mail.send" if "mail" in case else "payments.refund"
    plain = brief(action_type=kind, amount=amount, recommendation=case != "bare-refund")
    scan = plain.evidence[1]
    if case == "long-mail":
        scan = scan.model_copy(update={"content": LONG})
    said = plain.recommendation and plain.recommendation.model_copy(update={"reason": REASON})
    evidence = (plain.evidence[0], scan, plain.evidence[2])
    return plain.model_copy(update={"recommendation": said, "evidence": evidence})


def something_new(number: int) -> str:
    """A challenge that nobody has written yet."""
    return " ".join(f"{word}{number}" for word in ("invoice", "account", "courier", "signature"))


@dataclass
class Console:
    """One reviewer at one screen."""

    name: str
    who: str
    desk: ReviewDesk
    items: dict[str, Item]
    looks: dict[str, Review]
    """The latest look at each kind of case, also where it is long over."""
    screen: str = ""
    """Id of the review that was opened last."""
    receipt: Receipt | None = None
