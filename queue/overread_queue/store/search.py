"""Words of briefs, to be found again."""

from __future__ import annotations

from overread_queue.store.table import Table


class Search(Table):
    file = "search"
