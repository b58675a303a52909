"""A ruling under 1,000 rules for 50 action types, against a bare loop over the same comparisons."""

from __future__ import annotations

import itertools
import random
import time
from typing import Any

from measuring import interleaved, report
from overread_queue.policy import Facts, Policy, evaluate, parse_policy
from policy_factory import BASE, NOON, to_bytes

RULES, TYPES = 1000, 50
TIERS = ["notify", "soft_review", "hard_approval"]


def big(*, everywhere: bool) -> Policy:
    """Rules for one action type each, or all of them for every action type."""
    dice = random.Random(7)
    names = [f"type.{number}" for number in range(TYPES)]
    content: dict[str, Any] = {**BASE, "actions": dict.fromkeys(names, BASE["actions"]["credit"])}
    content["rules"] = [
        {
            "id": f"rule-{number}",
            "kind": "business_rule",
            **({} if everywhere else {"actions": [names[number % TYPES]]}),
            "when": [
                {"signal": "confidence", "is": "<", "value": round(dice.uniform(0, 1), 3)},
                {"parameter": "amount", "is": ">", "value": dice.randrange(10_000)},
            ],
            "tier": dice.choice(TIERS),
        }
        for number in range(RULES)
    ]
    return parse_policy(to_bytes(content), source="policy.toml")


def proposal(number: int) -> Facts:
    dice = random.Random(number)
    return Facts(
        agent="refund-agent",
        action_type=f"type.{number % TYPES}",
        at=NOON,
        signals={"confidence": dice.uniform(0.6, 1), "risk": 0.2, "ood": 0.1},
        parameters={"amount": dice.uniform(0, 2000), "currency": "EUR"},
        reversibility="reversible",
        compensation="debit",
    )


def bare(policy: Policy, facts: Facts) -> int:
    """The least that a program without masks would do: compare everything, keep the worst."""
    confidence, amount = facts.signals["confidence"], facts.parameters["amount"]
    matched = 0
    for one, other in [(0.8, 250.0)] * len(policy.rules):
        if confidence < one and amount > other:  # type: ignore[operator]
            matched += 1
    return matched


def measure(policy: Policy, proposals: list[Facts]) -> None:
    start = time.perf_counter()
    for facts in proposals:
        evaluate(policy, facts)
    first = (time.perf_counter() - start) / TYPES
    turn = itertools.cycle(proposals)
    medians = interleaved(
        {
            "bare loop over 1,000 comparisons": lambda: bare(policy, next(turn)),
            "evaluate": lambda: evaluate(policy, next(turn)),
        },
        rounds=400,
    )
    print(f"    first time for a type, with cutting: {first * 1e6:,.0f} us")
    report(medians, limit="bare loop over 1,000 comparisons")


def main() -> None:
    proposals = [proposal(number) for number in range(TYPES)]
    for name, everywhere in (
        ("20 rules for each of 50 types", False),
        ("1,000 rules for every type", True),
    ):
        print(f"  {name}")
        measure(big(everywhere=everywhere), proposals)


if __name__ == "__main__":
    main()
