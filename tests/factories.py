"""Real desks on disk, filled with what a test does not care about."""

from __future__ import annotations

import atexit
import getpass
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from frictionless import FRICTIONLESS
from overread_briefs import (
    Action,
    Brief,
    Editable,
    EditableField,
    Evidence,
    Option,
    Provenance,
    Recommendation,
    Software,
    Step,
    Trigger,
)
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.clock import Clock, ManualClock
from overread_queue.ground import Ground
from overread_queue.mailbox.following import intake
from overread_queue.mailbox.layout import ledger_of
from overread_queue.places import Places
from overread_queue.setup import add_agent, add_reviewer, init_desk, init_mailbox
from overread_queue.trust.people import Agent, Reviewer
from overread_queue.trust.roster import Roster

LONG_ENOUGH = 60.0
"""Seconds of patience that a busy machine never uses up."""
NOON = 1_795_000_000_000
"""A fixed moment for clocks that stand still."""

POLICY = (
    """
schema = "overread/policy/1"
name = "Test desk"
owner = "owners"

[settings]
undo = "10s"
lease = "5m"

[risk.low]
reversible = "autonomous"
compensable = "notify"
irreversible = "soft_review"
[risk.medium]
reversible = "notify"
compensable = "soft_review"
irreversible = "hard_approval"
[risk.high]
reversible = "soft_review"
compensable = "hard_approval"
irreversible = "hard_approval"
[risk.critical]
reversible = "hard_approval"
compensable = "hard_approval"
irreversible = "hard_stop"

[pools.refunds]
label = "Refunds"
role = "refunds"
senior = "seniors"
[pools.seniors]
label = "Senior refunds"
role = "senior"
senior = "owners"
[pools.owners]
label = "Desk owner"
role = "owner"

[actions."payments.refund"]
label = "Refund a customer"
impact = "high"
reversibility = "irreversible"
pool = "refunds"
sla = "4h"
minutes = 3
fallback = "senior"
on_silence = "senior refunds takes over"

[actions."mail.send"]
label = "Send a mail"
impact = "medium"
reversibility = "irreversible"
pool = "refunds"
sla = "1h"
minutes = 2
fallback = "fail"
on_silence = "nothing is sent"

[actions."content.hide"]
label = "Hide a listing"
impact = "high"
reversibility = "compensable"
pool = "refunds"
sla = "2h"
minutes = 2
fallback = "safe_default"
on_silence = "the listing stays"

[actions."data.erase"]
label = "Erase personal data"
impact = "critical"
reversibility = "irreversible"
pool = "refunds"
sla = "8h"
minutes = 5
fallback = "fail"
on_silence = "nothing is erased"
"""
    + FRICTIONLESS
)

HARMLESS = POLICY.replace(
    'impact = "high"\nreversibility = "irreversible"',
    'impact = "low"\nreversibility = "reversible"',
)
"""A refund may be made by any agent that says that it can undo it."""

TYPES = ("payments.refund", "mail.send", "content.hide", "data.erase")


def brief(
    question: str = "Refund $420.00 on order A-1009?",
    *,
    agent: str = "refund-agent",
    action_type: str = "payments.refund",
    amount: float = 420.0,
    run: str | None = None,
    options: tuple[Option, ...] = (),
    recommendation: bool = True,
    at: int = NOON,
) -> Brief:
    """A complete brief within its budget."""
    return Brief(
        accomplished=[
            Step(text="Read the order"),
            Step(text="Asked the carrier", outcome="failed"),
        ],
        question=question,
        triggers=[
            Trigger(
                kind="confidence",
                rule="low-confidence",
                signal="confidence",
                observed=0.62,
                comparison="<",
                threshold=0.8,
            )
        ],
        evidence=[
            Evidence(
                id="customer-mail",
                title="Customer: parcel never came",
                content="It never came.\nPlease refund.",
                source="mail",
                as_of=at - 3_600_000,
                stance="supports",
            ),
            Evidence(
                id="carrier-scan",
                title="Carrier scan: delivered, signed",
                content="2026-08-12 14:03 DELIVERED, signed M. Keller",
                source="carrier",
                as_of=at - 120_000,
                stance="contradicts",
            ),
            Evidence(
                id="bank-account",
                title="Account to refund",
                content="DE02 1203 0000 0000 2020 51",
                source="ledger",
                as_of=at - 60_000,
                max_age=3600,
                sensitivity="confidential",
            ),
        ],
        recommendation=Recommendation(
            option="approve", reason="loyal customer, first claim", confidence=0.62
        )
        if recommendation
        else None,
        options=options or default_options(),
        action=Action(
            type=action_type,
            parameters={"order": "A-1009", "amount": amount, "currency": "USD"},
            target="A-1009",
            editable=Editable(
                type="object",
                properties={"amount": EditableField(type="number", minimum=0.01, maximum=420)},
            ),
        ),
        agent=Software(name=agent, version="1.4.0"),
        run=run,
        provenance=Provenance(source="support mailbox", at=at - 3_600_000),
    )


def default_options() -> tuple[Option, ...]:
    return (
        Option(
            key="approve",
            label="Approve refund",
            kind="approve",
            consequence="agent issues $420.00 now",
        ),
        Option(
            key="change",
            label="Change the amount",
            kind="modify",
            consequence="agent issues what you enter",
        ),
        Option(
            key="reject", label="Reject", kind="reject", consequence="customer is told no, and why"
        ),
    )


@dataclass(frozen=True)
class House:
    """One real desk on disk and the clock that its doors share."""

    places: Places
    clock: Clock

    @property
    def path(self) -> Path:
        return self.places.db

    def agent(self, name: str = "refund-agent") -> AgentQueue:
        return AgentQueue.open(self.path, agent=name, clock=self.clock, patience=LONG_ENOUGH)

    def ledger(self, agent: str = "refund-agent") -> Path:
        """Where that agent keeps the decisions it has used."""
        if self.places.mailbox is None:
            return self.places.ledger_of(agent)
        return ledger_of(Roster.load(self.places).desk.id, agent)

    def catch_up(self) -> None:
        """Have the desk behind a mailbox take in and tell what there is."""
        if self.places.mailbox is not None:
            with closing(Ground(self.places, self.clock)) as ground:
                intake(ground)

    def desk(self, reviewer: str = "ana") -> ReviewDesk:
        return ReviewDesk.open(self.path, reviewer=reviewer, clock=self.clock)


def house(
    folder: Path,
    *,
    clock: Clock | None = None,
    policy: str = POLICY,
    single_operator: bool = False,
    mailbox: bool = False,
) -> House:
    """A desk with ana (refunds), ben (refunds), sam (senior), olga (owner), and two agents.

    `refund-agent` belongs to nobody, `ana-agent` acts for ana.
    """
    own = ManualClock(NOON)
    if clock is None and not mailbox and folder.name.startswith("test_"):
        return House(_copied(folder, policy, single_operator), own)
    clock = clock or own
    return House(_made(folder, clock, policy, single_operator, mailbox=mailbox), clock)


def _copied(folder: Path, policy: str, single_operator: bool) -> Places:
    """A desk as it was made once for many tests: most want one, and none two with one identity."""
    template = _template(policy, single_operator)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return Places.of(folder / "desk.db")


@cache
def _template(policy: str, single_operator: bool) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="overread-desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _made(folder, ManualClock(NOON), policy, single_operator)
    return folder


def _made(
    folder: Path, clock: Clock, policy: str, single_operator: bool, *, mailbox: bool = False
) -> Places:
    make, name = (init_mailbox, "desk") if mailbox else (init_desk, "desk.db")
    places = make(
        folder / name, policy=policy.encode(), single_operator=single_operator, clock=clock
    )
    user = (getpass.getuser(),)
    roles = {"ana": "refunds", "ben": "refunds", "sam": "senior", "olga": "owner"}
    for name, role in roles.items():
        person = Reviewer(name=name, label=name.title(), roles=(role,), user=user)
        add_reviewer(places, person)
    add_agent(places, Agent(name="refund-agent", label="Refunds", actions=TYPES))
    add_agent(places, Agent(name="ana-agent", label="Ana's", operator="ana", actions=TYPES))
    return places
