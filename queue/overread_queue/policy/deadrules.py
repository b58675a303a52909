"""Which rules decide somewhere, and why the others never do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_

from overread_queue.policy.cells import Space
from overread_queue.policy.model import Policy
from overread_queue.policy.plan import Match, Plan, settle
from overread_queue.policy.rulechecks import Key


class Deadness:
    """Keeps watch over all action types: a rule lives if it decides in one cell of any of them.

    A rule decides where the tier would be lower without it. Cells in which something is missing do
    not count: there a rule acts only because it could not be judged.
    """

    def __init__(self, policy: Policy) -> None:
        self._keys: dict[str, Key] = {
            **{rule.id: ("rules", at) for at, rule in enumerate(policy.rules)},
            **{one.id: ("watchlists", at) for at, one in enumerate(policy.watchlists)},
        }
        self._living: set[str] = set()
        self._sampled: set[str] = set()
        self._reasons: dict[str, list[str]] = {}

    def watch(self, space: Space) -> set[bytes]:
        """Look for deciding rules; the ranks that occur, as rows over the circumstances."""
        found = set(space.matches() if space.can_walk else _sampled(space))
        for one in found:
            if not one.open:
                self._living |= _deciding(space, one)
        for at, line in enumerate(space.plan.lines):
            if line.id not in self._living:
                self._doubt(space, found, at)
        return {space.row(one) for one in found}

    def dead(self) -> Iterator[tuple[Key, str]]:
        for id, key in self._keys.items():
            if id not in self._living | self._sampled:
                reasons = self._reasons.get(id, ["no action type has what it looks at"])
                why = "; ".join(dict.fromkeys(reasons))
                yield key, f"{id!r} never decides: {why}; take it out or change its tier"

    def unseen(self) -> Iterator[tuple[Key, str]]:
        """Not seen to decide, where not every cell was walked."""
        for id in sorted(self._sampled - self._living):
            yield self._keys[id], f"{id!r} was not seen to decide in a sample; narrow the policy"

    def _doubt(self, space: Space, found: Iterable[Match], at: int) -> None:
        id = space.plan.lines[at].id
        if not space.can_walk and space.favourable(1 << at) is not None:
            self._sampled.add(id)
            return
        why = _why_dead(space, [one for one in found if one.sure >> at & 1], at)
        self._reasons.setdefault(id, []).append(f"for {space.action} {why}")


def _sampled(space: Space) -> Iterator[Match]:
    """A sample, and for each rule the case in which it meets the least competition."""
    yield from (space.found(pieces) for pieces in space.drawn())
    for at in range(len(space.plan.lines)):
        pieces = space.favourable(1 << at)
        if pieces:
            yield space.found(pieces)


def _deciding(space: Space, found: Match) -> set[str]:
    plan = space.plan
    deciding: set[str] = set()
    for at in _foremost(plan, found.sure):
        without = Match(found.sure & ~(1 << at), 0)
        for about in space.about:
            if settle(plan, without, about) < settle(plan, found, about):
                deciding.add(plan.lines[at].id)
                break
    return deciding


def _foremost(plan: Plan, sure: int) -> Iterator[int]:
    """The most severe rule and the most severe watchlist. Where two are equal, neither decides."""
    for group in (sure & ~plan.listed, sure & plan.listed):
        first = group & plan.by_rank[plan.strongest(group)]
        if first.bit_count() == 1:
            yield first.bit_length() - 1


def _why_dead(space: Space, found: list[Match], at: int) -> str:
    if not found:
        return "its conditions never hold together"
    plan, line = space.plan, space.plan.lines[at]
    as_severe = reduce(lambda mask, rank: mask | rank, plan.by_rank[line.rank :], 0) & ~(1 << at)
    always = reduce(and_, (one.sure for one in found)) & as_severe
    if always:
        return f"{plan.chosen(always)[0].id!r} always asks for as much"
    if all(about.base >= line.rank for about in space.about):
        return "the risk map already asks for as much"
    return "something else always asks for as much"
