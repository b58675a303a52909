"""What may be told of blind tests, so that no arithmetic leads back to a few people.

Pure. Tests of wrong items and controls are told apart from each other, and each by the same rules:

- A figure rests on at least 30 results of at least 5 people. What is too small for a part of its
  own is told as the rest, and where the rest is too small as well, the cut is not told.
- Nobody can work out smaller groups by adding and subtracting parts of one release.
- What comes to a figure between two releases can be subtracted, so it is a figure itself: 30 new
  results of 5 people or more, or none. Cuts are released together, in the order in which they first
  were: a later one never gets ahead of an earlier one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, NamedTuple, get_args

LEAST = 30
"""Results under one figure."""
LEAST_PEOPLE = 5
MOST_PARTS = 6
"""Parts of a cut beside the rest: all their sums are gone through, and each part doubles them."""

Family = Literal["mutation", "tier", "action"]
"""What results are cut by, the most useful first."""
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
ALL, REST = "all", "*"
"""The cut that is none, and the part that holds what is too small for one of its own."""


class Outcome(NamedTuple):
    """One result, as far as figures go."""

    mutation: str
    tier: str
    action: str
    caught: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """How many results, and how many of them did not let the action through as it was."""

    n: int
    caught: int


Parts = Mapping[str, Figure]
Released = Mapping[str, Parts]
"""Parts by cut, in the order in which the cuts were first released."""
Crowd = Callable[[str], int]
"""How many different people a cut such as `all` or `tier:hard_approval` rests on, at the least."""


class People(NamedTuple):
    """Who is behind results, as far as it can be counted without knowing anybody."""

    ever: Crowd
    lately: Crowd
    """Of the results since the cut was last told."""


def due(outcomes: Sequence[Outcome], before: Released, people: People) -> dict[str, Parts]:
    """The figures to release now, by cut; empty where it is too early."""
    whole = _figure(outcomes)
    last = before.get(ALL, {}).get("")
    if not _enough(whole.n, people.ever(ALL)) or not _moved(whole, last, people.lately(ALL)):
        return {}
    fresh: dict[str, Parts] = {ALL: {"": whole}}
    told: list[Family] = [one for one in FAMILIES if one in before]
    for family in sorted(told, key=[*before].index):
        parts = _parts(outcomes, family, before[family], people)
        if not parts or not _safe(outcomes, _cells({**before, **fresh, family: parts})):
            return fresh
        fresh[family] = parts
    for family in FAMILIES:
        parts = {} if family in before else _parts(outcomes, family, {}, people)
        if parts and _safe(outcomes, _cells({**fresh, family: parts})):
            fresh[family] = parts
    return fresh


def _figure(outcomes: Iterable[Outcome]) -> Figure:
    caught = Counter(one.caught for one in outcomes)
    return Figure(caught.total(), caught[True])


def _enough(results: int, people: int) -> bool:
    return results >= LEAST and people >= LEAST_PEOPLE


def _moved(now: Figure, before: Figure | None, people: int) -> bool:
    return before is None or _enough(now.n - before.n, people)


# -- one cut


def _parts(outcomes: Sequence[Outcome], family: Family, before: Parts, people: People) -> Parts:
    """The parts of one cut; none where some part would be too small, or would move too little."""
    sizes = Counter(_value(one, family) for one in outcomes)
    ever = {value: people.ever(f"{family}:{value}") for value in sizes}
    named = _named(sizes, ever, kept=before.keys() - {REST})
    found = _split(outcomes, family, named)
    if named is None or len(found) < 2 or not _steps(outcomes, family, before, people.lately):
        return {}
    return {part: _figure(found[part]) for part in sorted(found)}


def _named(
    sizes: Counter[str], people: Mapping[str, int], *, kept: Iterable[str]
) -> frozenset[str] | None:
    """Values with a part of their own: those that had one, and the largest as far as they and the
    rest are large enough. None where the rest cannot be made so."""
    kept = frozenset(kept)
    able = [one for one, size in sizes.most_common() if _enough(size, people[one])]
    named = [*sorted(kept), *(one for one in able if one not in kept)][:MOST_PARTS]
    while True:
        rest = sizes.keys() - set(named)
        left = sum(sizes[one] for one in rest)
        if not rest or _enough(left, max(people[one] for one in rest)):
            return frozenset(named)
        if not named or named[-1] in kept:
            return None
        named.pop()


def _split(
    outcomes: Sequence[Outcome], family: Family, named: Iterable[str] | None
) -> dict[str, list[Outcome]]:
    own = frozenset(named or ())
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        value = _value(one, family)
        found.setdefault(value if value in own else REST, []).append(one)
    return found


def _steps(outcomes: Sequence[Outcome], family: Family, before: Parts, lately: Crowd) -> bool:
    """Whether each part as it was last told has stood still, or moved far enough."""
    found = _split(outcomes, family, before.keys() - {REST})
    for part, told in before.items():
        now = found.get(part, [])
        values = {_value(one, family) for one in now}
        people = max((lately(f"{family}:{value}") for value in values), default=0)
        if len(now) != told.n and not _moved(_figure(now), told, people):
            return False
    return True


def _value(outcome: Outcome, family: Family) -> str:
    value: str = getattr(outcome, family)
    return value


# -- several cuts


def _cells(released: Released) -> dict[Family, frozenset[str]]:
    """The values with a part of their own, by cut."""
    return {one: frozenset(released[one]) - {REST} for one in FAMILIES if one in released}


def _safe(outcomes: Sequence[Outcome], cuts: Mapping[Family, frozenset[str]]) -> bool:
    """Whether every group that sums and differences of parts can give holds a whole part, which has
    results and people enough.

    Sums of parts, one sum for each cut, overlap in so and so many layers. Where there are just two
    depths, one deeper than the other by one, arithmetic tells both groups apart.
    """
    kinds = sorted({one[:3] for one in outcomes})
    whole = (1 << len(kinds)) - 1
    parts = [_masks(kinds, family, named) for family, named in cuts.items()]
    cells = [cell for each in parts for cell in each]
    return all(
        _holds_part(group, cells)
        for unions in product(*map(_unions, parts))
        for group in _told_apart(unions, whole)
    )


def _masks(
    kinds: Sequence[tuple[str, str, str]], family: Family, named: frozenset[str]
) -> list[int]:
    """Each part of a cut, as a set of kinds of results: one bit for each."""
    found: Counter[str] = Counter()
    for bit, kind in enumerate(kinds):
        value = kind[FAMILIES.index(family)]
        found[value if value in named else REST] += 1 << bit
    return [*found.values()]


def _unions(parts: Sequence[int]) -> list[int]:
    unions = [0]
    for part in parts:
        unions += [one | part for one in unions]
    return unions


def _told_apart(unions: Iterable[int], whole: int) -> Iterator[int]:
    """The two groups that differ by one layer, where there are no others."""
    depths = [whole]
    for union in unions:
        shallow = [one & ~union for one in depths]
        deep = [one & union for one in depths]
        depths = [a | b for a, b in zip([*shallow, 0], [0, *deep], strict=True)]
    used = [depth for depth, group in enumerate(depths) if group]
    if len(used) == 2 and used[1] - used[0] == 1:
        yield from (depths[one] for one in used)


def _holds_part(group: int, cells: Iterable[int]) -> bool:
    return any(cell & ~group == 0 for cell in cells)
