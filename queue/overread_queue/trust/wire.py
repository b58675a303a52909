"""The byte format shared by SSH keys and signatures: length-prefixed strings (RFC 4251 §5)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"ssh-ed25519"


class BadWire(ValueError):
    """The bytes do not have the shape they should have."""


def packed(*strings: bytes) -> bytes:
    """Each string with its length in front."""
    return b"".join(len(string).to_bytes(4, "big") + string for string in strings)


def unpacked(data: bytes, count: int) -> tuple[bytes, ...]:
    """Exactly `count` strings and nothing after them, or `BadWire`."""
    strings, rest = [], data
    for _ in range(count):
        length = int.from_bytes(rest[:4], "big")
        if len(rest) < 4 + length:
            raise BadWire("it ends too early")
        strings.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    if rest:
        raise BadWire(f"{len(rest)} bytes follow its end")
    return tuple(strings)


def typed(data: bytes, length: int) -> bytes:
    """The Ed25519 value of `length` bytes inside a key or signature that names its type."""
    kind, value = unpacked(data, 2)
    if kind != ED25519:
        raise BadWire(f"its type is {kind[:40]!r}, only ssh-ed25519 is accepted")
    if len(value) != length:
        raise BadWire(f"it has {len(value)} bytes instead of {length}")
    return value


def key_blob(key: Ed25519PublicKey) -> bytes:
    """A public key the way SSH compares keys: type, then 32 bytes."""
    return packed(ED25519, key.public_bytes_raw())


def public_key(blob: bytes) -> Ed25519PublicKey:
    """The opposite of `key_blob`. Raises `BadWire`."""
    return Ed25519PublicKey.from_public_bytes(typed(blob, 32))
