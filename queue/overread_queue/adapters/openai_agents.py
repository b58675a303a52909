"""OpenAI Agents SDK: a run that stopped for approvals goes on as people answer, one by one.

    @function_tool(needs_approval=True)
    def refund(context: ToolContext, order: str, amount: float) -> str:
        key = decision_id(context)                  # the same for every attempt
        ...

    gate = Gate(agent)
    gate.pause(queue, "refund-A-1009", Runner.run_sync(agent, "Refund A-1009"))

A worker (`overread deliver openai-agents module:gate`) restores the run's state from a file of the
agent's own, and from nowhere else: that state says which calls are approved. The SDK runs a call
only as the model made it, so an edited action becomes a refusal that says what to call instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from overread_briefs import BriefError, Decision
from overread_briefs.canonical import strict_loads
from overread_briefs.fields import Parameters
from overread_queue.adapters.asking import digest
from overread_queue.adapters.briefing import ToBrief, ToolCall
from overread_queue.adapters.loading import NotInstalled
from overread_queue.adapters.refusing import refusal
from overread_queue.adapters.stopping import (
    AgentChanged,
    Stop,
    StoppedRuns,
    StoppingGate,
    finished,
    gate_of,
)
from overread_queue.agent import AgentQueue
from overread_queue.clock import SystemClock
from overread_queue.errors import InvalidRequest

try:
    from agents import (
        Agent,
        FunctionTool,
        RunConfig,
        RunContextWrapper,
        Runner,
        RunResult,
        RunState,
    )
    from agents.exceptions import UserError
    from agents.items import ToolApprovalItem
    from agents.tool_context import ToolContext
except ImportError as error:
    raise NotInstalled("the OpenAI Agents SDK", "openai-agents") from error

RUNTIME = "openai-agents"
_DECIDED: ContextVar[Mapping[str, Decision]] = ContextVar("decided")
"""By id of the call, while a run goes on."""

Ended = Callable[[str, RunResult], None]


@dataclass(frozen=True, slots=True)
class _Paused:
    """What is kept of a run: the SDK's own state, and what a person needs to see of it."""

    state: str
    calls: Sequence[Mapping[str, str]]
    messages: Sequence[object]
    at: int
    """When it stopped: the SDK keeps no times."""

    @classmethod
    def of(cls, result: RunResult, before: _Paused | None) -> _Paused:
        """What waits on from before is seen as it was then: its question may be on the desk."""
        state = result.to_state().to_string()
        calls = [_call(one) for one in result.interruptions]
        if before and all(one in before.calls for one in calls):
            return cls(state, calls, before.messages, before.at)
        messages = [one for one in result.to_input_list() if _is_told(one)]
        return cls(state, calls, messages, SystemClock().now())


class Gate(StoppingGate):
    """Where one agent's calls that need approval become questions.

    `context` and `run_config` are those of every run that goes on; `ended` is told a run's name and
    its result when it is over, at least once.
    """

    runtime = RUNTIME
    takes_edits = False
    together = False

    def __init__(
        self,
        agent: Agent[object],
        *,
        to_brief: ToBrief | None = None,
        context: Mapping[str, object] | RunContextWrapper[object] | None = None,
        run_config: RunConfig | None = None,
        ended: Ended = lambda run, result: None,
    ) -> None:
        super().__init__(to_brief)
        self._agent, self._context, self._config = agent, context, run_config
        self._ended = ended

    def pause(self, queue: AgentQueue, run: str, result: RunResult) -> tuple[str, ...]:
        """Keep a run that stopped, and ask; the escalations. None where the result is final.

        Raises what `submit` does, and `InvalidRequest` for a run that was kept before.
        """
        state = _state(result)
        return self.keep(queue, run, state) if state else ()

    def stops(self, run: str, state: str) -> Sequence[Stop]:
        paused = _Paused(**json.loads(state))
        tools = dict(_definitions(self._agent))
        return [
            Stop(_seen(one, paused), tools.get((one["agent"], one["name"]), ""))
            for one in paused.calls
        ]

    def go_on(self, run: str, state: str, decided: Mapping[str, Decision]) -> str:
        paused = _Paused(**json.loads(state))
        result = finished(self._resumed(run, paused, decided))
        following = _state(result, paused)
        if not following:
            self._ended(run, result)
        return following

    async def _resumed(
        self, run: str, paused: _Paused, decided: Mapping[str, Decision]
    ) -> RunResult:
        try:
            state = await RunState.from_string(
                self._agent, paused.state, context_override=self._context
            )
        except UserError as error:
            raise AgentChanged(run, f"the agent {self._agent.name!r} ({error})") from error
        waiting = {str(one.call_id): one for one in state.get_interruptions()}
        asked = {one["id"]: one for one in paused.calls}
        for call, decision in decided.items():
            if call not in waiting or _call(waiting[call]) != asked[call]:
                raise AgentChanged(run, f"the call {call!r}")
            _answer(state, waiting[call], decision)
        _DECIDED.set(decided)
        return await Runner.run(self._agent, state, run_config=self._config)


def decision_id(context: ToolContext[object]) -> str:
    """The key for what a tool calls: the same however often this approved call is run.

    Raises `InvalidRequest` in a tool that no worker runs with an approval.
    """
    decision = _DECIDED.get({}).get(context.tool_call_id)
    if decision is None:
        raise InvalidRequest(
            f"{context.tool_name} runs without a decision; let it need approval, and let "
            "`overread deliver openai-agents` resume the run"
        )
    return decision.id


def target(queue: AgentQueue, spec: str) -> StoppedRuns:
    """`spec` names a `Gate`. Raises `InvalidRequest`."""
    return StoppedRuns(queue, gate_of(spec, Gate))


def _answer(state: RunState[object], item: ToolApprovalItem, decision: Decision) -> None:
    if decision.verdict == "approve":
        state.approve(item)
    else:
        state.reject(item, rejection_message=refusal(decision, _read(_call(item))))


def _state(result: RunResult, before: _Paused | None = None) -> str:
    """Empty for a run that is over."""
    if not result.interruptions:
        return ""
    return json.dumps(asdict(_Paused.of(result, before)))


def _call(item: ToolApprovalItem) -> dict[str, str]:
    return {
        "id": item.call_id or "",
        "name": item.name or item.type,
        "arguments": _shown(item),
        "agent": item.agent.name,
    }


def _seen(call: Mapping[str, str], paused: _Paused) -> ToolCall:
    arguments = _read(call)
    return ToolCall(call["id"], call["name"], arguments, messages=paused.messages, at=paused.at)


def _shown(item: ToolApprovalItem) -> str:
    """Its arguments; the whole call, as the SDK keeps it, where it is of a kind that has none."""
    if item.arguments is not None:
        return item.arguments or "{}"
    raw = item.raw_item
    return json.dumps(
        raw if isinstance(raw, dict) else raw.model_dump(mode="json", exclude_unset=True),
        default=str,
    )


def _read(call: Mapping[str, str]) -> Parameters:
    """What is no object is shown as it is: the tool will not understand it either."""
    found = _object(call["arguments"])
    return {"unreadable": call["arguments"]} if found is None else found


def _object(text: str) -> Parameters | None:
    with suppress(BriefError):
        found = strict_loads(text.encode("utf-8", "surrogatepass"))
        return found if isinstance(found, dict) else None
    return None


def _definitions(
    agent: Agent[object], known: frozenset[str] = frozenset()
) -> Iterator[tuple[tuple[str, str], str]]:
    """Digests of the function tools of an agent, and of those that it hands over to."""
    for tool in agent.tools:
        if isinstance(tool, FunctionTool):
            yield (agent.name, tool.name), digest([tool.name, tool.params_json_schema])
    known |= {agent.name}
    for other in agent.handoffs:
        if isinstance(other, Agent) and other.name not in known:
            yield from _definitions(other, known)


def _is_told(item: Mapping[str, object]) -> bool:
    """Whether a brief can be made of it: messages, and calls of functions with their results."""
    if item.get("type") == "function_call":
        return _object(str(item.get("arguments"))) is not None
    return "role" in item or item.get("type") == "function_call_output"
