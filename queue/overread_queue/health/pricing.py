"""What each control of the policy costs, in minutes of reviewers' time a day. Pure.

What is assumed or only a bound is marked as such: nobody has measured it on this desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from overread_queue.friction.reach import hard_approval, reaches
from overread_queue.health.work import looks, seconds
from overread_queue.numbers import percent
from overread_queue.policy.model import Policy
from overread_queue.policy.settings import Impact, Threshold
from overread_queue.states import EscalationKind
from overread_queue.store.works import Work

Basis = Literal["measured", "assumed", "at most"]

JUDGE_SECONDS = 15.0
"""To name an option and how sure one is, before the recommendation shows. Assumed."""
CHALLENGE_SECONDS = 45.0
"""To name the weakest evidence and finish one sentence. Assumed."""
_THRESHOLDS: tuple[Threshold, ...] = get_args(Threshold)
"""Strictest first."""


@dataclass(frozen=True, slots=True)
class Instead:
    """Another value of the same setting."""

    value: str
    minutes: float
    """A day."""


@dataclass(frozen=True, slots=True)
class Price:
    """One setting."""

    setting: str
    value: str
    """As the policy has it."""
    reached: float
    """Reviews a day that it reaches."""
    seconds: float
    """Each of them."""
    basis: Basis
    instead: tuple[Instead, ...] = ()
    """One step stricter and one milder, where the setting has steps."""

    @property
    def minutes(self) -> float:
        """A day."""
        return self.reached * self.seconds / 60


def prices(policy: Policy, works: Sequence[Work], *, days: int) -> tuple[Price, ...]:
    """Every control that reaches anything, dearest first.

    What contradicts has no line of its own: the floor counts its words. Nor has undo, which holds
    an agent up and no reviewer.
    """
    if not works:
        return ()
    desk = _Desk(policy, works, days)
    makers = (_floors, _withholding, _challenge, _dual, _probes, _audit, _breaks)
    found = [one for make in makers for one in make(desk) if one.minutes > 0]
    return tuple(sorted(found, key=lambda one: -one.minutes))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the controls of a policy reach, a day."""

    policy: Policy
    works: Sequence[Work]
    days: int

    def looks(self, share: Callable[[Work], float]) -> float:
        """Reviews, of each sort of work that share."""
        return sum(looks(one) * share(one) for one in self.works) / self.days

    def seconds(self, share: Callable[[Work], float]) -> float:
        """Mean time of one of these reviews."""
        each = (looks(one) * share(one) * seconds(self.policy, one) for one in self.works)
        total = sum(each)
        return total / self.days / self.looks(share) if total else 0.0

    def impact(self, work: Work) -> Impact:
        """By the policy; what it does not know may be anything."""
        rule = self.policy.actions.get(work.action_type)
        return rule.impact if rule else "critical"

    def irreversible(self, work: Work) -> bool:
        """By the policy; an agent can only say worse."""
        rule = self.policy.actions.get(work.action_type)
        return rule is None or rule.reversibility == "irreversible"


def _hard(work: Work) -> bool:
    return hard_approval(work.kind, work.tier)


def _floors(desk: _Desk) -> Iterator[Price]:
    """A bound: who would have read that long anyway loses nothing."""
    friction = desk.policy.friction
    final = desk.looks(lambda one: _hard(one) and desk.irreversible(one))
    other = desk.looks(lambda one: _hard(one) and not desk.irreversible(one))
    soft = desk.looks(lambda one: one.kind is not EscalationKind.APPROVAL)
    for name, reached, least in (
        ("floor_irreversible", final, friction.floor_irreversible),
        ("floor_hard", other, friction.floor_hard),
        ("floor_soft", soft, friction.floor_soft),
    ):
        yield Price(name, f"{least:g} s", reached, least, "at most")


def _withholding(desk: _Desk) -> Iterator[Price]:
    friction = desk.policy.friction

    def reached(least: Threshold) -> float:
        def share(one: Work) -> float:
            always = desk.irreversible(one) and reaches(desk.impact(one), least)
            return _hard(one) * (1.0 if always else friction.withhold_fraction)

        return desk.looks(share)

    value = f"{friction.withhold_from}, else {percent(friction.withhold_fraction)}"
    yield _stepped("withhold_from", friction.withhold_from, reached, JUDGE_SECONDS, value)


def _challenge(desk: _Desk) -> Iterator[Price]:
    def reached(least: Threshold) -> float:
        return desk.looks(lambda one: _hard(one) and reaches(desk.impact(one), least))

    least = desk.policy.friction.challenge_from
    yield _stepped("challenge_from", least, reached, CHALLENGE_SECONDS, least)


def _dual(desk: _Desk) -> Iterator[Price]:
    """A second review in full; where the policy asks for two people, on every item."""
    drawn = desk.policy.friction.dual_fraction

    def asked(one: Work) -> bool:
        return _hard(one) and desk.policy.duty(one.action_type, one.tier).dual

    def second(one: Work) -> float:
        """Of all its reviews, as those of two people are counted twice already."""
        return asked(one) / 2

    def sampled(one: Work) -> float:
        return drawn * (_hard(one) and not asked(one))

    yield Price("dual", "two people", desk.looks(second), desk.seconds(second), "measured")
    yield Price(
        "dual_fraction",
        percent(drawn),
        desk.looks(sampled),
        desk.seconds(sampled),
        "measured",
    )


def _probes(desk: _Desk) -> Iterator[Price]:
    rate = desk.policy.friction.probe_fraction
    yield Price(
        "probe_fraction",
        percent(rate),
        desk.looks(lambda one: rate * _hard(one)),
        desk.seconds(_hard),
        "measured",
    )


def _audit(desk: _Desk) -> Iterator[Price]:
    """The random sample of what agents did by themselves, as it came in."""

    def drawn(one: Work) -> bool:
        return one.kind is EscalationKind.AUDIT

    value = percent(desk.policy.audit.rate)
    yield Price("audit.rate", value, desk.looks(drawn), desk.seconds(drawn), "measured")


def _breaks(desk: _Desk) -> Iterator[Price]:
    friction = desk.policy.friction
    worked = desk.looks(lambda _: 1.0) * desk.seconds(lambda _: 1.0)
    value = f"{friction.break_for / 60:g} min"
    yield Price("break_for", value, worked / friction.break_after, friction.break_for, "at most")


def _stepped(
    setting: str,
    now: Threshold,
    reached: Callable[[Threshold], float],
    seconds: float,
    value: str,
) -> Price:
    at = _THRESHOLDS.index(now)
    others = [one for one in _THRESHOLDS[max(at - 1, 0) : at + 2] if one != now]
    instead = tuple(Instead(one, reached(one) * seconds / 60) for one in others)
    return Price(setting, value, reached(now), seconds, "assumed", instead)
