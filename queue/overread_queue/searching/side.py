"""The leads' door to what was asked before."""

from __future__ import annotations

import random

from overread_queue.leading.side import OfficeSide
from overread_queue.reviewing.looking import View
from overread_queue.searching.asking import search
from overread_queue.searching.following import index_words
from overread_queue.store.search import Hit
from overread_queue.trust.people import LEAD


class SearchSide(OfficeSide):
    """One person who looks something up: a lead anywhere, others what is over in their pools."""

    def search(self, text: str, *, since: int = 0, most: int = 50) -> tuple[Hit, ...]:
        """The newest escalations that have every word of `text` in their question, steps, titles of
        evidence or, once they are closed, reasons. Raises `InvalidRequest` for a text without one.
        """
        view = View(self._ground, self._reviewer, random.Random())  # noqa: S311 - shuffles nothing
        pools = None if LEAD in self._reviewer.roles else view.pools()
        return search(self._ground, text, pools=pools, since=since, most=most)

    def renew_search(self) -> int:
        """Throw the index away and read the whole chain again; the number of escalations in it.
        Raises `NotAllowed` without the role."""
        self._need_lead()
        with self._ground.store.write() as tx:
            tx.search.renew()
        return index_words(self._ground)
