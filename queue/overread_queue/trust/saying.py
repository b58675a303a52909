"""What a reviewer says before an approval, signed: nobody else has judged in their name.

First judgements and challenges are rows that anybody with the file could plant, to make an approval
look considered. Each carries its reviewer's signature, in a namespace of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from overread_briefs.canonical import jcs
from overread_briefs.errors import BriefError
from overread_queue.errors import Forged
from overread_queue.trust import sshsig
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.said.v1"
Kind = Literal["judgement", "challenge"]
Words = Mapping[str, JsonValue]
"""The columns of the row but for its signature, and for what comes later."""


def sign_said(kind: Kind, desk: str, words: Words, key: Ed25519PrivateKey) -> bytes:
    """The raw SSH signature."""
    return sshsig.sign(_bytes(kind, desk, words), key, namespace=NAMESPACE)


def is_own(kind: Kind, desk: str, words: Words, signature: bytes, roster: Roster) -> bool:
    """Whether the reviewer whom the words name signed them, with a key that nobody stole."""
    try:
        signer = sshsig.verify(_bytes(kind, desk, words), signature, namespace=NAMESPACE)
    except (Forged, BriefError):
        return False
    found = roster.signers.get(signer)
    return found is not None and not found.compromised and found.owner.name == words["reviewer"]


def _bytes(kind: Kind, desk: str, words: Words) -> bytes:
    return jcs({"v": 1, "kind": kind, "desk": desk, "said": dict(words)})
