"""The challenge: what a reviewer holds against their own approval, and whether it says anything.

Texts are compared by their words, casefolded, NFKC, without punctuation. Where a script writes no
spaces, runs of three characters stand for words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from overread_briefs import cells
from overread_queue.friction.reach import hard_approval, reaches
from overread_queue.policy.settings import Friction, Impact
from overread_queue.states import EscalationKind, Tier

ALIKE = 0.8
"""Jaccard similarity from which two texts count as nearly the same."""
DIFFERENT_WORDS = 4

# Thai, Lao, Tibetan, Burmese, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FILLERS = "\u115f\u1160"
"""Letters of Hangul that nobody sees; all other such fillers are these after NFKC."""


def challenge_due(friction: Friction, *, kind: EscalationKind, tier: Tier, impact: Impact) -> bool:
    """Whether an approval has to name its weakest point."""
    return hard_approval(kind, tier) and reaches(impact, friction.challenge_from)


def says_something(text: str) -> bool:
    """Whether there is a word in it that can be seen."""
    return bool(_tokens(text))


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a challenge says nothing about this case."""

    kind: Literal["too short", "repeat", "copied", "near-duplicate"]
    words: str
    """What is wrong and what to write instead, for the person who wrote it."""
    may_keep: bool
    """Near-duplicates can be just as true again; the rest cannot stay."""


def boilerplate(
    text: str, *, least: int, earlier: Sequence[str], brief: Sequence[str]
) -> Finding | None:
    """Look for a text that was written to get past.

    `least` is in columns of a terminal, where one Chinese character is worth two Latin letters;
    0 lets any length pass. `earlier` are the reviewer's own last ones, `brief` the sentences of
    the agent that could be handed back as one's own.
    """
    found = _tokens(text)
    before = [_tokens(one) for one in earlier]
    if least and (short := _too_short(text, found, least)):
        return Finding("too short", short, may_keep=False)
    if found and found in before:
        return Finding("repeat", _REPEAT, may_keep=False)
    if any(_alike(found, _tokens(one)) for one in brief):
        return Finding("copied", _COPIED, may_keep=False)
    if any(_alike(found, one) for one in before):
        return Finding("near-duplicate", _NEAR, may_keep=True)
    return None


_REPEAT = (
    "you wrote the same for an earlier approval; write what could make this one wrong, "
    "such as the fact it hangs on"
)
_COPIED = (
    "this is the brief's own sentence; write in your own words what would make the approval wrong"
)
_NEAR = (
    "this is nearly what you wrote for an earlier approval; write what is different here, "
    "or keep it if it is just as true again"
)
_INSTEAD = "write which fact, if it turned out otherwise, would make the approval wrong"


def _too_short(text: str, found: Sequence[str], least: int) -> str:
    length = cells(_letters(text))
    if length < least:
        return f"this is too short ({length} of {least}); {_INSTEAD}"
    if len(set(found)) < DIFFERENT_WORDS:
        return f"this has fewer than {DIFFERENT_WORDS} different words; {_INSTEAD}"
    return ""


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    either = {*one, *other}
    return bool(either) and len({*one} & {*other}) >= ALIKE * len(either)


def _tokens(text: str) -> list[str]:
    return [token for word in _letters(text).split() for token in _pieces(word)]


def _letters(text: str) -> str:
    """The words alone: dots and dashes make nothing longer."""
    return " ".join("".join(char if _is_letter(char) else " " for char in _plain(text)).split())


def _pieces(word: str) -> Iterator[str]:
    if not _UNSPACED.search(word):
        yield word
        return
    yield from (word[start : start + 3] for start in range(max(1, len(word) - 2)))


def _plain(text: str) -> str:
    """Casefolded and without characters that only steer how others are drawn."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" and char not in _FILLERS
