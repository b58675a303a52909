"""The end of a stop, vouched for by a lead's key: writing the file lets nobody go on."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_briefs.canonical import jcs
from overread_briefs.errors import BriefError
from overread_queue.errors import Forged
from overread_queue.trust import sshsig
from overread_queue.trust.people import LEAD, TrustedKey
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.lift.v1"


@dataclass(frozen=True, slots=True)
class Lift:
    """What a lead signs: this halt or breaker, of this agent or (None) of the desk, is over."""

    desk: str
    stop: str
    """Id of the halt or of the breaker."""
    agent: str | None
    lead: str
    at: int
    v: Literal[1] = 1

    def to_bytes(self) -> bytes:
        """RFC 8785 over exactly these fields."""
        return jcs(asdict(self))


def sign_lift(lift: Lift, key: Ed25519PrivateKey) -> str:
    """The raw SSH signature in base64, as the event of the lift carries it."""
    return base64.b64encode(sshsig.sign(lift.to_bytes(), key, namespace=NAMESPACE)).decode()


def is_signed(lift: Lift, signature: str, roster: Roster) -> bool:
    """Whether it is by a key of the person who is said to have lifted, now or earlier."""
    return _by(lift, signature, roster) is not None


def counts(lift: Lift, signature: str, roster: Roster) -> bool:
    """Whether that person is a lead, and the key was good at the time.

    What a stolen key lifted stands again, and so does what somebody lifted who is no lead any more.
    """
    by = _by(lift, signature, roster)
    return by is not None and LEAD in by.owner.roles and by.in_force(lift.at)


def _by(lift: Lift, signature: str, roster: Roster) -> TrustedKey | None:
    signer = roster.signers.get(_signer(lift, signature))
    return signer if signer is not None and signer.owner.name == lift.lead else None


@lru_cache(maxsize=1024)
def _signer(lift: Lift, signature: str) -> bytes:
    """The blob of the key that signed it, and nothing where none did. Every call of every agent
    asks about the same few lifts."""
    try:
        raw = base64.b64decode(signature, validate=True)
        return sshsig.verify(lift.to_bytes(), raw, namespace=NAMESPACE)
    except (Forged, BriefError, binascii.Error, ValueError):
        return b""
