"""Files in the outbox that the desk signs: nobody believes a folder's mode alone."""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, ValidationError

from overread_queue.errors import Forged, Tampered
from overread_queue.trust import sshsig
from overread_queue.trust.keys import blob_fingerprint
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.notice.v1"
MAX_BYTES = 32 << 20
"""Twice what the largest brief and checkpoint need."""


class _Sealed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    said: str
    signature: str


def seal(said: str, key: Ed25519PrivateKey) -> bytes:
    """What the desk says, with its signature over exactly these words."""
    signature = sshsig.sign(said.encode(), key, namespace=NAMESPACE)
    signed = base64.b64encode(signature).decode()
    return json.dumps({"said": said, "signature": signed}, ensure_ascii=False).encode() + b"\n"


def unseal(data: bytes, roster: Roster, *, source: str) -> str:
    """The desk's words. Raises `Tampered` for what is no such file, `Forged` for another's."""
    try:
        sealed = _Sealed.model_validate_json(data)
        signature = base64.b64decode(sealed.signature, validate=True)
    except (ValidationError, ValueError) as error:
        raise Tampered(f"{source} is not a file that the desk wrote") from error
    signer = sshsig.verify(sealed.said.encode(), signature, namespace=NAMESPACE)
    if signer not in roster.desk_keys:
        raise Forged(f"{source} is signed by {blob_fingerprint(signer)}, which is not the desk")
    return sealed.said
