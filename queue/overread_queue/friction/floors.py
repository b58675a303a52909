"""The least active time before an approval, and what has to be read in it.

A floor stops reflexes and nothing more: making people wait does not by itself make them find what
is rare and hard to see (Kunar 2010, Rich 2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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

    `multiplier` is the reviewer's own: a floor that fits one pair of eyes is too short for another,
    and too long for none.
    """
    least = _least(friction, kind, tier, irreversible)
    if least == 0:
        return 0.0
    return max(least, words / friction.words_per_minute * 60) * max(1.0, multiplier)


def undivided_ms(active_ms: int, open_ms: int, others: Iterable[tuple[int, int]]) -> int:
    """Active time of a review, less what was counted for others in the same moments.

    Nobody reads two cards at once, whatever two consoles count. The review has been open for
    `open_ms`. Of each other one: how long before this one it was opened, and its active time.
    """
    elsewhere = sum(max(0, active - max(0, before)) for before, active in others)
    return min(active_ms, max(0, open_ms - elsewhere))


def _least(friction: Friction, kind: EscalationKind, tier: Tier, irreversible: bool) -> float:
    if hard_approval(kind, tier):
        return friction.floor_irreversible if irreversible else friction.floor_hard
    return 0.0 if kind is EscalationKind.APPROVAL else friction.floor_soft
