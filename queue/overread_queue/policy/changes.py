"""What a new policy handles otherwise, beside the tiers: people, deadlines, friction, sign-off."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from overread_briefs.sensitivity import ORDER
from overread_queue.policy.costs import Costs
from overread_queue.policy.governance import Duty
from overread_queue.policy.model import Policy
from overread_queue.policy.rules import Signal
from overread_queue.policy.settings import IMPACTS
from overread_queue.states import Tier

Effect = Literal["loosened", "tightened", "changed"]

PARTS = (
    "settings",
    "limits",
    "friction",
    "audit",
    "freshness",
    "breaker",
    "alarms",
    "retention",
)
_MORE_IS_STRICTER = {
    "settings.undo",
    "friction.floor_soft",
    "friction.floor_hard",
    "friction.floor_irreversible",
    "friction.read_contradictions",
    "friction.withhold_fraction",
    "friction.challenge_least",
    "friction.dual_fraction",
    "friction.probe_fraction",
    "audit.rate",
    "audit.new_rate",
    "audit.new_for",
    "audit.floor",
    "breaker.window",
    "alarms.no_override_chance",
    "alarms.fast_under",
    "retention.skeleton",
}
_LESS_IS_STRICTER = {
    "settings.decision_valid",
    "settings.break_glass",
    "friction.words_per_minute",
    "friction.session_longest",
    "friction.break_after",
    "breaker.failures",
    "breaker.rejections",
    "alarms.overrides_every",
    "alarms.escalations_every",
    "alarms.fast_share",
    "alarms.fast_every",
    "alarms.speed_every",
    "alarms.missed_every",
    "alarms.breach_share",
}
_ORDERS: dict[str, tuple[str, ...]] = {
    "friction.withhold_from": ("never", *reversed(IMPACTS)),
    "friction.challenge_from": ("never", *reversed(IMPACTS)),
    "settings.brief_budget": ("warn", "refuse"),
    "freshness.stale": ("show", "return", "raise"),
    "freshness.raise_to": tuple(Tier),
    "breaker.raise_to": tuple(Tier),
}
"""Words by strictness, the mildest first."""

_DUTY_FIELDS = (
    "pool",
    "role",
    "substitute",
    "sla_seconds",
    "latency_tolerance_seconds",
    "fallback",
)
_ANY = Signal(worse="higher")
"""What holds for a signal that nobody declared."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is handled otherwise."""

    key: str
    before: str
    after: str
    direction: Effect


def changes_between(old: Policy, new: Policy) -> Iterator[Change]:
    for part in PARTS:
        yield from settings_changes(part, getattr(old, part), getattr(new, part))
    yield from _signoff(old, new)
    yield from _signals(old, new)
    yield from _parameters(old, new)
    yield from _sensitive(old, new)
    yield from _costs(old, new)
    yield from _exemptions(old, new)
    yield from _duties(old, new)


def settings_changes(part: str, old: BaseModel, new: BaseModel) -> Iterator[Change]:
    """What two settings of the same part say otherwise; `part` is their table in the file."""
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            key = f"{part}.{name}"
            yield Change(key, str(before), str(after), _effect(key, before, after))


def _effect(key: str, before: object, after: object) -> Effect:
    if key in _ORDERS:
        words = _ORDERS[key]
        stricter = words.index(str(after)) > words.index(str(before))
    elif isinstance(before, int | float) and isinstance(after, int | float):
        if key not in _MORE_IS_STRICTER | _LESS_IS_STRICTER:
            return "changed"
        stricter = (after > before) == (key in _MORE_IS_STRICTER)
    else:
        return "changed"
    return "tightened" if stricter else "loosened"


def _signoff(old: Policy, new: Policy) -> Iterator[Change]:
    for field in ("activate", "loosen"):
        before, after = set(getattr(old.signoff, field)), set(getattr(new.signoff, field))
        if before != after:
            direction: Effect = "loosened" if before - after else "tightened"
            yield Change(f"signoff.{field}", _list(before), _list(after), direction)


def _signals(old: Policy, new: Policy) -> Iterator[Change]:
    """A wider range lets pass what was unusable before, also where no rule looks at it."""
    for name in sorted({*old.signals, *new.signals}):
        before, after = old.signal(name) or _ANY, new.signal(name) or _ANY
        if before == after:
            continue
        (low, high), (lower, higher) = _range(before), _range(after)
        if lower < low or higher > high:
            direction: Effect = "loosened"
        else:
            direction = "tightened" if (lower, higher) != (low, high) else "changed"
        yield Change(f"signals.{name}", _signal(before), _signal(after), direction)


def _range(signal: Signal) -> tuple[float, float]:
    least = -math.inf if signal.least is None else signal.least
    return least, math.inf if signal.most is None else signal.most


def _signal(signal: Signal) -> str:
    low, high = _range(signal)
    return f"worse {signal.worse}, from {low:g} to {high:g}"


def _parameters(old: Policy, new: Policy) -> Iterator[Change]:
    """A declared type keeps out what has another one."""
    for action in sorted(old.actions.keys() & new.actions.keys()):
        before, after = old.actions[action].parameters, new.actions[action].parameters
        for name in sorted({*before, *after}):
            was, now = before.get(name), after.get(name)
            if was != now:
                direction: Effect = "loosened" if was else "tightened"
                key = f'actions."{action}".parameters.{name}'
                yield Change(key, str(was), str(now), direction)


def _sensitive(old: Policy, new: Policy) -> Iterator[Change]:
    """A parameter without a class is one that anybody at the desk reads, like `internal`."""
    for action in sorted(old.actions.keys() & new.actions.keys()):
        before, after = old.actions[action].sensitive, new.actions[action].sensitive
        for name in sorted({*before, *after}):
            was, now = before.get(name, "internal"), after.get(name, "internal")
            if was != now:
                milder = ORDER.index(now) < ORDER.index(was)
                key = f'actions."{action}".sensitive.{name}'
                yield Change(key, was, now, "loosened" if milder else "tightened")


def _costs(old: Policy, new: Policy) -> Iterator[Change]:
    """They move no tier; what is advised follows from them."""
    for action in sorted(old.actions.keys() & new.actions.keys()):
        before, after = old.actions[action].costs, new.actions[action].costs
        if before != after:
            yield Change(f'actions."{action}".costs', _told(before), _told(after), "changed")


def _told(costs: Costs | None) -> str:
    return "not said" if costs is None else str(costs)


def _exemptions(old: Policy, new: Policy) -> Iterator[Change]:
    """A later end is a loosening, also where both hold today."""
    before = {one.action: one.expires for one in old.exemptions}
    after = {one.action: one.expires for one in new.exemptions}
    for action in sorted({*before, *after}):
        was, now = before.get(action), after.get(action)
        if was != now:
            direction: Effect = "loosened" if now and (was is None or now > was) else "tightened"
            yield Change(f"exemptions.{action}", str(was), str(now), direction)


def _duties(old: Policy, new: Policy) -> Iterator[Change]:
    for action in sorted(old.actions.keys() & new.actions.keys()):
        for tier in Tier:
            yield from _duty(action, old.duty(action, tier), new.duty(action, tier))


def _duty(action: str, old: Duty, new: Duty) -> Iterator[Change]:
    key = f'governance."{action}".{old.tier}'
    if old.dual != new.dual:
        direction: Effect = "tightened" if new.dual else "loosened"
        yield Change(f"{key}.dual", str(old.dual), str(new.dual), direction)
    for field in _DUTY_FIELDS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(f"{key}.{field}", str(before), str(after), "changed")


def _list(roles: set[str]) -> str:
    return ", ".join(sorted(roles)) or "nobody"
