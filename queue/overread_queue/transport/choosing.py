"""Which way leads to the desk at a path."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_queue.clock import Clock
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.transport import Mailbox
from overread_queue.places import Places
from overread_queue.transport.direct import Direct
from overread_queue.transport.protocol import Transport


def transport_to(
    path: Path, agent: str, *, clock: Clock, key: Ed25519PrivateKey | None, patience: float
) -> Transport:
    """Raises `NoDesk` and its kin, and `NotAllowed` for an agent that is not registered."""
    places = Places.of(path)
    if places.mailbox is not None:
        return Mailbox(Layout(places.mailbox), agent, clock=clock, key=key, patience=patience)
    ground = Ground(places, clock)
    try:
        return Direct(ground, agent)
    except BaseException:
        ground.close()
        raise
