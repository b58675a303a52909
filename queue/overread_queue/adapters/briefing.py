"""From a tool call that a framework stops at to a brief, where nobody wrote one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from overread_briefs import Action, Brief, Editable, Option, distil
from overread_briefs.action import Reversibility
from overread_briefs.brief import Software
from overread_briefs.distilling.distil import options_for
from overread_briefs.distilling.messages import Call
from overread_briefs.fields import Parameters

CHANGE = Option(
    key="change",
    label="Change it",
    kind="modify",
    consequence="the agent does what you enter",
)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What an agent would do, as its framework hands it over."""

    id: str
    """The framework's own name of the call: stable however often it is read."""
    name: str
    arguments: Parameters
    said: str = ""
    """What the framework or the agent says about it."""
    messages: Sequence[object] = ()
    """What led to it, as far as it is known."""
    choices: tuple[Option, ...] = ()
    """All that its framework lets a person choose; yes, no and a change where it does not say."""
    editable: Editable | None = None
    """What its framework lets a person change."""
    at: int = 0
    """When it was made, in UTC milliseconds; 0 where nobody knows."""


ToBrief = Callable[[ToolCall], Brief]
"""Your own way from a call to a brief."""


def brief_for(
    agent: Software,
    *,
    at: int = 0,
    types: Mapping[str, str] | None = None,
    editable: Mapping[str, Editable] | None = None,
    reversibility: Mapping[str, Reversibility] | None = None,
    source: str = "tool call",
) -> ToBrief:
    """The way that needs nothing but the call: steps and evidence from its messages, the question
    from its name and arguments.

    `at` (UTC milliseconds) stands wherever neither a message nor the call has a time. `types` maps
    names of tools to action types of the policy, `editable` to what a reviewer may change of their
    arguments, `reversibility` to whether they can be undone: what is not named cannot.
    """

    def made(call: ToolCall) -> Brief:
        change = (editable or {}).get(call.name, call.editable)
        options = _options(call, change)
        editable_here = change if any(one.kind == "modify" for one in options) else None
        action = Action(
            type=(types or {}).get(call.name, call.name),
            parameters=call.arguments,
            reversibility=(reversibility or {}).get(call.name, "irreversible"),
            editable=editable_here,
        )
        return distil(
            _transcript(call),
            agent=agent,
            at=call.at or at,
            call=call.id,
            action=action,
            options=options,
            source=source,
        ).brief

    return made


def _options(call: ToolCall, change: Editable | None) -> tuple[Option, ...]:
    """Nothing may be changed where the framework offers no change, or nothing is left to change."""
    proposed = Call(call.id, call.name, call.arguments)
    offered = call.choices or (*options_for(proposed), CHANGE)
    return tuple(one for one in offered if change or one.kind != "modify")


def _transcript(call: ToolCall) -> list[object]:
    """The messages, and the call itself at their end, whether or not it is among them."""
    said = call.said or f"The agent calls {call.name}."
    asks = {
        "role": "assistant",
        "content": said,
        "tool_calls": [{"id": call.id, "name": call.name, "args": call.arguments}],
    }
    return [*call.messages, *([] if call.messages else [{"role": "user", "content": said}]), asks]
