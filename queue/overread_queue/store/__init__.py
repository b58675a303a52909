"""The only place that speaks SQL."""

from overread_queue.store.store import Store, Transaction

__all__ = ["Store", "Transaction"]
