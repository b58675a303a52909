"""Which closed items to find out the truth about: not the lead's choice, and not the agent's.

Labels that somebody picked speak for what was picked. So there is one order, drawn under the audit
key; whoever works from the top has an even sample of everything, however far they get.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from heapq import nsmallest

from overread_queue.leading.audit_key import AuditKeys
from overread_queue.states import EscalationKind
from overread_queue.store.truths import Unjudged

_DOMAIN = b"overread.truth.v1\0"


def place(keys: AuditKeys, escalation: str, asked_at: int) -> bytes:
    """Where an item stands in the order: the smaller, the sooner. Nobody can tell beforehand, and
    a new key leaves what was asked before it where it is."""
    return hmac.digest(keys.at(asked_at), _DOMAIN + escalation.encode(), "sha256")


def first_few(keys: AuditKeys, items: Iterable[Unjudged], *, most: int) -> tuple[Unjudged, ...]:
    """The next ones to judge. Audits come first: each of them speaks for many actions."""

    def turn(one: Unjudged) -> tuple[bool, bytes]:
        return one.kind is not EscalationKind.AUDIT, place(keys, one.escalation, one.created_at)

    return tuple(nsmallest(most, items, key=turn))


def said_of(one: Unjudged) -> str:
    """What people and the agent made of it, in a sentence. A hint where to look, never the truth:
    people approve what is wrong, and agents do not see all that they break."""
    if one.verdict == "timed_out" or one.verdict is None:
        return "nobody answered in time"
    if one.kind is not EscalationKind.APPROVAL:
        return f"looked at afterwards and called {'right' if one.approved else 'wrong'}"
    told = {None: "", "ok": "; its agent says it worked", "failed": "; its agent says it failed"}
    return f"people said {one.verdict.replace('_', ' ')}{told[one.outcome]}"
