"""A file sealed with a passphrase: AES-256-GCM in chunks, the key by scrypt.

Chunks are numbered and the last one says so, so that none can be changed, moved, left out or cut
off; the first bad one ends the reading. Nothing of the content is in memory but one chunk.
"""

from __future__ import annotations

import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from overread_queue.errors import InvalidRequest, Tampered

MAGIC = b"overread sealed file 1\n"
CHUNK = 1 << 16
TAG = 16
LEAST_PASSPHRASE = 12
_SALT, _PREFIX = 16, 7
# 64 MiB and a good part of a second for each guess.
_COST, _BLOCK, _LANES = 1 << 16, 8, 1


def seal(source: BinaryIO, target: BinaryIO, passphrase: bytes) -> None:
    """Write `source` to `target` so that only the passphrase opens it. Raises `InvalidRequest`."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise InvalidRequest(f"a passphrase has at least {LEAST_PASSPHRASE} characters")
    salt, prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
    header = MAGIC + salt + prefix
    cipher = AESGCM(_key(passphrase, salt))
    target.write(header)
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        nonce = _nonce(prefix, number, last=not following)
        target.write(cipher.encrypt(nonce, chunk, header))
        if not following:
            return
        number, chunk = number + 1, following


def unseal(source: BinaryIO, target: BinaryIO, passphrase: bytes) -> None:
    """The opposite. Raises `Tampered` for a wrong passphrase or a file that was altered, which
    nobody can tell apart; what was written by then must not be used."""
    header = source.read(len(MAGIC) + _SALT + _PREFIX)
    salt, prefix = header[len(MAGIC) : -_PREFIX], header[-_PREFIX:]
    cipher = AESGCM(_key(passphrase, salt))
    number, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        nonce = _nonce(prefix, number, last=not following)
        try:
            target.write(cipher.decrypt(nonce, chunk, header))
        except InvalidTag as error:
            raise Tampered(
                "the passphrase is not the right one, or the file was altered"
            ) from error
        if not following:
            return
        number, chunk = number + 1, following


def is_sealed(start: bytes) -> bool:
    """Whether a file that begins like this was sealed."""
    return start.startswith(MAGIC)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _key(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES).derive(passphrase)
