"""A desk under change control, and drafts of its next policy."""

from __future__ import annotations

import json
from pathlib import Path

import command
from frictionless import FRICTIONLESS
from overread_queue.places import Places
from overread_queue.setup import add_agent, add_reviewer, init_desk
from overread_queue.trust.people import Agent, Reviewer

POLICY = (
    command.POLICY.format(undo="0s", lease="5m")
    .replace(FRICTIONLESS, "")
    .replace('role = "refunds"\n', 'role = "refunds"\nmax_items = 2\n')
    + """
[actions."payments.credit"]
label = "Credit goodwill"
impact = "low"
reversibility = "compensable"
pool = "refunds"
sla = "4h"
minutes = 2
fallback = "fail"
on_silence = "nothing is credited"
parameters = {amount = "amount"}

[governance."payments.refund".hard_stop]
role = "lead"
dual = true
fallback = "fail"

[breaker]
rejections = 1

[signoff]
activate = ["product"]
loosen = ["risk-owner"]

[[rules]]
id = "large-credit"
kind = "business_rule"
actions = ["payments.credit"]
when = [{parameter = "amount", is = ">", value = 100}]
tier = "hard_approval"
note = "more than a gesture"

[[examples]]
name = "A gesture"
action = "payments.credit"
expect = "notify"
parameters = {amount = 20}
"""
)
UNDRAWN = POLICY + FRICTIONLESS
"""For stories in which people decide: that one decides alone is not left to a draw."""
LOOSER = POLICY.replace("value = 100", "value = 500")
STRICTER = POLICY.replace("value = 100", "value = 50")

PEOPLE = {
    "ana": ("refunds",),
    "boris": ("lead", "refunds"),
    "pia": ("product",),
    "ruth": ("risk-owner",),
}


def make_desk(folder: Path, policy: str = POLICY) -> Path:
    """A desk with the agent `refund-agent` and `PEOPLE`."""
    db = folder / "desk.db"
    places = init_desk(db, policy=policy.encode())
    for name, roles in PEOPLE.items():
        add_reviewer(places, Reviewer(name=name, label=name.title(), roles=roles))
    actions = ("payments.refund", "payments.credit")
    add_agent(places, Agent(name="refund-agent", label="Refunds", actions=actions))
    return db


def in_force(db: Path) -> str:
    return Places.of(db).policy_file.read_text(encoding="utf-8")


def draft(folder: Path, text: str) -> Path:
    """A policy file beside the desk."""
    file = folder / "draft.toml"
    file.write_text(text, encoding="utf-8")
    return file


def credit(amount: object, **more: object) -> str:
    """What `overread propose` reads, for a goodwill credit."""
    action = {
        "type": "payments.credit",
        "parameters": {"amount": amount},
        "reversibility": "compensable",
        "compensation": {"type": "payments.debit"},
    }
    return json.dumps({"agent": "refund-agent", "action": action, **more})


def propose(db: Path, amount: object, **more: object) -> command.Members:
    """The verdict on a goodwill credit."""
    done = command.run("propose", "-", "--db", db, stdin=credit(amount, **more))
    assert done.returncode == 0, done.stderr
    verdict: command.Members = json.loads(done.stdout)
    return verdict
