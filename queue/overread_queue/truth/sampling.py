"""What is known of one type of action, and for how many others each known one speaks.

Two things choose what is known. The desk chooses what people see: everything that was escalated,
and of the rest a random sample, with a chance that was written down then. And leads choose what to
find out. The first is undone by weights. The second is kept out: only the beginning of the drawn
order counts, as far as most of it was judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from overread_queue.measure.sampling import LARGEST, Drawn, Weighted, weighted_mean
from overread_queue.policy.values import is_number
from overread_queue.store.truths import Done, TruthRow, settled

ENOUGH = 0.8
"""Share of a beginning that has to be judged: some truths cannot be found out."""
LEAST = 10
"""Labels that it takes to speak for a sort of actions at all."""

Turn = Callable[[Done], bytes]
"""Where something stands in the order in which leads find out."""


@dataclass(frozen=True, slots=True)
class Label:
    """An action whose truth counts."""

    done: Done
    wrong: bool
    harmful: bool
    inclusion: float
    """The chance that it came to be known."""
    confidence: float | None
    """What the agent said; None where it said nothing usable, or where that was erased."""

    @property
    def alone(self) -> bool:
        """It ran by itself."""
        return self.done.sampled is not None


@dataclass(frozen=True, slots=True)
class Sample:
    """One type of action, by the newest version of each agent that does it."""

    action_type: str
    versions: tuple[str, ...]
    """Such as `refund-agent 1.4.0`."""
    actions: int
    alone: int
    """… that ran by themselves."""
    audits: int
    """… that the random sample took."""
    labels: tuple[Label, ...]
    picked: int
    """Judged out of turn, so that they count as known mistakes and for no rate."""

    def wrong(self) -> Weighted | None:
        """The share that was wrong, over all actions. None where some of them are in the dark."""
        if self.dark_alone or self.dark_asked:
            return None
        return weighted_mean(Drawn(one.wrong, one.inclusion) for one in self.labels)

    @property
    def dark_alone(self) -> bool:
        """Of what ran by itself too little is known to speak for the rest of it."""
        return self.alone > 0 and sum(one.alone for one in self.labels) < LEAST

    @property
    def dark_asked(self) -> bool:
        """The same of what came before people."""
        return self.alone < self.actions and sum(not one.alone for one in self.labels) < LEAST


def samples(
    population: Iterable[Done], words: Mapping[str, Sequence[TruthRow]], turn: Turn
) -> tuple[Sample, ...]:
    """One for each type of action, by name. What older versions of an agent did speaks for what
    nobody does any more, and is left out."""
    by_type: dict[str, list[Done]] = {}
    for one in _newest(list(population)):
        by_type.setdefault(one.action_type, []).append(one)
    return tuple(_sample(name, by_type[name], words, turn) for name in sorted(by_type))


def _newest(population: list[Done]) -> list[Done]:
    """`population` is in the order of time. Where an agent does not say its version, it is the one
    that it said last."""
    said: dict[tuple[str, str], str] = {}
    versioned = []
    for one in population:
        who = one.agent, one.action_type
        said[who] = one.agent_version or said.get(who, "")
        versioned.append(replace(one, agent_version=said[who]))
    return [one for one in versioned if one.agent_version == said[one.agent, one.action_type]]


def _sample(
    name: str, found: list[Done], words: Mapping[str, Sequence[TruthRow]], turn: Turn
) -> Sample:
    audits = [one for one in found if one.sampled]
    asked = [one for one in found if one.sampled is None]
    labels = (*_labels(audits, words, turn), *_labels(asked, words, turn))
    judged = sum(bool(words.get(one.proposal)) for one in (*audits, *asked))
    return Sample(
        action_type=name,
        versions=tuple(sorted({f"{one.agent} {one.agent_version}".strip() for one in found})),
        actions=len(found),
        alone=len(found) - len(asked),
        audits=len(audits),
        labels=labels,
        picked=judged - len(labels),
    )


def _labels(
    seen: list[Done], words: Mapping[str, Sequence[TruthRow]], turn: Turn
) -> tuple[Label, ...]:
    """The judged ones of the even part of what people saw, with their chances to be known."""
    known = [one for one in _even(sorted(seen, key=turn), words) if words.get(one.proposal)]
    return tuple(_label(one, words[one.proposal], len(known) / len(seen)) for one in known)


def _even(order: list[Done], words: Mapping[str, Sequence[TruthRow]]) -> list[Done]:
    """The longest beginning of which enough was judged."""
    judged = longest = 0
    for at, one in enumerate(order, start=1):
        judged += bool(words.get(one.proposal))
        if judged >= ENOUGH * at:
            longest = at
    return order[:longest]


def _label(done: Done, said: Sequence[TruthRow], reached: float) -> Label:
    """No draw counts for more than `LARGEST`: one lucky draw must not speak for hundreds."""
    drawn = 1.0 if done.probability is None else max(done.probability, 1 / LARGEST)
    harmful = any(one.harmful for one in said)
    wrong = settled(said) == "wrong"
    return Label(done, wrong, harmful, drawn * reached, _confidence(done))


def _confidence(done: Done) -> float | None:
    kept = json.loads(done.inputs or "{}").get("signals", {}).get("confidence")
    return float(kept) if is_number(kept) and 0 <= kept <= 1 else None
