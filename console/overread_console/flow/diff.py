"""What will be executed against what was proposed, parameter by parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_briefs.action import Action
from overread_briefs.canonical import jcs
from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import plain_value


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


def changes(proposed: Parameters, executed: Parameters) -> tuple[Change, ...]:
    """Every parameter of either, in the order of the proposal."""
    names = [*proposed, *(name for name in executed if name not in proposed)]
    return tuple(_change(proposed, executed, name) for name in names)


def action_lines(proposed: Action, executed: Action) -> tuple[Line, ...]:
    """The exact action, with what differs from the proposal marked by word, sign and role."""
    head: Line = (Span("will be executed  ", "muted"), Span(visible(executed.type), "strong"))
    return (head, *_lines(changes(proposed.parameters, executed.parameters)))


def _lines(found: tuple[Change, ...]) -> Iterator[Line]:
    for change in found:
        if change.changed:
            yield (Span("~ ", "warning"), Span(change.words, "warning"))
        else:
            yield (Span("  "), Span(change.words))


def _change(proposed: Parameters, executed: Parameters, name: str) -> Change:
    there = name in proposed and name in executed
    return Change(
        name=visible(name),
        before=_shown(proposed, name),
        after=_shown(executed, name),
        changed=not there or jcs(proposed[name]) != jcs(executed[name]),
    )


def _shown(parameters: Parameters, name: str) -> str | None:
    return visible(plain_value(parameters[name])) if name in parameters else None


def _or_none(value: str | None) -> str:
    return "(none)" if value is None else value
