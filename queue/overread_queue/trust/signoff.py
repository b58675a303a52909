"""Sign-offs of a policy: who, in which role, stands for exactly these bytes.

A sign-off is a signed statement in the trust folder, so that neither an agent nor the database can
put a policy into force.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from overread_briefs.canonical import jcs
from overread_briefs.fields import Identifier, Millis, Part, Sha256
from overread_queue.errors import Forged, NotAllowed
from overread_queue.files import read_trusted, replace_file
from overread_queue.places import Places
from overread_queue.trust import sshsig
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.policy.v1"


class Statement(Part):
    """What is signed."""

    desk: Identifier
    policy_sha256: Sha256
    replaces: Sha256
    """The policy in force at the time: what was agreed to is the change from it."""
    role: Identifier
    reviewer: Identifier
    signed_at: Millis


class Signoff(Part):
    """A statement with its armored SSH signature, as it stands in the trust folder."""

    statement: Statement
    signature: str


def sign_off(
    places: Places, statement: Statement, reviewer: Reviewer, key: Ed25519PrivateKey
) -> Signoff:
    """Sign and keep. Raises `NotAllowed` for a role that the reviewer does not hold."""
    if statement.role not in reviewer.roles:
        raise NotAllowed(f"{reviewer.name} does not hold the role {statement.role!r}")
    raw = sshsig.sign(_bytes(statement), key, namespace=NAMESPACE)
    signoff = Signoff(statement=statement, signature=sshsig.armor(raw))
    path = _folder(places) / f"{statement.policy_sha256[:16]}.{quote(statement.role, safe='')}.json"
    path.parent.mkdir(mode=0o755, exist_ok=True)
    replace_file(path, signoff.model_dump_json(indent=2).encode() + b"\n")
    return signoff


def signoffs_for(
    places: Places, roster: Roster, policy_sha256: str, *, replaces: str, now: int
) -> list[Signoff]:
    """Every sign-off of a policy as the successor of another. One that is not genuine raises
    `Forged`: it must be looked at, not passed over."""
    paths = sorted(_folder(places).glob(f"{policy_sha256[:16]}.*.json"))
    read = [_read(path) for path in paths]
    change = (policy_sha256, replaces)
    mine = [one for one in read if (one.statement.policy_sha256, one.statement.replaces) == change]
    for one in mine:
        _verify(one, roster, now)
    return mine


def _verify(signoff: Signoff, roster: Roster, now: int) -> None:
    statement = signoff.statement
    raw = sshsig.dearmor(signoff.signature)
    signer = roster.signers.get(sshsig.verify(_bytes(statement), raw, namespace=NAMESPACE))
    if signer is None or signer.owner.name != statement.reviewer:
        raise Forged(f"the {statement.role} sign-off is not by {statement.reviewer}'s key")
    name = signer.owner.name
    if statement.role not in signer.owner.roles:
        raise Forged(f"{name} does not hold the role {statement.role!r}")
    if not signer.in_force(statement.signed_at) or signer.owner.revoked(now):
        raise Forged(f"{name}'s key does not count for the {statement.role} sign-off")
    if statement.desk != roster.desk.id:
        raise Forged("the sign-off is for another desk")


def _read(path: Path) -> Signoff:
    try:
        return Signoff.model_validate_json(read_trusted(path))
    except ValidationError as error:
        raise Forged(f"{path} is not a sign-off that Overread wrote") from error


def _bytes(statement: Statement) -> bytes:
    return jcs(statement.model_dump(mode="json"))


def _folder(places: Places) -> Path:
    return places.trust / "signoffs"
