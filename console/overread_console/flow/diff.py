"""What will be executed against what was proposed, parameter by parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from overread_briefs.action import Action
from overread_briefs.canonical import jcs
from overread_briefs.fields import Parameters, Sensitivity
from overread_briefs.visible import visible
from overread_console.flow.masked import value_words
from overread_console.flow.spans import Line, Span
from overread_queue.models import Review

Classes = Mapping[str, Sensitivity]
NOTHING: Classes = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter. None stands for a parameter that is not there."""

    name: str
    before: str | None
    after: str | None
    changed: bool
    """By digest: 420 and 420.0 are the same."""

    @property
    def words(self) -> str:
        """`amount: 420.0 → 210.0`, or the value alone where it stays."""
        if not self.changed:
            return f"{self.name}: {self.after}"
        return f"{self.name}: {_or_none(self.before)} → {_or_none(self.after)}"


def changes(
    proposed: Parameters, executed: Parameters, masked: Classes = NOTHING
) -> tuple[Change, ...]:
    """Every parameter of either, in the order of the proposal. What is masked never changes."""
    names = [*proposed, *(name for name in executed if name not in proposed)]
    return tuple(_change(proposed, executed, name, masked) for name in names)


def action_lines(review: Review, executed: Action) -> tuple[Line, ...]:
    """The exact action, with what differs from the proposal marked by word, sign and role."""
    proposed, masked = review.brief.action.parameters, review.masked_parameters
    head: Line = (Span("will be executed  ", "muted"), Span(visible(executed.type), "strong"))
    return (head, *_lines(changes(proposed, executed.parameters, masked)))


def _lines(found: tuple[Change, ...]) -> Iterator[Line]:
    for change in found:
        if change.changed:
            yield (Span("~ ", "warning"), Span(change.words, "warning"))
        else:
            yield (Span("  "), Span(change.words))


def _change(proposed: Parameters, executed: Parameters, name: str, masked: Classes) -> Change:
    there = name in proposed and name in executed
    return Change(
        name=visible(name),
        before=_shown(proposed, name, masked),
        after=_shown(executed, name, masked),
        changed=not there or jcs(proposed[name]) != jcs(executed[name]),
    )


def _shown(parameters: Parameters, name: str, masked: Classes) -> str | None:
    return value_words(name, parameters[name], masked) if name in parameters else None


def _or_none(value: str | None) -> str:
    return "(none)" if value is None else value
