"""Break glass: a lead decides alone on what the policy gives to others, and everybody is told.

A policy has to say beforehand that leads may. The decision carries a role of its own, and the desk
shows it until another lead has looked at it. Nobody breaks it for an agent of their own.
"""

from __future__ import annotations

from overread_briefs.decision import BREAK_GLASS
from overread_queue.clock import new_id
from overread_queue.errors import InvalidRequest, MoveRefused, NotAllowed, NotFound, SelfApproval
from overread_queue.ground import Ground
from overread_queue.models import Comment
from overread_queue.moves import Mover
from overread_queue.reviewing.looking import escalation
from overread_queue.states import OPEN, EscalationState
from overread_queue.store.bell import EVERYBODY


def break_glass(ground: Ground, mover: Mover, lead: str, id: str, *, reason: str) -> None:
    """Give one open escalation to this lead alone, with a reason that travels with it."""
    row = escalation(mover.tx, id)
    if row.state not in OPEN:
        raise MoveRefused("escalation", id, found=row.state, wanted=EscalationState.CLAIMED)
    policies = (ground.policy(), ground.policy_of(row.policy_sha256))
    if not all(one.settings.break_glass for one in policies):
        raise NotAllowed(
            "the policy does not let a lead decide alone; it says so with `break_glass = true`"
        )
    if ground.roster().is_operator(lead, row.agent):
        raise SelfApproval(lead, row.agent)
    if not reason.strip():
        raise InvalidRequest("say why: everybody on this desk gets to read it")
    mover.note("glass_broken", row, {"role": BREAK_GLASS})
    mover.tx.desk.add_comment(new_id(mover.now), id, Comment(lead, mover.now, reason))
    mover.tx.wake(EVERYBODY)


def look_at(mover: Mover, lead: str, id: str) -> None:
    """Another lead has looked at it. Raises `NotFound`, and `NotAllowed` for who broke it."""
    found = next((one for one in mover.tx.glass.broken() if one.escalation == id), None)
    if found is None:
        raise NotFound("broken glass on", id)
    if found.by.lower() == lead.lower():
        raise NotAllowed(f"{lead} broke this glass, so another lead has to look at it")
    mover.note("glass_seen", escalation(mover.tx, id))
    mover.tx.wake(EVERYBODY)
