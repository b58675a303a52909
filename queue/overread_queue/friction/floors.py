"""The least active time before an approval, and what has to be read in it.

A floor stops reflexes and nothing more: making people wait does not by itself make them find what
is rare and hard to see (Kunar 2010, Rich 2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overread_briefs import Brief, Evidence, Option, card_facts, visible
from overread_briefs.budget import words
from overread_queue.friction.reach import hard_approval
from overread_queue.policy.settings import Friction
from overread_queue.states import EscalationKind, Tier


def required_words(brief: Brief, options: Sequence[Option], on_silence: str) -> int:
    """Words that nobody can decide without: the first card, and in full whatever contradicts.

    Counted as they are shown. `brief` is the whole one, with nothing masked.
    """
    return sum(words(text) for text in _required(brief, options, on_silence))


def _required(brief: Brief, options: Sequence[Option], on_silence: str) -> Iterator[str]:
    contradicting = [one for one in brief.evidence if one.stance == "contradicts"]
    titled: dict[str, Evidence] = {one.id: one for one in (*card_facts(brief), *contradicting)}
    yield visible(brief.question)
    yield visible(on_silence)
    yield from (visible(one.title) for one in titled.values())
    yield from (visible(one.content or "", multiline=True) for one in contradicting)
    for option in options:
        yield visible(option.label)
        yield visible(option.consequence)


def floor_seconds(
    friction: Friction,
    *,
    kind: EscalationKind,
    tier: Tier,
    irreversible: bool,
    words: int,
    multiplier: float,
) -> float:
    """Seconds of active review before approving opens; 0 where the policy sets no floor.

    `multiplier` is the reviewer's own: a floor that fits one pair of eyes is wrong for another.
    """
    least = _least(friction, kind, tier, irreversible)
    if least == 0:
        return 0.0
    return max(least, words / friction.words_per_minute * 60) * multiplier


def _least(friction: Friction, kind: EscalationKind, tier: Tier, irreversible: bool) -> float:
    if hard_approval(kind, tier):
        return friction.floor_irreversible if irreversible else friction.floor_hard
    return 0.0 if kind is EscalationKind.APPROVAL else friction.floor_soft
