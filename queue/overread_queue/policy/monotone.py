"""Worse never gets less: less confidence, more risk, a missing value, something hard to undo."""

from __future__ import annotations

from collections.abc import Iterator

from overread_queue.policy.axes import Axis, Piece
from overread_queue.policy.cells import Space, described, milder
from overread_queue.policy.conditions import DATA_CLASSES, Condition
from overread_queue.policy.model import REVERSIBILITIES, Policy
from overread_queue.policy.plan import RANK, TIERS, Line
from overread_queue.policy.rulechecks import Key
from overread_queue.policy.settings import IMPACTS

Broken = tuple[Key, str]


def broken_map(policy: Policy) -> Iterator[Broken]:
    """Cells of the risk map that are milder than a less severe neighbour."""
    for at, impact in enumerate(IMPACTS):
        for to, reversibility in enumerate(REVERSIBILITIES):
            key: Key = ("risk", impact, reversibility)
            here = policy.risk.tier(impact, reversibility)
            neighbours = [(IMPACTS[max(at - 1, 0)], reversibility)]
            neighbours.append((impact, REVERSIBILITIES[max(to - 1, 0)]))
            for other, kind in neighbours:
                there = policy.risk.tier(other, kind)
                if RANK[there] > RANK[here]:
                    yield (
                        key,
                        f"{here} is milder than {there} of {other}, {kind}; write {there} or more",
                    )


def broken_orders(policy: Policy, space: Space) -> Iterator[Broken]:
    if not space.can_walk:
        yield from _broken_rules(policy, space)
        return
    found = space.matches()
    rows = {one: space.row(one) for one in set(found)}
    table = [rows[one] for one in found]
    for at, axis in enumerate(space.plan.axes):
        yield from _broken_axis(policy, space, table, at, axis)
    yield from _broken_circumstances(space, set(table))


def _broken_axis(
    policy: Policy, space: Space, table: list[bytes], at: int, axis: Axis
) -> Iterator[Broken]:
    """Compare each cell with its next worse neighbour on one axis, and with the missing value."""
    reported: set[Key] = set()
    for one, other in _pairs(space, at, axis):
        if table[one] is not table[other] and _looser(table[one], table[other]):
            key, problem = _blame(policy, space, (one, other), table, at)
            if key not in reported:
                reported.add(key)
                yield key, problem


def _pairs(space: Space, at: int, axis: Axis) -> Iterator[tuple[int, int]]:
    """Numbers of cells that differ on one axis only, the better one first."""
    stride = _stride(space, at)
    block = stride * len(space.choices[at])
    for better, worse in _steps(space, at, axis):
        for start in range(0, space.inputs, block):
            for one in range(start + better * stride, start + (better + 1) * stride):
                yield one, one + (worse - better) * stride


def _stride(space: Space, at: int) -> int:
    stride = 1
    for pieces in space.choices[at + 1 :]:
        stride *= len(pieces)
    return stride


def _steps(space: Space, at: int, axis: Axis) -> Iterator[tuple[int, int]]:
    """Pairs of choices, the better one first. The last choice is the missing value."""
    last = len(space.choices[at]) - 1
    for here in range(last):
        yield here, last
        if axis.worse and here + 1 < last:
            yield (here, here + 1) if axis.worse == "higher" else (here + 1, here)


def _looser(better: bytes, worse: bytes) -> bool:
    return any(w < b for b, w in zip(better, worse, strict=True))


def _blame(
    policy: Policy, space: Space, pair: tuple[int, int], table: list[bytes], at: int
) -> Broken:
    """Name the rule that matches the better case and lets go of the worse one."""
    better, worse = space.at(pair[0]), space.at(pair[1])
    only = space.found(better).sure & ~space.found(worse).sure
    culprits = space.plan.chosen(only)
    about = next(n for n, (b, w) in enumerate(zip(*_two(table, pair), strict=True)) if w < b)
    ranks = [TIERS[row[about]] for row in _two(table, pair)]
    return (
        _key(policy, culprits[0]) if culprits else ("actions", space.action),
        f"{space.action} gets {ranks[0]} where {better[at].label}, but only {ranks[1]} where "
        f"{worse[at].label}, which is worse{_elsewhere(better, at)}; turn the comparison round, "
        f"or let another rule cover the worse case",
    )


def _two(table: list[bytes], pair: tuple[int, int]) -> tuple[bytes, bytes]:
    return table[pair[0]], table[pair[1]]


def _elsewhere(pieces: tuple[Piece, ...], at: int) -> str:
    others = [piece.label for number, piece in enumerate(pieces) if number != at]
    return f" ({', '.join(others)})" if others else ""


def _key(policy: Policy, line: Line) -> Key:
    for at, rule in enumerate(policy.rules):
        if rule.id == line.id:
            return "rules", at, "when"
    listed = [one.id for one in policy.watchlists]
    return "watchlists", listed.index(line.id)


def _broken_circumstances(space: Space, rows: set[bytes]) -> Iterator[Broken]:
    """Something harder to undo, or without a way back, must never get less."""
    for one, mild in enumerate(space.about):
        for other, severe in enumerate(space.about):
            if milder(mild, severe) and any(row[other] < row[one] for row in rows):
                yield (
                    ("actions", space.action),
                    f"gets less when {described(severe)} than when {described(mild)}; "
                    f"make the risk map stricter to the right",
                )


def _broken_rules(policy: Policy, space: Space) -> Iterator[Broken]:
    """Too many cells: each rule by itself must hold on to what is worse."""
    worse = {axis.subject: axis.worse for axis in space.plan.axes}
    for line in space.plan.lines:
        for condition in line.when:
            direction = worse.get(condition.subject)
            if direction and not _keeps(condition, direction):
                yield (
                    _key(policy, line),
                    f"{line.id!r} lets go of a worse {condition.subject.name} in {space.action}; "
                    f"compare with {'<' if direction == 'lower' else '>'} only",
                )


def _keeps(condition: Condition, direction: str) -> bool:
    """Whether a condition that holds also holds for everything worse."""
    if condition.subject.kind == "fact":
        listed = [one in condition.texts for one in DATA_CLASSES]
        holds = listed if condition.operator == "in" else [not one for one in listed]
        return holds == sorted(holds)
    return condition.operator in (("<", "<=") if direction == "lower" else (">", ">="))
