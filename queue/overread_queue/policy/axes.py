"""One input cut into the pieces between which no condition can tell a difference.

Rules are bits of a mask. Each piece says which rules it rules out, and which of them cannot be
judged because the value is missing or unusable. Deciding is looking up one piece for each input;
proving is walking through all of them. Both use the same table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby
from operator import or_
from typing import Literal

from overread_queue.policy.conditions import DATA_CLASSES, Condition, Subject
from overread_queue.policy.rules import Signal
from overread_queue.policy.values import ParameterType, folded, is_a, is_number

_FEW = 4
DATA_CLASS = Subject("fact", "data_class")
Worse = Literal["lower", "higher"]
Sample = float | str | None
"""A value that stands for its piece; None where there is none to stand for it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A set of values that all conditions treat alike."""

    refused: int
    """Rules with a condition that fails for every value in here."""
    unknown: int
    """Rules that ask for a value where there is none."""
    label: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, and the bit of the rule it belongs to."""

    bit: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Positions are: below the first cut, on it, between it and the second, on that, …"""

    subject: Subject
    cuts: tuple[float, ...]
    positions: tuple[Piece, ...]
    missing: Piece
    bounds: Signal | None
    worse: Worse | None

    def piece(self, value: object) -> Piece:
        if not is_number(value) or (self.bounds and not self.bounds.holds(value)):
            return self.missing
        return self.positions[position(self.cuts, value)]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What can occur, from low to high."""
        found = dict.fromkeys(self.positions)
        return tuple(piece for piece in found if piece is not self.missing)


@dataclass(frozen=True, slots=True)
class NameAxis:
    """Values that some condition names, and all the others together."""

    subject: Subject
    named: Mapping[str, Piece]
    other: Piece | None
    """None where every possible value is named."""
    missing: Piece
    type: ParameterType
    worse: Worse | None = None

    def piece(self, value: object) -> Piece:
        if not is_a(value, self.type):
            return self.missing
        return self.named.get(folded(str(value)), self.other or self.missing)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (*dict.fromkeys(self.named.values()), *([self.other] if self.other else []))


Axis = NumberAxis | NameAxis


def position(cuts: Sequence[float], value: float) -> int:
    return bisect_left(cuts, value) + bisect_right(cuts, value)


def number_axis(
    subject: Subject, asked: Sequence[Asked], *, bounds: Signal | None, worse: Worse | None
) -> NumberAxis:
    cuts = tuple(sorted({_number(one.condition) for one in asked}))
    refused = _refused_by_position(cuts, asked)
    samples = [number_at(cuts, at, bounds) for at in range(len(refused))]
    missing = _missing(subject, asked)
    positions = [missing] * len(refused)
    occurring = [at for at, value in enumerate(samples) if not bounds or bounds.holds(value)]
    for mask, group in groupby(occurring, key=lambda at: refused[at]):
        run = list(group)
        label = number_label(subject.name, cuts, run[0], run[-1])
        piece = Piece(mask, 0, label, samples[run[0]])
        positions[run[0] : run[-1] + 1] = [piece] * len(run)
    return NumberAxis(subject, cuts, tuple(positions), missing, bounds, worse)


def name_axis(subject: Subject, asked: Sequence[Asked], type: ParameterType) -> NameAxis:
    only, never = _by_name(asked)
    refused = {name: _refused_name(name, only, never) for name in _names(subject, asked, type)}
    ordered = subject == DATA_CLASS
    groups: dict[object, list[str]] = {}
    for at, (name, mask) in enumerate(refused.items()):
        groups.setdefault((mask, at if ordered else 0), []).append(name)
    named = {
        name: piece
        for names in groups.values()
        for piece in [Piece(refused[names[0]], 0, name_label(subject, names), names[0])]
        for name in names
    }
    other = Piece(reduce(or_, only, 0), 0, f"{subject.name} is anything else", _unlike(named))
    closed = ordered or type == "boolean"
    return NameAxis(
        subject,
        named,
        None if closed else other,
        _missing(subject, asked),
        type,
        "higher" if ordered else None,
    )


def _missing(subject: Subject, asked: Sequence[Asked]) -> Piece:
    everything = reduce(or_, (one.bit for one in asked), 0)
    return Piece(0, everything, f"{subject.name} is missing or unusable", None)


def _number(condition: Condition) -> float:
    operand = condition.operand
    return float(operand) if is_number(operand) else 0.0


def _refused_by_position(cuts: Sequence[float], asked: Sequence[Asked]) -> list[int]:
    """For each position, the rules with a condition that does not hold there."""
    size = 2 * len(cuts) + 1
    onward, backward, alone = [0] * (size + 1), [0] * (size + 1), [0] * size
    for one in asked:
        at = 2 * bisect_left(cuts, _number(one.condition)) + 1
        match one.condition.operator:
            case "<":
                onward[at] |= one.bit
            case "<=":
                onward[at + 1] |= one.bit
            case ">":
                backward[at] |= one.bit
            case ">=":
                backward[at - 1] |= one.bit
            case "=":
                onward[at + 1] |= one.bit
                backward[at - 1] |= one.bit
            case "!=":
                alone[at] |= one.bit
            case _:
                raise ValueError(f"numbers are not compared by {one.condition.operator!r}")
    forth = accumulate(onward[:size], or_)
    back = reversed(list(accumulate(reversed(backward[:size]), or_)))
    return [a | b | c for a, b, c in zip(forth, back, alone, strict=True)]


def number_label(name: str, cuts: Sequence[float], first: int, last: int) -> str:
    """The positions from `first` to `last` in words."""
    if first == last and first % 2:
        return f"{name} = {cuts[first // 2]:.12g}"
    low = f"{cuts[(first - 1) // 2]:.12g}" if first else ""
    high = f"{cuts[last // 2]:.12g}" if last < 2 * len(cuts) else ""
    above, below = "≥" if first % 2 else ">", "≤" if last % 2 else "<"
    if low and high:
        return f"{low} {'≤' if first % 2 else '<'} {name} {below} {high}"
    if low:
        return f"{name} {above} {low}"
    return f"{name} {below} {high}" if high else f"any {name}"


def name_label(subject: Subject, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{subject.name} is {names[0]}"
    shown = ", ".join(names[:_FEW]) + (", …" if len(names) > _FEW else "")
    return f"{subject.name} is one of {shown}"


def number_at(cuts: Sequence[float], at: int, bounds: Signal | None) -> float:
    """A value at a position; inside the bounds, where that is possible."""
    cut = at // 2
    if at % 2:
        return cuts[cut]
    low = cuts[cut - 1] if cut else None
    high = cuts[cut] if cut < len(cuts) else None
    if low is None:
        return _edge(high, bounds.least if bounds else None, -1.0)
    if high is None:
        return _edge(low, bounds.most if bounds else None, 1.0)
    return low + (high - low) / 2


def _edge(cut: float | None, bound: float | None, step: float) -> float:
    """Beyond the last cut: the bound if it lies there, else a step further."""
    start = cut or 0.0
    if bound is not None and (bound - start) * step > 0:
        return bound
    return start + step * max(1.0, abs(start))


def _names(subject: Subject, asked: Sequence[Asked], type: ParameterType) -> tuple[str, ...]:
    if type == "boolean":
        return ("false", "true")
    if subject == DATA_CLASS:
        return DATA_CLASSES
    return tuple(sorted({folded(text) for one in asked for text in one.condition.texts}))


def _by_name(
    asked: Sequence[Asked],
) -> tuple[dict[int, frozenset[str]], dict[int, frozenset[str]]]:
    """By rule: the only names it allows, and the names it refuses."""
    only: dict[int, frozenset[str]] = {}
    never: dict[int, frozenset[str]] = {}
    for one in asked:
        names = frozenset(folded(text) for text in one.condition.texts)
        if one.condition.operator in ("=", "in"):
            only[one.bit] = only.get(one.bit, names) & names
        else:
            never[one.bit] = never.get(one.bit, frozenset()) | names
    return only, never


def _refused_name(
    name: str, only: Mapping[int, frozenset[str]], never: Mapping[int, frozenset[str]]
) -> int:
    mask = 0
    for bit, names in only.items():
        mask |= 0 if name in names else bit
    for bit, names in never.items():
        mask |= bit if name in names else 0
    return mask


def _unlike(names: Container[str]) -> str:
    """A text that no condition names."""
    text = "something else"
    while text in names:
        text += " still"
    return text
