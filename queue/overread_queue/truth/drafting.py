"""A policy with another confidence threshold for one type of action, and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from overread_queue.errors import InvalidPolicy, InvalidRequest
from overread_queue.policy.load import parse_policy
from overread_queue.policy.model import Policy
from overread_queue.policy.plan import RANK, SOFT
from overread_queue.policy.rules import Rule
from overread_queue.states import Tier

_VALUE = re.compile(r"\bvalue\s*=\s*([0-9.eE+-]+)")
_SOURCE = "the calibrated policy"


class Threshold(NamedTuple):
    """Below this confidence the policy asks a person."""

    value: float
    rule: int | None
    """Which of its rules says so; None where none does, and the value is 0."""


def threshold_of(policy: Policy, action_type: str) -> Threshold:
    """The highest that a rule about confidence, and about nothing else, sets for this type."""
    found = (
        Threshold(rule.when[0].value, at)
        for at, rule in enumerate(policy.rules)
        if _sets_one(rule, action_type) and isinstance(rule.when[0].value, float)
    )
    return max(found, default=Threshold(0.0, None), key=lambda one: one.value)


def own_rule(policy: Policy, action_type: str) -> Rule | None:
    """The rule behind the threshold, where it speaks of this type alone."""
    at = threshold_of(policy, action_type).rule
    rule = None if at is None else policy.rules[at]
    return rule if rule and rule.actions == (action_type,) else None


def with_threshold(policy: Policy, action_type: str, value: float) -> Policy:
    """The policy in which the threshold of this type is another.

    Where its rule speaks of other types too, one of its own is added: the stricter of two wins, so
    that this can only tighten. Raises `InvalidRequest` where the file is written in a way that
    cannot be edited here.
    """
    drafts = _edited if own_rule(policy, action_type) else _extended
    for draft in drafts(policy, action_type, value):
        return draft
    raise InvalidRequest(
        "the policy is written in a way that cannot be edited here; put the confidence below "
        f"which {action_type} needs a person to {value:g} by hand"
    )


def _sets_one(rule: Rule, action_type: str) -> bool:
    first = rule.when[0]
    return (
        (rule.actions is None or action_type in rule.actions)
        and len(rule.when) == 1
        and (first.signal, first.comparison) in (("confidence", "<"), ("confidence", "<="))
        and RANK[rule.tier] >= SOFT
    )


def _edited(policy: Policy, action_type: str, value: float) -> Iterator[Policy]:
    """The file with one number changed, so that comments stay; whichever number it is that makes
    exactly this difference."""
    found, text = threshold_of(policy, action_type), policy.body.decode()
    wanted = _rules_with(policy, found, value)
    for match in _VALUE.finditer(text):
        draft = f"{text[: match.start(1)]}{value:g}{text[match.end(1) :]}"
        with suppress(InvalidPolicy):
            if (made := parse_policy(draft.encode(), source=_SOURCE)).rules == wanted:
                yield made


def _rules_with(policy: Policy, found: Threshold, value: float) -> tuple[Rule, ...]:
    rules = list(policy.rules)
    if found.rule is not None:
        rule = rules[found.rule]
        condition = rule.when[0].model_copy(update={"value": value})
        rules[found.rule] = rule.model_copy(update={"when": (condition,)})
    return tuple(rules)


def _extended(policy: Policy, action_type: str, value: float) -> Iterator[Policy]:
    """The file with a rule more."""
    at = threshold_of(policy, action_type).rule
    tier = Tier.HARD_APPROVAL if at is None else policy.rules[at].tier
    rule = (
        f'\n[[rules]]\nid = "calibrated-{action_type}"\nkind = "confidence"\n'
        f'actions = ["{action_type}"]\n'
        f'when = [{{ signal = "confidence", is = "<", value = {value:g} }}]\n'
        f'tier = "{tier.value}"\n'
    )
    with suppress(InvalidPolicy):
        yield parse_policy(policy.body + rule.encode(), source=_SOURCE)
