"""Desks with an action type for each tier, and the briefs that their agents write."""

from __future__ import annotations

import getpass
from pathlib import Path

from pydantic import JsonValue

from factories import NOON, House, brief
from frictionless import FRICTIONLESS
from journey import raw
from overread_briefs import Action, Brief, Software
from overread_briefs.action import Compensation, Reversibility
from overread_briefs.fields import Parameters
from overread_queue.clock import Clock, ManualClock
from overread_queue.office import LeadOffice
from overread_queue.setup import add_agent, add_reviewer, init_desk, init_mailbox
from overread_queue.store.actions import ActionRow
from overread_queue.trust.people import Agent, Reviewer

AUTONOMOUS, NOTIFY, SOFT, HARD, STOP = (
    "cache.flush",
    "tag.add",
    "listing.hide",
    "payments.refund",
    "data.erase",
)
TYPES = (AUTONOMOUS, NOTIFY, SOFT, HARD, STOP, "mail.send")

POLICY = (
    """
schema = "overread/policy/1"
name = "Five tiers"
owner = "owners"

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

[pools.first]
label = "First line"
role = "first"
next = "second"
senior = "owners"
{first}
[pools.second]
label = "Second line"
role = "second"
senior = "owners"
{second}
[pools.owners]
label = "Owners"
role = "owner"

[actions."cache.flush"]
label = "Flush a cache"
impact = "low"
reversibility = "reversible"
pool = "first"
sla = "2h"
minutes = 1
fallback = "fail"
on_silence = "nothing"

[actions."tag.add"]
label = "Tag a customer"
impact = "low"
reversibility = "compensable"
pool = "first"
sla = "2h"
minutes = 1
fallback = "fail"
on_silence = "nothing"

[actions."listing.hide"]
label = "Hide a listing"
impact = "medium"
reversibility = "compensable"
pool = "first"
sla = "2h"
minutes = 2
fallback = "fail"
on_silence = "the listing comes back"
compensations = ["listing.show"]

[actions."payments.refund"]
label = "Refund a customer"
impact = "high"
reversibility = "irreversible"
pool = "first"
sla = "4h"
minutes = 3
fallback = "senior"
on_silence = "the owners take over"
parameters = {{ amount = "amount" }}

[actions."mail.send"]
label = "Send a mail"
impact = "medium"
reversibility = "irreversible"
pool = "second"
sla = "24h"
latency_tolerance = "8h"
minutes = 2
fallback = "fail"
on_silence = "nothing is sent"

[actions."data.erase"]
label = "Erase personal data"
impact = "critical"
reversibility = "irreversible"
pool = "first"
sla = "8h"
minutes = 5
fallback = "fail"
on_silence = "nothing is erased"

[[rules]]
id = "unsure"
kind = "confidence"
actions = ["listing.hide"]
when = [{{ signal = "confidence", is = "<", value = 0.5 }}]
tier = "hard_approval"
"""
    + FRICTIONLESS
)

NO_AUDITS = "[audit]\nrate = 0\nnew_rate = 0\nfloor = 0\n"
ALL_AUDITED = "[audit]\nrate = 1\nnew_rate = 1\n"

PEOPLE = {
    "ana": ("first", "second"),
    "ben": ("first",),
    "olga": ("owner",),
    "lea": ("lead", "engineering"),
    "ria": ("risk",),
}


def policy(*, first: str = "", second: str = "", more: str = NO_AUDITS) -> str:
    """The policy, with limits of its pools and tables of its own."""
    return POLICY.format(first=first, second=second) + more


def tier_house(
    folder: Path, text: str | None = None, *, clock: Clock | None = None, mailbox: bool = False
) -> House:
    """A desk with the people above and the agent `bot`, who may propose every type."""
    clock = clock or ManualClock(NOON)
    body = (text or policy()).encode()
    make, name = (init_mailbox, "desk") if mailbox else (init_desk, "desk.db")
    places = make(folder / name, policy=body, clock=clock)
    user = (getpass.getuser(),)
    for name, roles in PEOPLE.items():
        add_reviewer(places, Reviewer(name=name, label=name.title(), roles=roles, user=user))
    add_agent(places, Agent(name="bot", label="Bot", actions=TYPES))
    return House(places, clock)


def office(house: House, lead: str = "lea") -> LeadOffice:
    return LeadOffice.open(house.path, reviewer=lead, clock=house.clock)


def flush(**parameters: JsonValue) -> Action:
    return _action(AUTONOMOUS, "reversible", {"cache": "front", **parameters})


def tag(**parameters: JsonValue) -> Action:
    return _action(NOTIFY, "compensable", {"customer": "C-1", **parameters})


def hide(listing: str = "L-1", *, back: str | None = "listing.show") -> Action:
    """Hide a listing; `back` is the type of the action that would take it back."""
    compensation = Compensation(type=back, parameters={"listing": listing}) if back else None
    return Action(
        type=SOFT,
        parameters={"listing": listing},
        reversibility="compensable",
        compensation=compensation,
    )


def refund(amount: float = 420.0) -> Action:
    return _action(HARD, "irreversible", {"order": "A-1009", "amount": amount})


def erase() -> Action:
    return _action(STOP, "irreversible", {"customer": "C-1"})


def mail(to: str = "C-1") -> Action:
    return _action("mail.send", "irreversible", {"to": to})


def asking(action: Action, *, run: str | None = None, confidence: float | None = 0.9) -> Brief:
    """A brief about `action`; its evidence never gets old."""
    written = brief(f"May I {action.type}?", agent="bot", run=run)
    signals = {} if confidence is None else {"confidence": confidence}
    fresh = tuple(one.model_copy(update={"max_age": None}) for one in written.evidence)
    return written.model_copy(update={"action": action, "signals": signals, "evidence": fresh})


def by(agent: str, written: Brief) -> Brief:
    """The same brief from another agent."""
    return written.model_copy(update={"agent": Software(name=agent, version="1.0.0")})


def with_old_evidence(written: Brief, *, now: int) -> Brief:
    """The same brief with one piece of evidence an hour past its maximum age."""
    first, *others = written.evidence
    old = first.model_copy(update={"as_of": now - 2 * 3_600_000, "max_age": 3600})
    return written.model_copy(update={"evidence": (old, *others)})


def recorded(house: House) -> list[ActionRow]:
    """Every proposal as the desk has kept it, oldest first."""
    with raw(house.path) as db:
        return [
            ActionRow.of(row) for row in db.execute("SELECT * FROM action ORDER BY proposed_at, id")
        ]


def _action(type: str, reversibility: Reversibility, parameters: Parameters) -> Action:
    return Action(type=type, reversibility=reversibility, parameters=parameters)
