"""Blind tests: what there is to put among real work, and what came of it."""

from __future__ import annotations

from overread_queue.store.table import Table


class Probes(Table):
    file = "probe"
