"""Rules of a policy in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from overread_console.flow.words import tier_words
from overread_queue.policy.conditions import Condition
from overread_queue.policy.rules import Rule, Watchlist
from overread_queue.states import Tier

_COMPARISONS = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "=": "is",
    "!=": "is not",
    "in": "is",
    "not in": "is none of",
}


def rule_words(rule: Rule) -> str:
    """`payments.refund, where amount is above 250: hard approval (note)`."""
    where = " and ".join(map(_condition, rule.when))
    return f"{_about(rule.actions)}, where {where}: {_raised(rule.tier, rule.note)}"


def watchlist_words(one: Watchlist) -> str:
    """The same for a list of names."""
    name, listed = one.subject.name, " or ".join(one.entries)
    about = (
        f"every action with {name}" if one.parameter and not one.actions else _about(one.actions)
    )
    return f"{about}, where {name} is {listed}: {_raised(one.tier, one.note)}"


def tiers_words(tiers: Sequence[Tier]) -> str:
    """`every tier`, or `soft review to hard stop`: neighbours, the mildest first."""
    if len(tiers) == len(Tier):
        return "every tier"
    first, last = tier_words(tiers[0]), tier_words(tiers[-1])
    return first if first == last else f"{first} to {last}"


def _about(actions: Sequence[str] | None) -> str:
    return "every action" if actions is None else " or ".join(actions)


def _condition(one: Condition) -> str:
    operand = one.operand
    if isinstance(operand, float) and not isinstance(operand, bool):
        value = f"{operand:g}"
    else:
        joint = ", " if one.operator == "not in" else " or "
        value = joint.join(one.texts)
    return f"{one.subject.name} {_COMPARISONS[one.operator]} {value}"


def _raised(tier: Tier, note: str | None) -> str:
    return tier_words(tier) + (f" ({note})" if note else "")
