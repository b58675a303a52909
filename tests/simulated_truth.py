"""A desk whose truth is known, because it is made up: what calibration has to find out again."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field, replace

from overread_queue.policy import Policy, inputs
from overread_queue.store.truths import Done, TruthRow
from overread_queue.truth.sampling import Sample, samples
from policy_factory import NOON, facts, policy, signal, table

COSTS = {"loss": 1000.0, "minute": 2.0, "override": 20.0, "harm": 0.05}


def desk_policy(threshold: float, **costs: float) -> Policy:
    """Below this confidence people are asked, otherwise the agent acts by itself."""
    rule = {"id": "unsure", "kind": "confidence", "actions": ["credit"], "tier": "hard_approval"}
    content = table(rules=[{**rule, "when": [signal("confidence", "<", threshold)]}])
    content["actions"]["credit"]["costs"] = {**COSTS, **costs}
    return policy(content)


@dataclass
class World:
    """An agent that is wrong the more often the less sure it is."""

    seed: int
    size: int = 6_000
    """Actions."""
    threshold: float = 0.6
    """In force while it acted."""
    audit: float = 0.02
    worst: float = 0.55
    """The chance of being wrong at no confidence at all."""
    asked_judged: int = 300
    """Questions whose truth was found out, from the top of the drawn order."""
    careless: bool = False
    """Whether leads judge what went wrong first instead of what the order says."""
    version: str = "1.4.0"
    actions: list[Done] = field(default_factory=list)
    wrong: dict[str, bool] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lot = random.Random(self.seed)
        for number in range(self.size):
            self._act(lot, f"p{number:05}", lot.betavariate(5, 2))

    @property
    def rate(self) -> float:
        """The truth."""
        return sum(self.wrong.values()) / self.size

    def sample(self) -> Sample:
        """What a lead knows who judged every audit, and the first of the questions."""
        words = self._words()
        said = [
            replace(one, inputs=_inputs(self.sure[one.proposal])) if one.proposal in words else one
            for one in self.actions
        ]
        (found,) = samples(said, words, turn)
        return found

    def _act(self, lot: random.Random, id: str, sure: float) -> None:
        self.sure[id] = sure
        self.wrong[id] = lot.random() < self.worst * (1 - sure) ** 1.5
        asked = sure < self.threshold
        drawn = not asked and lot.random() < self.audit
        seen = asked or drawn
        caught = lot.random() < (0.7 if self.wrong[id] else 0.05)
        self.actions.append(
            Done(
                proposal=id,
                agent="refund-agent",
                action_type="credit",
                agent_version=self.version,
                proposed_at=NOON,
                inputs=None,
                probability=None if asked else self.audit,
                sampled=None if asked else int(drawn),
                escalation=f"e-{id}" if seen else None,
                asked_at=NOON if seen else None,
                verdict=("reject" if caught else "approve") if seen else None,
            )
        )

    def _words(self) -> dict[str, list[TruthRow]]:
        asked = [one for one in self.actions if one.sampled is None]
        first = sorted(asked, key=self._lead_takes)[: self.asked_judged]
        judged = [*first, *(one for one in self.actions if one.sampled)]
        return {one.proposal: [_word(one, wrong=self.wrong[one.proposal])] for one in judged}

    def _lead_takes(self, one: Done) -> tuple[bool, bytes]:
        return self.careless and not self.wrong[one.proposal], turn(one)


def turn(one: Done) -> bytes:
    return hashlib.sha256(one.proposal.encode()).digest()


def _inputs(sure: float) -> str:
    return json.dumps(inputs(facts(signals={"confidence": sure, "risk": 0.1, "ood": 0.1})))


def _word(one: Done, *, wrong: bool) -> TruthRow:
    said = "wrong" if wrong else "right"
    return TruthRow(str(one.escalation), said, "outcome", wrong, None, NOON, "lea", "")  # type: ignore[arg-type]
