"""Pydantic AI: a run that stopped at deferred tool calls goes on once people have answered.

    agent = Agent(model, output_type=[str, DeferredToolRequests])

    @agent.tool(requires_approval=True)
    def refund(ctx, order, amount):
        key = ctx.tool_call_metadata["decision"]    # the same for every attempt
        ...

    gate = Gate(agent)
    gate.pause(queue, "refund-A-1009", agent.run_sync("Refund A-1009"))

A worker (`overread deliver pydantic-ai module:gate`) brings all answers of one stop together, as
the framework demands. Its messages and requests wait in a file of the agent's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar, cast

from pydantic import TypeAdapter

from overread_briefs import Decision, Editable, EditableField, Option
from overread_briefs.fields import Parameters
from overread_queue.adapters.asking import digest
from overread_queue.adapters.briefing import ToBrief, ToolCall
from overread_queue.adapters.loading import NotInstalled
from overread_queue.adapters.refusing import refusal
from overread_queue.adapters.stopping import (
    Stop,
    StoppedRuns,
    StoppingGate,
    finished,
    gate_of,
)
from overread_queue.agent import AgentQueue

try:
    from pydantic_ai import DeferredToolRequests, DeferredToolResults, ToolApproved, ToolDenied
    from pydantic_ai.agent import AbstractAgent, AgentRunResult
    from pydantic_ai.messages import (
        ModelMessage,
        ModelMessagesTypeAdapter,
        ModelResponse,
        TextPart,
        ToolCallPart,
        ToolReturnPart,
        UserPromptPart,
    )
    from pydantic_ai.toolsets import FunctionToolset
except ImportError as error:
    raise NotInstalled("Pydantic AI", "pydantic-ai") from error

RUNTIME = "pydantic-ai"
ANSWER = "answer"
"""The parameter that a reviewer fills in where a call asks a question."""
_WORDS = Editable(type="object", properties={ANSWER: EditableField(type="string")})
_CHOICES = (
    Option(
        key="answer",
        label="Answer",
        kind="modify",
        consequence="the agent is told what you enter",
    ),
    Option(
        key="reject",
        label="Give no answer",
        kind="reject",
        consequence="the agent is told that there is none, and why",
    ),
)
_REQUESTS = TypeAdapter(DeferredToolRequests)

Deps = TypeVar("Deps")
Ended = Callable[[str, AgentRunResult[object]], None]


class Gate(StoppingGate, Generic[Deps]):
    """Where one agent's deferred calls become questions.

    `deps` are those of every run that goes on; `ended` is told a run's name and its result when it
    is over, at least once.
    """

    runtime = RUNTIME
    takes_edits = True
    together = True

    def __init__(
        self,
        agent: AbstractAgent[Deps, object],
        *,
        to_brief: ToBrief | None = None,
        deps: Deps | None = None,
        ended: Ended = lambda run, result: None,
    ) -> None:
        super().__init__(to_brief)
        self._agent, self._deps, self._ended = agent, cast("Deps", deps), ended

    def pause(self, queue: AgentQueue, run: str, result: AgentRunResult[object]) -> tuple[str, ...]:
        """Keep a run that stopped, and ask; the escalations. None where the result is final.

        A call that asks a question reaches `to_brief` with one argument more, `answer`, for people
        to edit. Raises what `submit` does, and `InvalidRequest` for a run that was kept before.
        """
        state = _state(result)
        return self.keep(queue, run, state) if state else ()

    def stops(self, run: str, state: str) -> Sequence[Stop]:
        messages, requests = _read(state)
        told, at = list(_transcript(messages)), _millis(messages[-1].timestamp)
        calls = [*map(_call, requests.approvals), *map(_question, requests.calls)]
        return [
            Stop(replace(one, messages=told, at=at), self._definition(one.name)) for one in calls
        ]

    def go_on(self, run: str, state: str, decided: Mapping[str, Decision]) -> str:
        messages, requests = _read(state)
        going = self._agent.run(
            message_history=messages,
            deferred_tool_results=_results(requests, decided),
            deps=self._deps,
        )
        result = finished(going)
        following = _state(result)
        if not following:
            self._ended(run, result)
        return following

    def _definition(self, name: str) -> str:
        """Tools of a server say what they are only when they are called."""
        for toolset in self._agent.toolsets:
            if isinstance(toolset, FunctionToolset) and name in toolset.tools:
                return digest([name, toolset.tools[name].function_schema.json_schema])
        return ""


def target(queue: AgentQueue, spec: str) -> StoppedRuns:
    """`spec` names a `Gate`. Raises `InvalidRequest`."""
    return StoppedRuns(queue, gate_of(spec, Gate))


def _state(result: AgentRunResult[object]) -> str:
    """Messages and requests; empty for a run that is over."""
    if not isinstance(result.output, DeferredToolRequests):
        return ""
    requests = _REQUESTS.dump_python(result.output, mode="json")
    return json.dumps({"messages": json.loads(result.all_messages_json()), "requests": requests})


def _read(state: str) -> tuple[list[ModelMessage], DeferredToolRequests]:
    found = json.loads(state)
    messages = ModelMessagesTypeAdapter.validate_python(found["messages"])
    return messages, _REQUESTS.validate_python(found["requests"])


def _results(
    requests: DeferredToolRequests, decided: Mapping[str, Decision]
) -> DeferredToolResults:
    """Every answer in the runtime's own form; the tools see `decision`, beside their metadata."""
    return requests.build_results(
        approvals={
            one.tool_call_id: _approval(decided[one.tool_call_id]) for one in requests.approvals
        },
        calls={one.tool_call_id: _words(decided[one.tool_call_id]) for one in requests.calls},
        metadata={
            call: {**requests.metadata.get(call, {}), "decision": decision.id}
            for call, decision in decided.items()
        },
    )


def _approval(decision: Decision) -> bool | ToolApproved | ToolDenied:
    if decision.verdict == "modify":
        return ToolApproved(override_args=dict(decision.action.parameters))
    return True if decision.releases else ToolDenied(_no(decision))


def _words(decision: Decision) -> str:
    """What was entered is signed; a reason is not, so it never stands in for an answer."""
    if not decision.releases:
        return _no(decision)
    return str(decision.action.parameters.get(ANSWER) or "a person agreed, without an answer")


def _call(part: ToolCallPart) -> ToolCall:
    return ToolCall(part.tool_call_id, part.tool_name, _arguments(part))


def _question(part: ToolCallPart) -> ToolCall:
    """The answer is an argument that a person fills in, so that it is signed."""
    asked = _call(part)
    arguments = {**asked.arguments, ANSWER: ""}
    return replace(asked, arguments=arguments, editable=_WORDS, choices=_CHOICES)


def _no(decision: Decision) -> str:
    return refusal(decision, decision.action.parameters)


def _arguments(part: ToolCallPart) -> Parameters:
    found: Parameters = part.args_as_dict()
    return found


def _transcript(messages: Sequence[ModelMessage]) -> Iterator[object]:
    """In a shape that a brief can be made of."""
    for message in messages:
        if isinstance(message, ModelResponse):
            yield _said(message)
            continue
        for part in message.parts:
            if isinstance(part, UserPromptPart):
                yield _asked_for(part)
            elif isinstance(part, ToolReturnPart):
                yield _returned(part)


def _said(message: ModelResponse) -> object:
    calls = [
        {"id": one.tool_call_id, "name": one.tool_name, "args": _arguments(one)}
        for one in message.parts
        if isinstance(one, ToolCallPart)
    ]
    text = "\n".join(one.content for one in message.parts if isinstance(one, TextPart))
    return {"role": "assistant", "content": text, "tool_calls": calls}


def _returned(part: ToolReturnPart) -> object:
    return {
        "role": "tool",
        "tool_call_id": part.tool_call_id,
        "content": part.model_response_str(),
        "status": "success" if part.outcome == "success" else "error",
        "timestamp": _millis(part.timestamp),
    }


def _asked_for(part: UserPromptPart) -> object:
    """Without its pictures and files."""
    texts = [part.content] if isinstance(part.content, str) else part.content
    text = "\n".join(one for one in texts if isinstance(one, str))
    return {"role": "user", "content": text, "timestamp": _millis(part.timestamp)}


def _millis(at: datetime | None) -> int:
    return round(at.timestamp() * 1000) if at else 0
