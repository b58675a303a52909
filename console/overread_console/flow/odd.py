"""Warnings about text that is not what it looks like, beside it wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from overread_briefs.suspicion import suspicions
from overread_console.flow.words import plain_value
from overread_queue.models import Notice, Review

SIGN = "⚠"
"""Before a text in a list, where there is no room to say what is odd about it."""


def odd_words(texts: Iterable[str]) -> str:
    """What is odd about them, such as `3 hidden characters`; empty for most texts."""
    return ", ".join(suspicions("\n".join(texts)))


def flagged(shown: str, text: str) -> str:
    """`shown`, which stands for `text`, with a sign in front where `text` is odd."""
    return f"{SIGN} {shown}" if suspicions(text) else shown


def review_texts(review: Review) -> Iterator[str]:
    """All that an agent wrote and this reviewer may go by now."""
    brief = review.brief
    yield brief.question
    yield brief.provenance.source
    yield from (step.text for step in brief.accomplished)
    for item in brief.evidence:
        yield from (item.title, item.source, item.content or "")
        yield item.link.url if item.link else ""
    for option in brief.options:
        yield from (option.label, option.consequence)
    if review.recommendation is not None:
        yield from (review.recommendation.reason, review.recommendation.doubt or "")
    yield from _values(brief.action.parameters)


def notice_texts(notice: Notice) -> Iterator[str]:
    """All that an agent wrote in what it told of."""
    return _values(notice.parameters)


def _values(parameters: dict[str, JsonValue]) -> Iterator[str]:
    for name, value in parameters.items():
        yield from (name, plain_value(value))
