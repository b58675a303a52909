"""MCP: an agent's side of the desk as tools over stdio. There is no tool to decide with.

    overread mcp --agent refund-agent

A wait for a person takes hours, and a call to a tool must not: `get_decision` waits for less than a
minute and says when to ask again. Whoever was told "approve" acts, passes `decision_id` on as the
idempotency key, and says with `report_outcome` how it went.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import anyio
import anyio.to_thread
from pydantic import BaseModel, Field, JsonValue, ValidationError

from overread_briefs import WAITS, Action, BriefError, Decision, jcs
from overread_briefs.action import Reversibility
from overread_briefs.fields import Identifier, Parameters, Sensitivity
from overread_briefs.sentences import faults
from overread_queue.adapters.loading import NotInstalled
from overread_queue.agent import AgentQueue
from overread_queue.errors import Backpressure, OverreadError, Superseded

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ToolError
except ImportError as error:
    raise NotInstalled("MCP", "mcp") from error

LONGEST_WAIT = 50.0
"""Seconds: clients give up on a tool after a minute."""
ASK_AGAIN = 60
"""Seconds until a decision that is pending is worth another look."""
TELL_EVERY = 5.0
"""Seconds between two words of progress, which also keep a client from giving up."""
INSTRUCTIONS = (
    "Ask `propose` how far you may go before you act. Where `needs_brief` is true, write a brief, "
    "hand it in with `submit_escalation`, and act only on a `get_decision` whose `may_act` is "
    "true, on exactly the action that it returns. Then call `report_outcome`."
)
T = TypeVar("T")


class Ruling(BaseModel):
    """What the policy says of an action."""

    proposal: str
    """Pass it to `submit_escalation`."""
    tier: str
    may_act: bool
    """You may act now, and need not ask."""
    needs_brief: bool
    """A person has to be asked with a brief."""
    reasons: list[str]
    sla_seconds: int


class Asked(BaseModel):
    """A question that is on the desk, durably."""

    escalation: str
    """Pass it to `get_decision`; it stays valid for as long as the desk exists."""
    status: Literal["waiting", "answered"]
    tier: str
    deadline_at: int
    """UTC milliseconds."""


class Answered(BaseModel):
    """What a person has decided, verified; or that nobody has yet."""

    status: Literal["pending", "decided", "replaced"]
    may_act: bool = False
    """True only for `approve` and `modify`, until its outcome is reported: then do exactly this."""
    verdict: str | None = None
    decision_id: str | None = None
    """The idempotency key to pass on to whatever the action calls."""
    action_type: str | None = None
    parameters: Parameters | None = None
    reason: str = ""
    retry_after_seconds: int | None = None


class Room(BaseModel):
    """How full the desk is."""

    level: Literal["open", "busy", "full"]
    retry_after_seconds: int
    halted: bool
    """Somebody has stopped you: nothing is taken in until a lead lifts it."""


class Tools:
    """What the tools do, each with a door of its own: they run in threads."""

    def __init__(self, db: str | Path, agent: str, key: str | Path | None) -> None:
        self._open = partial(AgentQueue.open, db, agent=agent, key=key)

    def propose(
        self, action: Action, signals: dict[str, JsonValue], data_class: Sensitivity | None
    ) -> Ruling:
        with self._open() as queue:
            said: dict[str, object] = dict(signals)
            found = queue.propose(action, signals=said, data_class=data_class)
        return Ruling(
            proposal=found.id,
            tier=found.tier.value,
            may_act=found.may_act and not found.needs_brief,
            needs_brief=found.needs_brief,
            reasons=[one.rule for one in found.triggers],
            sla_seconds=found.sla_seconds,
        )

    def submit(self, brief: Parameters, key: str, proposal: str | None) -> Asked:
        with self._open() as queue:
            ticket = queue.submit(jcs(_waiting(brief)), key=key, proposal=proposal)
            answered = queue.status(ticket.id).verdict is not None
        return Asked(
            escalation=ticket.id,
            status="answered" if answered else "waiting",
            tier=ticket.tier.value,
            deadline_at=ticket.deadline_at,
        )

    def decision(self, escalation: str, seconds: float) -> Answered:
        """Waits for as long at most, woken by the decision itself."""
        with self._open() as queue:
            try:
                decision = queue.wait(escalation, timeout=seconds)
            except Superseded as replaced:
                return Answered(status="replaced", reason=str(replaced))
            return _answered(decision, over=queue.is_over(escalation))

    def report(self, escalation: str, *, ok: bool, detail: str) -> None:
        """The action was done, or failed: either way it can never be done again."""
        with self._open() as queue:
            decision = queue.poll(escalation)
            if decision is not None and not decision.releases:
                queue.acknowledge(escalation)
            elif ok:
                with queue.resume(escalation):
                    pass
                queue.outcome(escalation, ok=True, detail=detail)
            else:
                queue.fail(escalation, detail)

    def pressure(self, action_type: str | None) -> Room:
        with self._open() as queue:
            found = queue.pressure(action_type)
        return Room(
            level=found.level,
            retry_after_seconds=found.retry_after,
            halted=found.halted is not None,
        )


def server(db: str | Path, *, agent: str, key: str | Path | None = None) -> MCPServer[None]:
    """A server for one agent. Raises `NoDesk` and `NotAllowed` at once, not at the first call."""
    tools = Tools(db, agent, key)
    with AgentQueue.open(db, agent=agent, key=key):
        made: MCPServer[None] = MCPServer(
            "overread", instructions=INSTRUCTIONS, log_level="WARNING"
        )

    @made.tool(description="Ask the policy how far you may go with an action, before you do it.")
    async def propose(
        action_type: Identifier,
        parameters: Parameters,
        signals: dict[str, JsonValue] | None = None,
        data_class: Sensitivity | None = None,
        reversibility: Reversibility = "irreversible",
    ) -> Ruling:
        action = _action(action_type, parameters, reversibility)
        return await _told(lambda: tools.propose(action, signals or {}, data_class))

    @made.tool(
        description="Hand a brief (overread/brief/1, as JSON) to the people who decide. The same "
        "key with the same brief gives the same escalation, also after a crash."
    )
    async def submit_escalation(
        brief: Parameters, idempotency_key: str, proposal: str | None = None
    ) -> Asked:
        return await _told(lambda: tools.submit(brief, idempotency_key, proposal))

    @made.tool(
        description="The verified decision, or `pending`. Waits up to `wait_seconds` (50 at most)."
    )
    async def get_decision(
        escalation: str,
        context: Context,
        wait_seconds: Annotated[float, Field(ge=0, le=LONGEST_WAIT)] = 0,
    ) -> Answered:
        began = time.monotonic()
        while True:
            left = max(0.0, wait_seconds - (time.monotonic() - began))
            slice_seconds = min(left, TELL_EVERY)
            found = await _told(partial(tools.decision, escalation, slice_seconds))
            if found.status != "pending" or left <= TELL_EVERY:
                return found
            await context.report_progress(time.monotonic() - began, wait_seconds, "still waiting")

    @made.tool(description="Say how an action went that was approved, or that a no was read.")
    async def report_outcome(escalation: str, ok: bool, detail: str = "") -> str:
        await _told(lambda: tools.report(escalation, ok=ok, detail=detail))
        return "noted"

    @made.tool(description="How full the desk is, before you add to it.")
    async def pressure(action_type: str | None = None) -> Room:
        return await _told(lambda: tools.pressure(action_type))

    return made


def _waiting(brief: Parameters) -> Parameters:
    """A client has no way to take anything back, so nothing is done before it is answered."""
    tags = brief.get("tags", [])
    if not isinstance(tags, list) or WAITS in tags:
        return brief
    return brief | {"tags": [*tags, WAITS]}


def _answered(decision: Decision | None, *, over: bool = False) -> Answered:
    if decision is None:
        return Answered(status="pending", retry_after_seconds=ASK_AGAIN)
    may_act = decision.releases and not over
    return Answered(
        status="decided",
        may_act=may_act,
        verdict=decision.verdict,
        decision_id=decision.id,
        action_type=decision.action.type,
        parameters=decision.action.parameters if may_act else None,
        reason=f"{decision.id} was reported on: do not do it again" if over else decision.reason,
    )


def _action(action_type: str, parameters: Parameters, reversibility: Reversibility) -> Action:
    try:
        return Action(type=action_type, parameters=parameters, reversibility=reversibility)
    except ValidationError as error:
        raise ToolError("; ".join(map(str, faults(error, Action)))) from error


async def _told(call: Callable[[], T]) -> T:
    """The call in a thread; a refusal reaches the agent as the sentence that it is."""
    try:
        return await anyio.to_thread.run_sync(call)
    except Backpressure as full:
        raise ToolError(f"{full} (retry_after_seconds={full.retry_after})") from full
    except (OverreadError, BriefError) as refusal:
        raise ToolError(f"{type(refusal).__name__}: {refusal}") from refusal
