"""From what an interrupt asks to what a person is asked, and never more than its answer may be."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from overread_briefs import Brief, Editable, Option
from overread_briefs.editable import EditableField
from overread_queue.adapters.briefing import CHANGE, ToolCall
from overread_queue.adapters.langgraph_shapes import ANSWER, RESPOND, Form, Request, Word
from overread_queue.errors import InvalidRequest

MOST_EDITABLE = 12

_WORDS = EditableField.model_validate({"type": "string", "minLength": 1})
_ANSWER = Option(
    key=ANSWER,
    label="Answer",
    kind="modify",
    consequence="the agent gets the answer that you enter",
)
_OPTIONS: dict[Word, Option] = {
    "approve": Option(
        key="approve", label="Approve", kind="approve", consequence="the agent does exactly this"
    ),
    "edit": CHANGE,
    "reject": Option(
        key="reject",
        label="Reject",
        kind="reject",
        consequence="the agent is told no, with your reason",
    ),
    "respond": Option(
        key=RESPOND,
        label="Answer instead",
        kind="reject",
        consequence="it is not done; the agent gets your reason instead",
    ),
}


def call_of(
    request: Request, form: Form, *, id: str, messages: Sequence[object], at: int
) -> ToolCall:
    """`id` and `at` are the same however often the interrupt is read."""
    if form == "plain":
        return ToolCall(id, request.name, request.arguments, messages=messages, at=at)
    room = {ANSWER: ""} if request.wants_words else {}
    return ToolCall(
        id,
        request.name,
        {**room, **request.arguments},
        request.said,
        messages,
        choices=_choices(request),
        editable=_editable(request),
        at=at,
    )


def checked(brief: Brief, request: Request, form: Form) -> Brief:
    """What is approved must be what runs, and a no must be something that can be said.

    Raises `InvalidRequest`.
    """
    if form == "plain" or request.wants_words:
        return brief
    if not request.allowed & {"reject", "respond"}:
        raise InvalidRequest(
            f"{request.name} lets nobody say no; add `reject` to its allowed decisions"
        )
    if "approve" not in request.allowed and any(one.kind == "approve" for one in brief.options):
        raise InvalidRequest(f"{request.name} may not be approved, but its brief offers that")
    if brief.action.parameters != request.arguments:
        raise InvalidRequest(
            f"the brief about {request.name} has other parameters than the call; what a person "
            "approves has to be what runs, so pass its arguments on as they are"
        )
    return brief


def _choices(request: Request) -> tuple[Option, ...]:
    if request.wants_words:
        return (_ANSWER,)
    return tuple(option for word, option in _OPTIONS.items() if word in request.allowed)


def _editable(request: Request) -> Editable | None:
    """Plain values may be replaced by others of their kind."""
    if request.wants_words:
        return Editable(type="object", properties={ANSWER: _WORDS})
    fields = {name: field for name, value in request.arguments.items() if (field := _field(value))}
    if "edit" not in request.allowed or not fields:
        return None
    first = dict(list(fields.items())[:MOST_EDITABLE])
    return Editable(type="object", properties=first)


def _field(value: JsonValue) -> EditableField | None:
    match value:
        case bool():
            return EditableField(type="boolean")
        case int():
            return EditableField(type="integer")
        case float():
            return EditableField(type="number")
        case str():
            return EditableField(type="string")
    return None
