"""All that a policy's rules say about one action type, compiled: axes, and a mask for each tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from overread_briefs.action import Reversibility
from overread_briefs.brief import TriggerKind
from overread_queue.policy.axes import Asked, Axis, Piece, Worse, name_axis, number_axis
from overread_queue.policy.conditions import Condition, Subject
from overread_queue.policy.rules import Rule, Signal, Watchlist
from overread_queue.policy.values import ParameterType
from overread_queue.states import Tier

TIERS = tuple(Tier)
"""By severity, mildest first: the index is the rank used here."""
RANK = {tier: rank for rank, tier in enumerate(TIERS)}
SOFT, HARD, STOP = RANK[Tier.SOFT_REVIEW], RANK[Tier.HARD_APPROVAL], RANK[Tier.HARD_STOP]


@dataclass(frozen=True, slots=True)
class Line:
    """A rule or watchlist as it applies to one action type."""

    id: str
    kind: TriggerKind
    when: tuple[Condition, ...]
    rank: int
    listed: bool
    """From a watchlist, which no exemption reaches."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The parts of a policy that a plan is made of."""

    rules: tuple[Rule, ...]
    watchlists: tuple[Watchlist, ...]
    parameters: Mapping[str, ParameterType]
    signals: Mapping[str, Signal]


@dataclass(frozen=True, slots=True)
class Match:
    """What a proposal's pieces leave of the rules."""

    sure: int
    """Every condition holds."""
    open: int
    """No condition fails, but at least one cannot be judged."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`lines[i]` is bit `1 << i` of every mask."""

    lines: tuple[Line, ...]
    axes: tuple[Axis, ...]
    by_rank: tuple[int, ...]
    """For each rank, the lines that ask for it."""
    listed: int
    """Lines that come from watchlists."""

    @property
    def every(self) -> int:
        return (1 << len(self.lines)) - 1

    def left(self, refused: int, unknown: int) -> Match:
        """What remains when some lines are refused and some cannot be judged."""
        allowed = self.every & ~refused
        return Match(allowed & ~unknown, allowed & unknown)

    def strongest(self, lines: int) -> int:
        """The highest rank that any of `lines` asks for; 0 for none."""
        rank = len(self.by_rank) - 1
        while rank and not lines & self.by_rank[rank]:
            rank -= 1
        return rank

    def chosen(self, lines: int) -> tuple[Line, ...]:
        """The lines behind a mask, in an order that does not depend on that of the file."""
        found = (self.lines[at] for at in bits(lines))
        return tuple(sorted(found, key=lambda line: (-line.rank, line.id)))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else the tier depends on."""

    base: int
    """Rank of the risk map's cell."""
    reversibility: Reversibility
    tentative: bool
    """The action brings a compensation that the policy accepts."""
    exempt: bool = False
    floor: int = 0
    """The least rank, whatever the rules say: unusable input, an open breaker, and the like."""


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def plan_for(action_type: str, sources: Sources) -> Plan:
    lines = (*_rules(action_type, sources), *_watchlists(action_type, sources))
    by_rank = tuple(
        sum(1 << at for at, line in enumerate(lines) if line.rank == rank)
        for rank in range(len(TIERS))
    )
    listed = sum(1 << at for at, line in enumerate(lines) if line.listed)
    return Plan(lines, tuple(_axes(lines, sources)), by_rank, listed)


def match(plan: Plan, pieces: Iterable[Piece]) -> Match:
    refused, unknown = 0, 0
    for piece in pieces:
        refused |= piece.refused
        unknown |= piece.unknown
    return plan.left(refused, unknown)


def settle(plan: Plan, found: Match, about: Circumstances) -> int:
    """The rank: the most severe of everything that applies. The only place where it is decided."""
    rank = max(about.base, plan.strongest(found.sure & ~plan.listed))
    if about.exempt and about.reversibility != "irreversible" and rank:
        rank -= 1
    rank = max(rank, about.floor, plan.strongest(found.sure & plan.listed))
    if found.open:
        rank = max(rank, HARD, plan.strongest(found.open))
    if rank == SOFT and not (about.tentative and about.reversibility != "irreversible"):
        return HARD
    return rank


def _rules(action_type: str, sources: Sources) -> Iterable[Line]:
    for rule in sources.rules:
        if rule.actions is None or action_type in rule.actions:
            yield Line(rule.id, rule.kind, rule.when, RANK[rule.tier], listed=False)


def _watchlists(action_type: str, sources: Sources) -> Iterable[Line]:
    for one in sources.watchlists:
        named = one.actions is None or action_type in one.actions
        if named and (one.parameter is None or one.parameter in sources.parameters):
            yield Line(one.id, "business_rule", (_on(one),), RANK[one.tier], listed=True)


def _on(one: Watchlist) -> Condition:
    """A watchlist as the condition that it is."""
    if one.parameter:
        return Condition(parameter=one.parameter, comparison="in", value=one.entries)
    return Condition.model_validate({one.subject.name: one.entries})


def _axes(lines: tuple[Line, ...], sources: Sources) -> Iterable[Axis]:
    by_subject: dict[Subject, list[Asked]] = {}
    for at, line in enumerate(lines):
        for condition in line.when:
            by_subject.setdefault(condition.subject, []).append(Asked(1 << at, condition))
    for subject in sorted(by_subject):
        yield _axis(subject, by_subject[subject], sources)


def _axis(subject: Subject, asked: list[Asked], sources: Sources) -> Axis:
    if subject.kind == "signal":
        bounds = sources.signals[subject.name]
        return number_axis(subject, asked, bounds=bounds, worse=bounds.worse)
    if subject.kind == "fact":
        return name_axis(subject, asked, "text")
    type = sources.parameters[subject.name]
    if type in ("number", "amount"):
        worse: Worse | None = "higher" if type == "amount" else None
        return number_axis(subject, asked, bounds=None, worse=worse)
    return name_axis(subject, asked, type)
