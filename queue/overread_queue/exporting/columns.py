"""The columns of every export: what other people's programs read. Names and meanings are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from overread_queue.exporting.wish import What

Kind = Literal["text", "integer", "number", "boolean", "time", "json"]
"""A `time` is UTC to the millisecond; `json` is text that holds JSON."""
Cell = str | int | float | bool | None
"""What a column holds. A time is a number of milliseconds until a writer writes it."""
Record = tuple[Cell, ...]
"""One row, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A row where its meaning does not apply holds nothing in it."""

    name: str
    kind: Kind
    meaning: str


def columns(what: What) -> tuple[Column, ...]:
    """Those of one export, in their order."""
    return _COLUMNS[what]


_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


def _table(text: str) -> tuple[Column, ...]:
    return tuple(_parsed(text + _ALWAYS))


def _parsed(text: str) -> Iterator[Column]:
    for line in filter(str.strip, text.splitlines()):
        name, kind, meaning = line.split(maxsplit=2)
        yield Column(name, _KINDS[kind], meaning)


_ALWAYS = """
single_operator boolean people of this desk may decide for agents that act for them
"""

_SESSIONS = """
session text id
reviewer text person-1, person-2 … by first appearance in this file; the name where it was asked for
started_at time when the batch was claimed
ended_at time when it was closed, by its reviewer or by their next one
wall_seconds number from start to end
active_seconds number of active review, added up over its looks
expected_seconds integer what the policy expected the batch to take
break_seconds number pause since this person's last session
looks integer times that something was opened
escalations integer different ones among them
approved integer answered exactly as proposed, confirmed or found right
modified integer answered with changes
rejected integer answered no, disagreed or found wrong
asked integer answered with a question
taken_over integer taken over by a person
handed_on integer handed on to another pool
snoozed integer put back for later
released integer put back
lapsed integer lost because the lease ran out
undone integer approvals taken back inside their window
judged integer first judgements, before the recommendation was shown
differed integer those that were not what the recommendation said
challenged integer approvals whose weakest point was named
boilerplate integer those that were flagged as boilerplate and kept
evidence_opened integer pieces of evidence opened, added up over its looks
"""

_DECISIONS = """
decision text id, escalation/attempt: the key under which an agent acts
escalation text id
attempt integer number of the question's attempt
verdict text approve, modify, reject, need_info, taken_over, withdrawn or timed_out (never a no)
option text key of the option chosen
signer text who signed: part of the record; desk where nobody answered
role text in which the signer decided
kind text approval, soft_review or audit
tier text how far the agent could go by itself
pool text where it was decided
action_type text what the agent wants to do
agent text who asked
requester text whom the agent acts for
decided_at time when it was chosen
released_at time when it was signed and released
expires_at time until when an agent may begin to act on it
waited_seconds number from submission to release
active_seconds number of active review, by everybody who looked
opinions integer people who had said something before, under dual control
recommended text option that the agent recommended
followed boolean the option chosen is the one recommended
delivery text pending, taken, done or failed: what the agent did with it
taken_at time when the agent first took it up
done_at time when the agent was through with it
outcome text ok or failed, as the agent reported afterwards
reason text what the reviewer wrote
left_out boolean words were left out of this row, for their class
envelope json what was signed, exactly
signature text SSH signature of the envelope, base64
"""

_ESCALATIONS = """
escalation text id
agent text who asked
agent_version text as the brief says
model text as the brief says
model_version text as the brief says
run text the agent's workflow
kind text approval, soft_review or audit
tier text how far the agent could go by itself
severity integer 1 to 5, of the tier
pool text where it is, or was last
action_type text what the agent wants to do
state text WAITING, CLAIMED, HELD, DECIDED, TIMED_OUT, WITHDRAWN or SUPERSEDED
attempt integer number of the question's attempt
revises text id of the escalation that this one replaces
created_at time when it was submitted
sla_seconds number until its first deadline
deadline_at time the deadline in force
closed_at time when it left the desk
waited_seconds number from submission to closing
timeouts integer deadlines missed
hops integer times it was handed on
expected_seconds integer of review, as the policy expects
stake integer expected loss if nobody looks, in points
verdict text as in decisions
recommended text option that the agent recommended; not while it is open
looks integer times that somebody opened it; not while it is open
active_seconds number of active review, by everybody; not while it is open
opinions integer of people under dual control; not while it is open
sensitivity text strictest class of anything in the brief
evidence integer pieces of evidence
contradicting integer those that speak against the recommendation
question text as the agent asks it
parameters json what would be executed; sensitive values are masked
left_out boolean words or values were left out of this row, for their class
brief_sha256 text of the received bytes
action_sha256 text of type and parameters
policy_sha256 text of the policy that ruled
erased_at time when its words were erased
"""

_EVENTS = """
seq integer number, without gaps over the whole history
at time when it happened
actor text who did it; part of what the hash covers
kind text what happened
agent text whom it is about
run text of that agent
escalation text id
detail json ids, digests and numbers; never words
previous text hash of the event before
hash text SHA-256 over the event and the hash before
"""

_COLUMNS: dict[What, tuple[Column, ...]] = {
    "sessions": _table(_SESSIONS),
    "decisions": _table(_DECISIONS),
    "escalations": _table(_ESCALATIONS),
    "events": _table(_EVENTS),
}
