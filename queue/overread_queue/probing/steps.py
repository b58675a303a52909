"""A check that was not made: its step skipped, and what it would have found not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overread_briefs.brief import Brief, Evidence, Step
from overread_queue.errors import Unsuited

LEAST_LEFT = 2
"""Pieces of evidence that a brief keeps: with fewer nobody would approve it in a hurry either."""

_CHECKS = re.compile(
    r"check|compar|match|verif|confirm|examin|evaluat|test|inspect|measur|count|calculat"
    r"|prüf|gleich|gezählt|bestätig",
    re.IGNORECASE,
)


def missing_step(brief: Brief) -> tuple[Brief, str]:
    """The step is marked as skipped and its evidence gone; the advice stays. Raises `Unsuited`."""
    if len(brief.evidence) <= LEAST_LEFT:
        raise Unsuited("missing_step", f"it has {len(brief.evidence)} pieces of evidence, too few")
    pairs = [*_pairs(brief)]
    if not pairs:
        raise Unsuited("missing_step", "none of its steps can be told to have led to its evidence")
    step, evidence = max(pairs, key=_weight)
    return _without(
        brief, step, evidence
    ), f'"{step.text}" was skipped, and "{evidence.id}" is gone'


def _pairs(brief: Brief) -> Iterator[tuple[Step, Evidence]]:
    """Steps that went well, each with what may have come of it."""
    for step in brief.accomplished:
        for one in brief.evidence:
            if step.outcome == "ok" and one.stance != "contradicts" and _shared(step, one):
                yield step, one


def _weight(pair: tuple[Step, Evidence]) -> tuple[bool, int, bool]:
    """What checks something counts first: it is what nobody should do without."""
    step, evidence = pair
    return bool(_CHECKS.search(step.text)), _shared(step, evidence), evidence.stance == "supports"


def _without(brief: Brief, step: Step, evidence: Evidence) -> Brief:
    skipped = step.model_copy(update={"outcome": "skipped"})
    return brief.model_copy(
        update={
            "accomplished": tuple(skipped if one is step else one for one in brief.accomplished),
            "evidence": tuple(one for one in brief.evidence if one is not evidence),
        }
    )


def _shared(step: Step, evidence: Evidence) -> int:
    """How many words they have in common; what a piece of evidence is called counts twice."""
    said = _stems(step.text)
    about = _stems(f"{evidence.title} {evidence.source}")
    return len(said & about) + 2 * len(said & _stems(evidence.id))


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"\w{4,}", text.lower())
    return frozenset(word[:5] for word in words if not word.startswith("check"))
