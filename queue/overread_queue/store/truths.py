"""What was really right, by whom and how it is known."""

from __future__ import annotations

from overread_queue.store.table import Table


class Truths(Table):
    file = "truth"
