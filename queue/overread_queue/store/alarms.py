"""Charts that follow the facts, and the alarms they raised."""

from __future__ import annotations

from overread_queue.store.table import Table


class Alarms(Table):
    file = "alarm"
