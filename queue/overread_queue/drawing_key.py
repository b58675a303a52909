"""The key that draws the random sample: which one it is, and how the next one takes its place.

What the chain has disclosed draws no more. So the commit that discloses a key is the moment in
which the next one takes over, and bringing that one's file to its place can be done by anybody.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from overread_queue.errors import NotAllowed
from overread_queue.places import Places
from overread_queue.store import Transaction
from overread_queue.trust.keys import generate_secret, load_secret, replace_private
from overread_queue.trust.people import AUDIT

_NAME = re.compile("[0-9a-f]{16}")


def key_name(key: bytes) -> str:
    """What tells a key from others without telling what it is."""
    return hashlib.sha256(key).hexdigest()[:16]


def drawing_key(places: Places, tx: Transaction) -> bytes:
    """The key in force, also where a crash has left an earlier one in its place.

    Raises `NotAllowed` where this process may not read it, or where it is gone.
    """
    kept = load_secret(places.key(AUDIT))
    successor = _successor(tx, kept)
    if successor is None:
        return kept
    take_over(places, successor)
    taken = load_secret(places.key(AUDIT))
    if taken == kept:
        raise NotAllowed(
            f"the audit key {places.key(AUDIT)} was disclosed, and the one that took over, "
            f"{_waiting(places, successor)}, is gone; bring it back from a copy"
        )
    return taken


def prepare_next(places: Places) -> bytes:
    """Make the next key, durable and out of use. What rotations that failed left behind goes: call
    it under the write lock, once the key in force is known to be in its place."""
    for left in places.keys.glob(f".{AUDIT}.*"):
        left.unlink(missing_ok=True)
    made = places.keys / f".{AUDIT}.new"
    generate_secret(made)
    fresh = load_secret(made)
    replace_private(_waiting(places, key_name(fresh)), made)
    return fresh


def take_over(places: Places, name: str) -> None:
    """Bring a key that was prepared to its place, where nobody has done so before."""
    with suppress(FileNotFoundError):
        replace_private(places.key(AUDIT), _waiting(places, name))


def _successor(tx: Transaction, kept: bytes) -> str | None:
    """Name of the key that took over, where the chain has disclosed this one."""
    told = (one.key for one in tx.events.rotations() if one.disclosed == kept.hex())
    return next((name for name in told if _NAME.fullmatch(name)), None)


def _waiting(places: Places, name: str) -> Path:
    return places.keys / f".{AUDIT}.{name}"
