"""A submission vouched for by its agent's key: who can write the file cannot ask in its name."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_briefs.canonical import jcs
from overread_queue.errors import Forged, NotAllowed
from overread_queue.trust import sshsig
from overread_queue.trust.keys import blob_fingerprint, blob_of
from overread_queue.trust.people import Agent

NAMESPACE = "overread.submission.v1"
MESSAGE = "overread.message.v1"
"""Namespace of everything that an agent says by post beside its submissions."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an agent's key signs: these bytes, under this key, from this agent, to this desk."""

    desk: str
    agent: str
    key: str
    """The idempotency key."""
    brief_sha256: str | None
    """None where something is taken back."""
    checkpoint_sha256: str | None = None
    """SHA-256 of the checkpoint's bytes, so that an agent gets back the state that it left."""
    predecessor: str | None = None
    kind: Literal["submit", "withdraw"] = "submit"
    v: Literal[1] = 1

    def to_bytes(self) -> bytes:
        """RFC 8785 over exactly these fields."""
        return jcs(asdict(self))


@dataclass(frozen=True, slots=True)
class Word:
    """Any other message of an agent with a key. Its name is used once, so it cannot be repeated."""

    desk: str
    agent: str
    name: str
    kind: str
    key: str
    body_sha256: str
    v: Literal[1] = 1

    def to_bytes(self) -> bytes:
        return jcs(asdict(self))


def digest(checkpoint: bytes | None) -> str | None:
    return None if checkpoint is None else hashlib.sha256(checkpoint).hexdigest()


def sign_claim(claim: Claim | Word, key: Ed25519PrivateKey) -> bytes:
    """The raw SSH signature."""
    return sshsig.sign(claim.to_bytes(), key, namespace=_namespace(claim))


def check_claim(claim: Claim | Word, signature: bytes | None, agent: Agent) -> None:
    """Raises `Forged` unless an agent that has a key signed this, `NotAllowed` where it has none.

    `signature` is raw, or armored as ssh-keygen writes it.
    """
    if agent.key is None:
        if signature is not None:
            raise NotAllowed(
                f"{agent.name} signs, but has no key here; `overread agents key {agent.name} FILE`"
            )
        return
    if signature is None:
        raise Forged(
            f"{agent.name} has a key, and this is not signed with it; open the queue with key=, "
            "or submit with --sign-with"
        )
    raw = _raw(signature)
    signer = sshsig.verify(claim.to_bytes(), raw, namespace=_namespace(claim))
    if signer != blob_of(agent.key):
        raise Forged(f"{blob_fingerprint(signer)} is not the key of {agent.name}")


def _namespace(claim: Claim | Word) -> str:
    return NAMESPACE if isinstance(claim, Claim) else MESSAGE


def _raw(signature: bytes) -> bytes:
    if signature.startswith(b"-----"):
        return sshsig.dearmor(signature.decode("utf-8", "replace"))
    return signature
