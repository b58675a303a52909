"""A second reading of a policy: slow, on the bare TOML, sharing no code with the first."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from overread_queue.policy import Facts

TIERS = ["autonomous", "notify", "soft_review", "hard_approval", "hard_stop"]
WAYS = ["reversible", "compensable", "irreversible"]
CLASSES = ["public", "internal", "confidential", "restricted"]
RANGES = {"confidence": (0, 1), "risk": (0, 1), "ood": (0, 1)}
Table = Mapping[str, Any]


def oracle(table: Table, facts: Facts) -> tuple[str, set[str]]:
    """The tier, and the rules and watchlists that match."""
    action = table["actions"].get(facts.action_type)
    if action is None:
        stopped = facts.halted or not facts.permitted
        return ("hard_stop" if stopped else "hard_approval"), set()
    way = max(action["reversibility"], facts.reversibility, key=WAYS.index)
    tiers, hard, matched = [table["risk"][action["impact"]][way]], [], set()
    for rule in table.get("rules", []):
        truth = applies(rule, table, action, facts)
        if truth:
            tiers.append(rule["tier"])
            matched.add(rule["id"])
        elif truth is None:
            hard += ["hard_approval", rule["tier"]]
    tier = worst(tiers)
    if exempt(table, facts) and way != "irreversible":
        tier = TIERS[max(TIERS.index(tier) - 1, 0)]
    for watch in table.get("watchlists", []):
        listed = on_list(watch, action, facts)
        if listed:
            matched.add(watch["id"])
            hard.append(watch["tier"])
        elif listed is None:
            hard += ["hard_approval", watch["tier"]]
    tier = worst([tier, *hard, *floors(table, action, facts)])
    if tier == "soft_review" and (way == "irreversible" or not taken_back(action, facts)):
        tier = "hard_approval"
    return tier, matched


def worst(tiers: list[str]) -> str:
    return max(tiers, key=TIERS.index)


def floors(table: Table, action: Table, facts: Facts) -> list[str]:
    found = []
    if facts.halted or not facts.permitted:
        found.append("hard_stop")
    if facts.breaker_open:
        found.append(table.get("breaker", {}).get("raise_to", "hard_approval"))
    if facts.stale_evidence and table.get("freshness", {}).get("stale") == "raise":
        found.append("hard_approval")
    if any(number(value, name) is None for name, value in facts.signals.items()):
        found.append("hard_approval")
    for name, kind in action.get("parameters", {}).items():
        value = facts.parameters.get(name)
        if value is not None and typed(value, kind) is None:
            found.append("hard_approval")
    return found


def applies(rule: Table, table: Table, action: Table, facts: Facts) -> bool | None:
    if facts.action_type not in rule.get("actions", [facts.action_type]):
        return False
    truth = [holds(condition, table, action, facts) for condition in rule["when"]]
    return False if False in truth else None if None in truth else True


def holds(condition: Table, table: Table, action: Table, facts: Facts) -> bool | None:
    """None where it cannot be said."""
    if "signal" in condition:
        left = number(facts.signals.get(condition["signal"]), condition["signal"])
        return None if left is None else compare(left, condition["is"], condition["value"])
    if "parameter" in condition:
        kind = action["parameters"][condition["parameter"]]
        left = typed(facts.parameters.get(condition["parameter"]), kind)
        return None if left is None else compare(left, condition["is"], condition["value"])
    (name,) = set(condition) - {"is"}
    left = getattr(facts, name)
    if not left or (name == "data_class" and left not in CLASSES):
        return None
    wanted = condition[name]
    wanted = [wanted] if isinstance(wanted, str) else wanted
    return compare(left.lower(), condition.get("is", "in"), wanted)


def on_list(watch: Table, action: Table, facts: Facts) -> bool | None:
    if watch["parameter"] not in action.get("parameters", {}):
        return False
    value = typed(facts.parameters.get(watch["parameter"]), "text")
    return None if value is None else compare(value, "in", watch["entries"])


def number(value: object, signal: str | None = None) -> float | None:
    if type(value) not in (int, float) or abs(value) > 2**53 or math.isnan(value):  # type: ignore[arg-type, operator]
        return None
    low, high = RANGES.get(signal or "", (-math.inf, math.inf))
    return value if low <= value <= high else None  # type: ignore[return-value, operator]


def typed(value: object, kind: str) -> float | bool | str | None:
    if kind in ("number", "amount"):
        return number(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    good = isinstance(value, str) and 0 < len(value) <= 1000
    return " ".join(str(value).lower().split()) if good else None


def compare(left: Any, operator: str, right: Any) -> bool:
    if isinstance(right, str):
        right = right.lower()
    match operator:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "in":
            return left in [one.lower() for one in right]
        case "not in":
            return left not in [one.lower() for one in right]
    raise AssertionError(operator)


def exempt(table: Table, facts: Facts) -> bool:
    day = dt.datetime.fromtimestamp(facts.at / 1000, dt.UTC).date()
    return any(
        one["action"] == facts.action_type and day <= one["expires"]
        for one in table.get("exemptions", [])
    )


def taken_back(action: Table, facts: Facts) -> bool:
    accepted = action.get("compensations") or [facts.compensation]
    return bool(facts.compensation) and facts.compensation in accepted
