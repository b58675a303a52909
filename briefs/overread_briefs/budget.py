"""The thirty-second budget: how much an agent may write on the first card, and how to fit.

Everything is measured on what `visible()` shows, as that is what the reviewer reads. The limits are
those of a card of 80 columns and 24 lines, read in thirty seconds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence

from overread_briefs.brief import Brief, Evidence
from overread_briefs.errors import Fault
from overread_briefs.visible import visible
from overread_briefs.width import cells, wrap

QUESTION_WORDS = 14
FACT_WORDS = 27
CONSEQUENCE_WORDS = 35
REASON_WORDS = 9
DOUBT_WORDS = 12

CARD_FACTS = 3
CARD_CELLS = 76
QUESTION_LINES = 2
TITLE_CELLS = 44
TITLE_LINES = 2
FACT_LINES = 4
CONSEQUENCE_CELLS = 54
LABEL_CELLS = 20
SUGGESTION_LINES = 2

WORD_LETTERS = 25
"""A run of letters counts as one word up to here, and as one more for each further 25."""

_RUN = re.compile(r"⟪[^⟪⟫]*⟫|[^\s⟪]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Burmese, Khmer
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb\uffa1-\uffdc]")

_Text = tuple[str, str]
"""A field's path and its text as shown."""


def words(text: str) -> int:
    """How many words a reader meets.

    A word is a run without spaces, up to 25 letters long. Scripts that write without spaces are
    counted by what a letter carries: two Chinese or Japanese characters, five Thai letters or eight
    Korean syllables fill a word. A mark of `visible()` is a word of its own.
    """
    return sum(math.ceil(_letters(run) / WORD_LETTERS) for run in _RUN.findall(text))


def _letters(run: str) -> int:
    return len(run) if run.isascii() else sum(map(_weight, run))


def _weight(char: str) -> int:
    if _HANGUL.match(char):
        return 3
    if _UNSPACED.match(char):
        return 5
    return 12 if unicodedata.east_asian_width(char) in "WFH" else 1


def card_facts(brief: Brief) -> tuple[Evidence, ...]:
    """The facts on the first card: what contradicts comes first, then the agent's order."""
    return tuple(brief.evidence[index] for index in _card_order(brief))


def over_budget(brief: Brief) -> tuple[Fault, ...]:
    """Everything that is too long for the first card, and how much to cut from it."""
    return (*_question(brief), *_facts(brief), *_options(brief), *_suggestion(brief))


def _card_order(brief: Brief) -> list[int]:
    order = range(len(brief.evidence))
    return sorted(order, key=lambda i: brief.evidence[i].stance != "contradicts")[:CARD_FACTS]


def _question(brief: Brief) -> Iterator[Fault]:
    question = ("question", visible(brief.question))
    yield from _too_wordy([question], QUESTION_WORDS, "the question")
    yield from _too_tall(question, QUESTION_LINES, CARD_CELLS)


def _facts(brief: Brief) -> Iterator[Fault]:
    titles = [
        (f"evidence.{index}.title", visible(brief.evidence[index].title))
        for index in _card_order(brief)
    ]
    yield from _too_wordy(titles, FACT_WORDS, "the titles of the facts on the card")
    singly = [fault for title in titles for fault in _too_tall(title, TITLE_LINES, TITLE_CELLS)]
    yield from singly or _stacked(titles)


def _stacked(titles: Sequence[_Text]) -> Iterator[Fault]:
    """Titles that fit one by one and not together: shorten those that are nearest to one line."""
    lines = [(field, wrap(title, TITLE_CELLS)) for field, title in titles]
    excess = sum(len(wrapped) for _, wrapped in lines) - FACT_LINES
    second = sorted((len(wrapped[1]), field) for field, wrapped in lines if len(wrapped) > 1)
    for count, field in second[: max(excess, 0)]:
        room = f"{FACT_LINES} lines of {TITLE_CELLS} columns"
        yield _cut(field, count, "character", f"the titles together fill more than {room}")


def _options(brief: Brief) -> Iterator[Fault]:
    named = list(enumerate(brief.options))
    consequences = [(f"options.{i}.consequence", visible(o.consequence)) for i, o in named]
    yield from _too_wordy(consequences, CONSEQUENCE_WORDS, "the consequences of the options")
    for consequence in consequences:
        yield from _too_tall(consequence, 1, CONSEQUENCE_CELLS)
    for i, option in named:
        yield from _too_tall((f"options.{i}.label", visible(option.label)), 1, LABEL_CELLS)


def _suggestion(brief: Brief) -> Iterator[Fault]:
    if brief.recommendation is None:
        return
    reason = ("recommendation.reason", visible(brief.recommendation.reason))
    doubt = ("recommendation.doubt", visible(brief.recommendation.doubt or ""))
    yield from _too_wordy([reason], REASON_WORDS, "the reason")
    yield from _too_wordy([doubt], DOUBT_WORDS, "the doubt")
    for text in (reason, doubt):
        yield from _too_tall(text, SUGGESTION_LINES, CONSEQUENCE_CELLS)


def _too_wordy(texts: Sequence[_Text], limit: int, what: str) -> Iterator[Fault]:
    """One fault for a group of texts, at the longest of them: there cutting hurts least."""
    total = sum(words(text) for _, text in texts)
    if total > limit:
        longest, _ = max(texts, key=lambda text: cells(text[1]))
        have = "has" if len(texts) == 1 else "together have"
        yield _cut(longest, total - limit, "word", f"{what} {have} {total}, {limit} at most")


def _too_tall(text: _Text, lines: int, width: int) -> Iterator[Fault]:
    field, shown = text
    surplus = sum(map(len, wrap(shown, width)[lines:]))
    if surplus:
        room = f"{lines} line{'s' if lines > 1 else ''} of {width} columns"
        yield _cut(field, surplus, "character", f"it fills more than {room}")


def _cut(field: str, count: int, unit: str, because: str) -> Fault:
    return Fault(field, f"Cut {count} {unit}{'s' if count > 1 else ''}: {because}.")
