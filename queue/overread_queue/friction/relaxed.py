"""Where a policy asks for less than the defaults do, in sentences. Nobody is refused for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from overread_queue.policy.changes import Change, settings_changes
from overread_queue.policy.model import Policy
from overread_queue.policy.settings import Friction
from overread_queue.states import Tier

_OFF = ("0", "0.0", "False", "never")


class _Sentences(NamedTuple):
    less: str
    """Takes the policy's value and the default."""
    off: str = ""


_SAYING = {
    "friction.floor_hard": _Sentences(
        "hard approvals open after {} s instead of {} s",
        "hard approvals have no minimum time",
    ),
    "friction.floor_irreversible": _Sentences(
        "approvals of irreversible actions open after {} s instead of {} s",
        "approvals of irreversible actions have no minimum time",
    ),
    "friction.words_per_minute": _Sentences(
        "reading is taken to be as fast as {} words a minute instead of {}"
    ),
    "friction.read_contradictions": _Sentences(
        "", "hard approvals open without a look at contradicting evidence"
    ),
    "friction.withhold_from": _Sentences(
        "irreversible actions hide their recommendation only from {} impact on, instead of {}",
        "no irreversible action hides its recommendation because of its impact",
    ),
    "friction.withhold_fraction": _Sentences(
        "a share of {} of the other recommendations is hidden at random, instead of {}",
        "no recommendation is hidden at random, so the pull of advice cannot be estimated",
    ),
    "friction.challenge_from": _Sentences(
        "hard approvals name their weakest point only from {} impact on, instead of {}",
        "no approval has to name its weakest point",
    ),
    "friction.challenge_least": _Sentences(
        "“this would be wrong if …” takes {} characters instead of {}",
        "“this would be wrong if …” may stay empty",
    ),
    "friction.dual_fraction": _Sentences(
        "a share of {} of hard approvals is judged by two people at random, instead of {}",
        "no approval is judged by two people at random, so what one person misses stays unknown",
    ),
    "friction.probe_fraction": _Sentences(
        "a share of {} of items are probes, instead of {}",
        "there are no probes, so nobody can tell a perfect agent from a dead review",
    ),
    "friction.session_longest": _Sentences(
        "a session takes items for {} s of active review instead of {} s"
    ),
    "friction.break_after": _Sentences(
        "a break is suggested after {} s of active review instead of {} s"
    ),
}


def relaxed(friction: Friction) -> tuple[str, ...]:
    """A sentence for each control that is switched off, or weaker than by default."""
    found = settings_changes("friction", Friction(), friction)
    return tuple(_sentence(one) for one in found if one.direction == "loosened")


def _sentence(change: Change) -> str:
    saying = _SAYING[change.key]
    if change.after in _OFF:
        return f"{change.key}: {saying.off}"
    return f"{change.key}: {saying.less.format(change.after, change.before)}"


def alone(policy: Policy, holders: Mapping[str, int]) -> tuple[str, ...]:
    """Cells that ask for two people where the desk has fewer. `holders` counts reviewers by role.

    Nothing gets through such a cell until its deadline.
    """
    return tuple(_alone(policy, holders))


def _alone(policy: Policy, holders: Mapping[str, int]) -> Iterator[str]:
    for action in policy.actions:
        for tier in Tier:
            duty = policy.duty(action, tier)
            held = holders.get(duty.role, 0)
            if duty.dual and held < 2:
                yield (
                    f'governance."{action}".{tier}: asks for two people, and {held or "nobody"} '
                    f"of this desk's reviewers holds the role {duty.role!r}"
                )
