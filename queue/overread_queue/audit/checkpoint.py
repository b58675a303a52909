"""A checkpoint: the desk's signature over how far the chain was, and what it ended in.

Whoever can write the database can rewrite the whole chain so that it hangs together. They cannot
sign, and they cannot take back a checkpoint that is kept where they cannot write.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, ValidationError

from overread_briefs.canonical import jcs, strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import Identifier, Millis, Part, Sha256
from overread_queue.errors import Forged
from overread_queue.trust import sshsig
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.checkpoint.v1"
MAX_LINE = 4096


class Checkpoint(Part):
    """What is signed: at `at`, the desk's chain had `seq` events and ended in `hash`."""

    desk: Identifier
    seq: Annotated[int, Field(ge=1)]
    hash: Sha256
    at: Millis


class _Line(Checkpoint):
    """The same with its SSH signature (base64), as one line of JSON."""

    signature: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint on one line, the way it is kept and printed."""

    checkpoint: Checkpoint
    line: bytes


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Signed:
    """Signed by the desk key, in a namespace of its own."""
    raw = sshsig.sign(_bytes(checkpoint), key, namespace=NAMESPACE)
    signature = base64.b64encode(raw).decode()
    return Signed(checkpoint, jcs({**checkpoint.model_dump(mode="json"), "signature": signature}))


def verified(line: bytes, roster: Roster) -> Checkpoint:
    """The checkpoint of a line. Raises `Forged` for one that this desk's key did not sign."""
    try:
        found = _Line.model_validate(strict_loads(line, max_bytes=MAX_LINE))
        raw = base64.b64decode(found.signature, validate=True)
    except (BriefError, ValidationError, binascii.Error, ValueError) as error:
        raise Forged("it is not a checkpoint that Overread wrote") from error
    checkpoint = Checkpoint.model_validate(found.model_dump(exclude={"signature"}))
    if sshsig.verify(_bytes(checkpoint), raw, namespace=NAMESPACE) not in roster.desk_keys:
        raise Forged("it is not signed by the desk's key")
    if checkpoint.desk != roster.desk.id:
        raise Forged(f"it belongs to another desk, {checkpoint.desk}")
    return checkpoint


def _bytes(checkpoint: Checkpoint) -> bytes:
    return jcs(checkpoint.model_dump(mode="json"))
