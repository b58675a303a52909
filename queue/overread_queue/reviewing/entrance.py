"""Who is at the reviewers' door: an operating-system user and a key, neither alone."""

from __future__ import annotations

import getpass

from overread_queue.errors import NotAllowed
from overread_queue.ground import Ground
from overread_queue.release import Signer
from overread_queue.trust.keys import blob_of, own_private, public_blob
from overread_queue.trust.people import Reviewer


def reviewer_at(ground: Ground, name: str | None) -> Reviewer:
    """The reviewer of that name, or the one who is this operating-system user.

    Raises `NotAllowed` for a stranger, for somebody else's name, and outside their validity.
    """
    user = getpass.getuser()
    roster = ground.roster()
    reviewer = roster.reviewer(name) if name else roster.reviewer_for_user(user)
    if reviewer.user and user not in reviewer.user:
        raise NotAllowed(f"{reviewer.name} is not the user {user}; open the desk as yourself")
    if not reviewer.in_force(ground.clock.now()):
        raise NotAllowed(f"{reviewer.name} is not valid as a reviewer at this time; ask a lead")
    return reviewer


def signer_of(ground: Ground, reviewer: Reviewer) -> Signer:
    """Their key, shown to be one that the desk trusts. Raises `NotAllowed`."""
    path, trusted = ground.places.key(reviewer.name), {blob_of(line) for line in reviewer.keys}
    key = own_private(path, trusted)
    if public_blob(key) not in trusted:
        raise NotAllowed(
            f"the key {path} is not one of {reviewer.name}'s in {ground.places.reviewers_file}; "
            f"`overread reviewers rotate {reviewer.name}` makes one that is"
        )
    return Signer(reviewer.name, role="", key=key, desk_id=ground.desk_id)
