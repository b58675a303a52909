"""Whether rules, watchlists, exemptions and examples speak of what exists, in its own type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from overread_queue.policy.conditions import Condition
from overread_queue.policy.model import Policy
from overread_queue.policy.rules import KNOWN_SIGNALS, Rule, Watchlist
from overread_queue.policy.values import ParameterType
from overread_queue.states import Tier
from overread_queue.tomlfile import did_you_mean

Key = tuple[str | int, ...]
Problem = tuple[Key, str]
"""The key at fault, and what to do about it."""

BUILT_IN = frozenset(
    {
        "agent-actions",
        "agent-asked",
        "agent-says-worse",
        "cannot-be-taken-back",
        "circuit-breaker",
        "halt",
        "missing-input",
        "risk-map",
        "stale-evidence",
        "unknown-action",
        "unusable-input",
    }
)
"""Rule ids that every policy has."""

_NUMBERS: tuple[ParameterType, ...] = ("number", "amount")


def rule_problems(policy: Policy) -> Iterator[Problem]:
    yield from _signals(policy)
    yield from _names(policy)
    for at, rule in enumerate(policy.rules):
        yield from _rule(policy, ("rules", at), rule)
    for at, one in enumerate(policy.watchlists):
        yield from _watchlist(policy, ("watchlists", at), one)
    yield from _exemptions(policy)
    yield from _examples(policy)


def _signals(policy: Policy) -> Iterator[Problem]:
    for name, signal in policy.signals.items():
        known = KNOWN_SIGNALS.get(name)
        if known and known.worse != signal.worse:
            yield ("signals", name, "worse"), f"is {known.worse!r} for {name}, everywhere"
        if signal.least is not None and signal.most is not None and signal.least >= signal.most:
            yield ("signals", name, "most"), f"must be more than least ({signal.least:g})"


def _names(policy: Policy) -> Iterator[Problem]:
    """Ids that are used twice, or that every policy uses already."""
    ids: list[tuple[Key, str]] = [
        *((("rules", at, "id"), one.id) for at, one in enumerate(policy.rules)),
        *((("watchlists", at, "id"), one.id) for at, one in enumerate(policy.watchlists)),
    ]
    yield from _twice(ids)
    for key, id in ids:
        if id in BUILT_IN:
            yield key, f"{id!r} is a reason that every policy has; choose another id"
    yield from _twice((("exemptions", at, "id"), x.id) for at, x in enumerate(policy.exemptions))
    yield from _twice((("examples", at, "name"), x.name) for at, x in enumerate(policy.examples))


def _twice(ids: Iterable[tuple[Key, str]]) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for key, id in ids:
        seen[id] += 1
        if seen[id] == 2:
            yield key, f"{id!r} is there already; choose another"


def _unknown_actions(policy: Policy, key: Key, actions: Iterable[str]) -> Iterator[Problem]:
    for name in actions:
        if name not in policy.actions:
            hint = did_you_mean(name, policy.actions)
            yield key, f"there is no action type {name!r}{hint}"


def _raises_nothing(key: Key, tier: Tier) -> Iterator[Problem]:
    if tier is Tier.AUTONOMOUS:
        yield (
            (*key, "tier"),
            'raises nothing to autonomous; write "notify" or more, or take the rule out',
        )


def _rule(policy: Policy, key: Key, rule: Rule) -> Iterator[Problem]:
    yield from _raises_nothing(key, rule.tier)
    unknown = list(_unknown_actions(policy, (*key, "actions"), rule.actions or ()))
    yield from unknown
    if unknown:
        return
    for at, condition in enumerate(rule.when):
        yield from _condition(policy, (*key, "when", at), condition, rule.actions)


def _condition(
    policy: Policy, key: Key, condition: Condition, actions: tuple[str, ...] | None
) -> Iterator[Problem]:
    match condition.subject.kind:
        case "signal":
            yield from _signal_condition(policy, key, condition)
        case "parameter":
            yield from _parameter_condition(policy, key, condition, actions)
        case "fact":
            return


def _signal_condition(policy: Policy, key: Key, condition: Condition) -> Iterator[Problem]:
    name = condition.subject.name
    signal = policy.signal(name)
    if signal is None:
        hint = did_you_mean(name, [*KNOWN_SIGNALS, *policy.signals])
        yield (
            key,
            f'there is no signal {name!r}{hint}; or declare it: [signals.{name}] worse = "higher"',
        )
    elif not isinstance(condition.operand, float) or condition.operator in ("in", "not in"):
        yield key, f"{name} is a number; compare it with one, such as value = 0.8"
    elif not signal.holds(condition.operand):
        yield (
            key,
            f"{name} lies from {_end(signal.least)} to {_end(signal.most)}, so it is always or "
            f"never {condition.operator} {condition.operand:g}; write a value in between",
        )


def _end(bound: float | None) -> str:
    return "anything" if bound is None else f"{bound:g}"


def _parameter_condition(
    policy: Policy, key: Key, condition: Condition, actions: tuple[str, ...] | None
) -> Iterator[Problem]:
    name = condition.subject.name
    for action in policy.actions if actions is None else actions:
        type = policy.actions[action].parameters.get(name)
        if type is None:
            yield (
                key,
                f"{action} does not declare the parameter {name!r}; add it to "
                f'[actions."{action}"] parameters, or name other `actions` in the rule',
            )
            return
        problem = _mismatch(type, condition)
        if problem:
            yield key, f"{name} of {action} is declared {type!r}; {problem}"
            return


def _mismatch(type: ParameterType, condition: Condition) -> str | None:
    """What to write instead, where a condition does not fit the type of its parameter."""
    operand, operator = condition.operand, condition.operator
    if type in _NUMBERS:
        fits = isinstance(operand, float) and operator not in ("in", "not in")
        return None if fits else "compare it with a number by < <= > >= = or !="
    if type == "boolean":
        fits = isinstance(operand, bool) and operator in ("=", "!=")
        return None if fits else 'write is = "=", value = true (or false)'
    fits = isinstance(operand, str | tuple)
    return None if fits else 'compare it with a text, or with a list by "in" or "not in"'


def _watchlist(policy: Policy, key: Key, one: Watchlist) -> Iterator[Problem]:
    yield from _raises_nothing(key, one.tier)
    unknown = list(_unknown_actions(policy, (*key, "actions"), one.actions or ()))
    yield from unknown
    if unknown or one.parameter is None:
        return
    types = {
        action: policy.actions[action].parameters.get(one.parameter)
        for action in (policy.actions if one.actions is None else one.actions)
    }
    lacking = [action for action, type in types.items() if type is None]
    if (one.actions and lacking) or len(lacking) == len(types):
        where = lacking[0] if one.actions else "no action type"
        declares = "does not declare" if one.actions else "declares"
        yield (
            (*key, "parameter"),
            f"{where} {declares} the parameter {one.parameter!r}; add "
            f'{one.parameter} = "text" to its parameters',
        )
    for action, type in types.items():
        if type not in (None, "text"):
            yield (
                (*key, "parameter"),
                f"{one.parameter} of {action} is declared {type!r}; a list holds texts",
            )


def _exemptions(policy: Policy) -> Iterator[Problem]:
    exempt: set[str] = set()
    for at, one in enumerate(policy.exemptions):
        key: Key = ("exemptions", at, "action")
        yield from _unknown_actions(policy, key, [one.action])
        rule = policy.actions.get(one.action)
        if rule and rule.reversibility == "irreversible":
            yield key, f"{one.action} is irreversible, and nothing irreversible is exempt"
        if one.action in exempt:
            yield key, f"{one.action} is exempt already, and one tier is the most; keep one"
        exempt.add(one.action)


def _examples(policy: Policy) -> Iterator[Problem]:
    ids = {rule.id for rule in policy.rules} | {one.id for one in policy.watchlists}
    for at, one in enumerate(policy.examples):
        yield from _unknown_actions(policy, ("examples", at, "action"), [one.action])
        for id in one.expect_rules or ():
            if id not in ids:
                yield (
                    ("examples", at, "expect_rules"),
                    f"there is no rule {id!r}{did_you_mean(id, ids)}",
                )
