"""The desk's part of the Claude Code hook: ask once for a tool call, and say what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from overread_briefs import Action, Brief, Decision, Editable
from overread_briefs.brief import Software
from overread_briefs.fields import Parameters
from overread_queue.adapters.asking import ask_again, ask_once, digest, forget, recalled
from overread_queue.adapters.briefing import ToolCall, brief_for
from overread_queue.adapters.target import Pause
from overread_queue.agent import AgentQueue
from overread_queue.clock import SystemClock
from overread_queue.errors import Expired, Replayed, Superseded
from overread_queue.store.wakes import Wake, WakeBook

if TYPE_CHECKING:
    from overread_queue.adapters.claude_code import Config, Event

RUNTIME = "claude-code"
MOST_TRANSCRIPT_BYTES = 4 * 1024 * 1024
"""Of its end: what led to the call is there."""

Said = dict[str, object]
"""`hookSpecificOutput`."""


def before(config: Config, event: Event, action_type: str) -> Said | None:
    """What Claude Code shall do with the call; None where the policy lets the agent act."""
    with AgentQueue.open(config.db, agent=config.agent, key=config.key) as queue:
        escalation = _ask(queue, config, event, action_type)
        if escalation is None:
            return None
        decision = _answered(queue, config, event, escalation)
        if decision is None:
            return _put_off(queue, config, event, escalation)
        said = _go(queue, decision) if decision.releases else _stop(queue, decision)
        forget(queue, runtime=RUNTIME, gate=_gate(event))
        return said


def after(config: Config, event: Event) -> None:
    """The call was made: its approval is used up."""
    with AgentQueue.open(config.db, agent=config.agent, key=config.key) as queue:
        asked = recalled(queue, runtime=RUNTIME, gate=_gate(event))
        if asked is None:
            return
        with suppress(Replayed), queue.resume(asked.answered_by):
            pass
        queue.outcome(asked.answered_by, ok=not _failed(event))


def _ask(queue: AgentQueue, config: Config, event: Event, action_type: str) -> str | None:
    """The escalation, asked once however often the hook runs for this call."""
    gate = _gate(event)
    known = recalled(queue, runtime=RUNTIME, gate=gate) or _taken_up(queue, event)
    if known is not None:
        return known.answered_by
    parameters = _parameters(event)
    action = Action(
        type=action_type,
        parameters=parameters,
        reversibility=config.reversibility.get(str(event["tool_name"]), "irreversible"),
    )
    verdict = queue.propose(action, signals=dict(config.signals))
    if verdict.may_act and not verdict.needs_brief:
        return None
    session = str(event.get("session_id", ""))
    brief = partial(_brief, config, event, action_type, parameters)
    pause = Pause(gate=gate, serial_key=session or gate, target={}, brief=brief)
    return ask_once(queue, RUNTIME, pause, proposal=verdict.id)


def _brief(config: Config, event: Event, action_type: str, parameters: Parameters) -> Brief:
    name = str(event["tool_name"])
    call = ToolCall(
        id=str(event["tool_use_id"]),
        name=name,
        arguments=parameters,
        messages=_transcript(event),
    )
    to_brief = brief_for(
        Software(name=config.agent, version="claude-code"),
        at=SystemClock().now(),
        types={name: action_type},
        editable={tool: _editable(one) for tool, one in config.editable.items()},
        reversibility=config.reversibility,
        source="Claude Code",
    )
    return to_brief(call)


def _answered(queue: AgentQueue, config: Config, event: Event, escalation: str) -> Decision | None:
    """None too where a session comes back too late for its approval: that is asked again."""
    try:
        return queue.wait(escalation, timeout=config.hold)
    except (Expired, Superseded):
        ask_again(queue, runtime=RUNTIME, gate=_gate(event))
        return None


def _put_off(queue: AgentQueue, config: Config, event: Event, escalation: str) -> Said:
    """A refused call is over for Claude Code: made again, it has another id. So the question is
    left to whichever call of the session comes next with the same input."""
    if config.pending != "deny":
        return _output(config.pending, f"nobody has answered {escalation} yet")
    with WakeBook(queue.wakes).at() as wakes:
        wakes.move(RUNTIME, _gate(event), _content(event))
    return _output("deny", f"nobody has answered {escalation} yet; make exactly this call later")


def _taken_up(queue: AgentQueue, event: Event) -> Wake | None:
    """The question that such a call left behind, now this call's own, and no other's."""
    gate = _gate(event)
    if recalled(queue, runtime=RUNTIME, gate=_content(event)) is None:
        return None
    with WakeBook(queue.wakes).at() as wakes:
        wakes.move(RUNTIME, _content(event), gate)
        return wakes.at_gate(RUNTIME, gate)


def _go(queue: AgentQueue, decision: Decision) -> Said:
    """Taken, so that it can never be used for another call once this one was made."""
    try:
        queue.resume(decision.envelope.escalation).leave()
    except Replayed:
        return _output("deny", f"{decision.id} was already carried out; it is not done twice")
    said = _output("allow", f"{decision.verdict} by {decision.envelope.reviewer} ({decision.id})")
    if decision.verdict == "modify":
        said["updatedInput"] = decision.action.parameters
    return said


def _stop(queue: AgentQueue, decision: Decision) -> Said:
    queue.acknowledge(decision.envelope.escalation)
    return _output("deny", _no(decision))


def _no(decision: Decision) -> str:
    words = {
        "need_info": "the reviewer asks",
        "taken_over": "a person has taken this over; do not do it",
        "timed_out": "nobody answered in time, so it is not done",
        "withdrawn": "it was taken back",
    }
    said = words.get(decision.verdict, "a person said no")
    return f"{said}: {decision.reason}" if decision.reason else said


def _output(decision: str, reason: str) -> Said:
    return {
        "hookEventName": "PreToolUse",
        "permissionDecision": decision,
        "permissionDecisionReason": reason,
    }


def _gate(event: Event) -> str:
    """The call's own name: the same when a paused session comes back to it."""
    return digest([str(event.get("session_id", "")), str(event["tool_use_id"])])


def _content(event: Event) -> str:
    """What would be done, whatever the call's name."""
    session, tool = str(event.get("session_id", "")), str(event["tool_name"])
    return digest([session, tool, "put off", _parameters(event)])


def _parameters(event: Event) -> Parameters:
    given = event.get("tool_input")
    if not isinstance(given, dict):
        raise TypeError("the tool's input is no object")
    return given


def _editable(properties: object) -> Editable:
    return Editable.model_validate({"type": "object", "properties": properties})


def _failed(event: Event) -> bool:
    response = event.get("tool_response")
    return isinstance(response, dict) and bool(response.get("is_error") or response.get("error"))


def _transcript(event: Event) -> Sequence[object]:
    """What the session has said so far; a hook without it asks with the call alone."""
    path = event.get("transcript_path")
    if not isinstance(path, str):
        return ()
    with suppress(OSError):
        return list(_messages(Path(path)))
    return ()


def _messages(path: Path) -> Iterator[object]:
    """Lines of the session file that hold a message, oldest first."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - MOST_TRANSCRIPT_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    for line in lines:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and isinstance(entry.get("message"), dict):
                yield {"timestamp": entry.get("timestamp"), **entry["message"]}
