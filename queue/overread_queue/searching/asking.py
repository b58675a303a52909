"""From what a person types to what the index is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

from overread_queue.errors import InvalidRequest, StoreBusy, StoreFull
from overread_queue.ground import Ground
from overread_queue.searching.following import index_words
from overread_queue.store.search import Hit

MOST_TEXT = 200
_TERM = re.compile(r'"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')
_SEARCHABLE = re.compile(r"\w")


def search(
    ground: Ground, text: str, *, pools: Collection[str] | None, since: int, most: int
) -> tuple[Hit, ...]:
    """The newest that have every word of `text`: of these pools what is over, or any for None.

    Raises `InvalidRequest` for a text without a word.
    """
    query = _query(text)
    with suppress(StoreBusy, StoreFull):  # What is in the index can be found all the same.
        index_words(ground)
    with ground.store.read() as tx:
        now = ground.clock.now()
        return tuple(tx.search.found(query, pools=pools, since=since, now=now, most=most))


def _query(text: str) -> str:
    """Words and "phrases", all of which have to be there; `refund*` is any word that begins so.
    Everything else that the index has a meaning for is only text here."""
    terms = [*_terms(text[:MOST_TEXT])]
    if not terms:
        raise InvalidRequest('give at least one word, such as: refund "order A-1009" carrier*')
    return " AND ".join(terms)


def _terms(text: str) -> Iterator[str]:
    for term in _TERM.finditer(text):
        words = term["phrase"] or term["word"] or ""
        if _SEARCHABLE.search(words):
            begins = term["word"] is not None and words.endswith("*")
            yield f'"{words.rstrip("*") if begins else words}"{"*" if begins else ""}'
