"""What the alarms make of every new fact."""

from __future__ import annotations

from collections.abc import Sequence

from overread_queue.ground import Ground
from overread_queue.health.facts import Fact
from overread_queue.store import Transaction


def watch(ground: Ground, tx: Transaction, facts: Sequence[Fact]) -> None:
    """Bring the charts up to date, in the transaction that counts these facts."""
