"""Interrupts that others define: what each asks, and which form its answer takes.

They are known by their shape, so none of the packages that make them is imported.

    batched   {"action_requests": […], "review_configs": […]}   langchain's middleware
    per_call  {"type": "tool_approval", …}                      the same, one call each
    inbox     {"action_request": …, "config": {"allow_…": …}}   agent inboxes; or a list of one
    plain     anything else
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, JsonValue, ValidationError

from overread_briefs import Decision
from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import Parameters
from overread_queue.adapters.refusing import refusal
from overread_queue.errors import InvalidRequest

Word = Literal["approve", "edit", "reject", "respond"]
Form = Literal["batched", "per_call", "inbox", "plain"]
Plain = Callable[[Decision], JsonValue]
"""What a node of your own is told, where its interrupt has no shape that is known."""

ANSWER = "answer"
"""The parameter that holds a person's words, where words are all that is asked for."""
RESPOND = "respond"
"""Key of the option to answer in the tool's place."""
ALL: frozenset[Word] = frozenset(("approve", "edit", "reject", "respond"))
_INBOX: Mapping[str, Word] = {
    "allow_accept": "approve",
    "allow_edit": "edit",
    "allow_ignore": "reject",
    "allow_respond": "respond",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that an interrupt asks about."""

    name: str
    arguments: Parameters
    said: str
    allowed: frozenset[Word]

    @property
    def wants_words(self) -> bool:
        """Nothing would be done: a person's answer is all that is wanted."""
        return self.allowed == {"respond"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An interrupt's value, read."""

    form: Form
    requests: tuple[Request, ...]


def read(value: object, schema: object, *, node: str) -> Asked:
    """`schema` is the interrupt's `response_schema`, `node` the name of a request that has none.

    Raises `InvalidRequest` for what has a known shape and breaks it.
    """
    kept = _as_json(value, node)
    try:
        return _read(kept, schema, node)
    except ValidationError as error:
        raise InvalidRequest(f"the interrupt of {node} cannot be read: {error}") from error


def answer_to(asked: Asked, decisions: Sequence[Decision], plain: Plain) -> JsonValue:
    """What the interrupt is resumed with; `decisions` in the order of its requests."""
    if asked.form == "plain":
        return plain(decisions[0])
    said = [_said(one, decision) for one, decision in zip(asked.requests, decisions, strict=True)]
    if asked.form == "batched":
        return {"decisions": [*said]}
    return said[0] if asked.form == "per_call" else [_for_inbox(said[0])]


def plain_answer(decision: Decision) -> JsonValue:
    """What a node is told unless you say otherwise."""
    return {
        "decision": decision.id,
        "verdict": decision.verdict,
        "releases": decision.releases,
        "parameters": {**decision.action.parameters},
        "reason": decision.reason,
    }


# -- reading


class _Call(BaseModel):
    name: str
    args: Parameters = {}
    description: str = ""


class _Review(BaseModel):
    action_name: str
    allowed_decisions: tuple[str, ...]


class _Batched(BaseModel):
    action_requests: tuple[_Call, ...]
    review_configs: tuple[_Review, ...]

    def asked(self) -> Asked:
        allowed = {one.action_name: one.allowed_decisions for one in self.review_configs}
        return Asked(
            "batched",
            tuple(_request(one, allowed.get(one.name, ())) for one in self.action_requests),
        )


class _Action(BaseModel):
    action: str
    args: Parameters = {}


class _Inbox(BaseModel):
    action_request: _Action
    config: dict[str, bool]
    description: str | None = None

    def asked(self) -> Asked:
        call = _Call(
            name=self.action_request.action,
            args=self.action_request.args,
            description=self.description or "",
        )
        allowed = [word for name, word in _INBOX.items() if self.config.get(name)]
        return Asked("inbox", (_request(call, allowed),))


def _as_json(value: object, node: str) -> JsonValue:
    try:
        return strict_loads(json.dumps(value).encode())
    except (TypeError, ValueError, BriefError) as error:
        raise InvalidRequest(
            f"the interrupt of {node} holds what is no JSON, so no brief can: {error}"
        ) from error


def _read(value: JsonValue, schema: object, node: str) -> Asked:
    one = value[0] if isinstance(value, list) and len(value) == 1 else value
    match one:
        case {"action_requests": [_, *_], "review_configs": _}:
            return _Batched.model_validate(one).asked()
        case {"type": "tool_approval"}:
            return Asked("per_call", (_request(_Call.model_validate(one), _words(schema)),))
        case {"action_request": _, "config": _}:
            return _Inbox.model_validate(one).asked()
    given: Parameters = one if isinstance(one, dict) else {"value": one}
    return Asked("plain", (Request(node, given, "", ALL),))


def _request(call: _Call, allowed: Sequence[JsonValue]) -> Request:
    words = frozenset(word for word in ALL if word in allowed)
    return Request(call.name, call.args, call.description, words)


class _Const(BaseModel):
    const: JsonValue = None


class _Properties(BaseModel):
    type: _Const = _Const()


class _Branch(BaseModel):
    ref: str = Field(default="", alias="$ref")
    properties: _Properties = _Properties()


class _Answers(_Branch):
    """A JSON Schema of the answers that are allowed: one decision, or one of several."""

    defined: dict[str, _Branch] = Field(default={}, alias="$defs")
    one_of: tuple[_Branch, ...] = Field(default=(), alias="oneOf")


def _words(schema: object) -> Sequence[JsonValue]:
    """The decisions that a schema lets through; yes and no where there is none."""
    if schema is None:
        return ["approve", "reject"]
    read = _Answers.model_validate(schema)
    parts = [read.defined.get(one.ref.rpartition("/")[2], one) for one in read.one_of or (read,)]
    return [one.properties.type.const for one in parts]


# -- answering


def _said(request: Request, decision: Decision) -> Parameters:
    """In langchain's words. Never a yes where the desk's is not one."""
    if decision.verdict == "approve" and "approve" in request.allowed:
        return {"type": "approve"}
    if decision.verdict == "modify" and request.wants_words:
        return {"type": "respond", "message": str(decision.action.parameters[ANSWER])}
    if decision.verdict == "modify" and "edit" in request.allowed:
        edited: Parameters = {"name": request.name, "args": {**decision.action.parameters}}
        return {"type": "edit", "edited_action": edited}
    message = refusal(decision, request.arguments)
    if decision.envelope.option == RESPOND and "respond" in request.allowed:
        return {"type": "respond", "message": decision.reason}
    return {"type": "reject" if "reject" in request.allowed else "respond", "message": message}


def _for_inbox(said: Parameters) -> Parameters:
    match said:
        case {"type": "edit", "edited_action": {"name": name, "args": arguments}}:
            return {"type": "edit", "args": {"action": name, "args": arguments}}
        case {"type": "respond", "message": message}:
            return {"type": "response", "args": message}
    return {"type": "accept" if said["type"] == "approve" else "ignore", "args": None}
