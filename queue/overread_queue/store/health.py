"""Facts off the chain, and what they add up to."""

from __future__ import annotations

from overread_queue.store.table import Table


class Health(Table):
    file = "health"
