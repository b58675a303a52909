"""The card as sentences: no columns, no signs, one thing a line, in the same reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overread_console.flow.card import Card, Fact
from overread_console.flow.panes import Pane
from overread_console.flow.spans import Line, plain
from overread_console.flow.words import count

_SIGNS = frozenset("✗✓⚠–▸■▒↑")
"""What may lead a line on a screen; the words beside it say the same."""
_IN = re.compile(r"^(approve|confirm) in ")


def card_sentences(card: Card) -> Iterator[str]:
    """Everything that is on the card, to be read aloud or piped."""
    yield f"Question: {card.question}"
    yield f"Action: {card.action.replace(' · ', ', ')}. Tier: {card.tier}."
    if card.standing:
        yield f"{_capital(card.standing)}."
    yield from (f"Note: {note}." for note in card.notes)
    yield f"Due: {card.due}. {_capital(card.silence)}."
    for reason in card.reasons:
        speaker = "by policy" if reason.speaker == "policy" else "in the agent's words"
        yield f"Why, {speaker}: {reason.rule}, {reason.words}."
    yield from map(_fact, card.facts)
    if card.more_facts:
        yield f"{count(card.more_facts, 'more fact')}; type a number to read one."
    yield from suggestion_sentences(card)
    yield "You can choose:"
    yield from (
        f"  {choice.letter}: {choice.label}. Then: {choice.consequence}." for choice in card.choices
    )


def pane_sentences(pane: Pane) -> Iterator[str]:
    """What is open beside the card."""
    yield f"{pane.title}:"
    yield from map(line_sentence, pane.lines)


def line_sentence(line: Line) -> str:
    """The words of a line, without its sign, and with commas where a screen has dots.

    A line of one piece is somebody's own text, and stays as it is.
    """
    if len(line) < 2:
        return plain(line)
    words = line[1:] if line[0].text.strip() in _SIGNS else line
    return plain(words).replace(" · ", ", ")


def suggestion_sentences(card: Card) -> Iterator[str]:
    """The AI's line of the card, and the reviewer's own judgement where there is one."""
    said = card.suggestion
    if card.judged:
        yield f"You judged first: {card.judged}."
    if card.withheld:
        yield "The AI's suggestion is withheld: record your own judgement first (type judge)."
    elif said is None:
        yield from () if card.afterwards else ("This brief suggests nothing.",)
    else:
        yield f"The AI suggests: {said.label} ({said.confidence:.2f}), because {said.reason}."
        yield from (f"Its strongest doubt: {doubt}." for doubt in (said.doubt,) if doubt)


def lock_sentence(lock: str) -> str:
    """Why approving is locked: `Approve opens in 14 s; 1 contradiction unread (1).`"""
    opening = _IN.sub(r"\1 opens in ", lock).replace(" · ", "; ")
    return f"{_capital(opening)}."


def sentence(words: str) -> str:
    """With a capital and a full stop; words that end in a question mark keep that alone."""
    return _capital(words) if words.endswith(("?", "!", ".")) else f"{_capital(words)}."


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _fact(fact: Fact) -> str:
    age = f"stale, {fact.age} old" if fact.stale else f"{fact.age} old"
    masked = ", masked" if fact.masked else ""
    return f"Fact {fact.number}, {fact.stance}: {fact.title}. From {fact.source}, {age}{masked}."
