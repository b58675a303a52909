"""SSH signatures (SSHSIG, PROTOCOL.sshsig of OpenSSH) by Ed25519 keys, and nothing else.

`ssh-keygen -Y sign` and `-Y verify` read and write the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_queue.errors import Forged
from overread_queue.trust.wire import (
    ED25519,
    BadWire,
    key_blob,
    packed,
    public_key,
    typed,
    unpacked,
)

_PREAMBLE = b"SSHSIG" + (1).to_bytes(4, "big")
_HASH = b"sha512"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_ARMORED = re.compile(rf"{_BEGIN}\n((?:[A-Za-z0-9+/=]{{1,76}}\n)+){_END}\n?")


def sign(message: bytes, key: Ed25519PrivateKey, *, namespace: str) -> bytes:
    """The raw signature blob over `message`; `armor` makes a text file of it."""
    name = namespace.encode()
    signature = packed(ED25519, key.sign(_signed_bytes(message, name)))
    return _PREAMBLE + packed(key_blob(key.public_key()), name, b"", _HASH, signature)


def verify(message: bytes, raw: bytes, *, namespace: str) -> bytes:
    """The blob of the key that signed `message`; whether to trust that key is the caller's part.

    Raises `Forged`.
    """
    try:
        signer, signature = _parse(raw, namespace.encode())
        public_key(signer).verify(signature, _signed_bytes(message, namespace.encode()))
    except InvalidSignature as error:
        raise Forged("the signature does not belong to this text") from error
    except BadWire as error:
        raise Forged(f"the signature is malformed: {error}") from error
    return signer


def armor(raw: bytes) -> str:
    """The signature as the text that `ssh-keygen` writes."""
    text = base64.b64encode(raw).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def dearmor(text: str) -> bytes:
    """The raw signature inside armored text. Raises `Forged`."""
    found = _ARMORED.fullmatch(text)
    if found is None:
        raise Forged("the signature is not an armored SSH signature")
    try:
        return base64.b64decode(found[1].replace("\n", ""), validate=True)
    except binascii.Error as error:
        raise Forged("the armored signature is not base64") from error


def _signed_bytes(message: bytes, namespace: bytes) -> bytes:
    return b"SSHSIG" + packed(namespace, b"", _HASH, hashlib.sha512(message).digest())


def _parse(raw: bytes, namespace: bytes) -> tuple[bytes, bytes]:
    """Signer's key blob and 64 signature bytes. The reserved field must be empty."""
    if not raw.startswith(_PREAMBLE):
        raise BadWire("it is not an SSH signature of version 1")
    signer, name, reserved, algorithm, signature = unpacked(raw[len(_PREAMBLE) :], 5)
    if name != namespace:
        raise BadWire(f"it was made for {name[:60]!r}, not for {namespace!r}")
    if reserved or algorithm != _HASH:
        raise BadWire("only sha512 with an empty reserved field is accepted")
    return signer, typed(signature, 64)
