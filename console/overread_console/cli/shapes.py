"""What the doors hand out, as JSON for programs. Field names are a contract."""

from __future__ import annotations

from pydantic import JsonValue, TypeAdapter

from overread_briefs.decision import Decision
from overread_console.cli.onlooker import Said, Standing
from overread_queue.models import Halt, Proposal, Row, Ticket
from overread_queue.routing.pressure import Pressure

_TICKET = TypeAdapter(Ticket)
_PROPOSAL = TypeAdapter(Proposal)
_PRESSURE = TypeAdapter(Pressure)
_HALTED: TypeAdapter[Halt | None] = TypeAdapter(Halt | None)
_SAID = TypeAdapter(tuple[Said, ...])
_ROW = TypeAdapter(Row)
_ROWS = TypeAdapter(tuple[Row, ...])


def ticket_json(ticket: Ticket) -> JsonValue:
    """A ticket, field for field."""
    shape: JsonValue = _TICKET.dump_python(ticket, mode="json")
    return shape


def proposal_json(verdict: Proposal) -> JsonValue:
    """What the policy says of an action, and first what it means for the agent."""
    return {
        "tier": verdict.tier.value,
        "may_act": verdict.may_act,
        "needs_brief": verdict.needs_brief,
        **_PROPOSAL.dump_python(verdict, mode="json", exclude_none=True),
    }


def pressure_json(found: Pressure) -> dict[str, JsonValue]:
    """How full a chain of pools is, field for field."""
    shape: dict[str, JsonValue] = _PRESSURE.dump_python(found, mode="json")
    return shape


def standing_json(standing: Standing) -> JsonValue:
    """A line of the list, with its run and the verdict as recorded."""
    return {
        **_ROW.dump_python(standing.escalation, mode="json"),
        "run": standing.run,
        "run_state": standing.run_state,
        "verdict": standing.verdict,
        "halted": _HALTED.dump_python(standing.halted, mode="json"),
        "opinions": _SAID.dump_python(standing.opinions, mode="json"),
    }


def rows_json(rows: tuple[Row, ...]) -> JsonValue:
    """Lines of the list, field for field."""
    shape: JsonValue = _ROWS.dump_python(rows, mode="json")
    return shape


def decision_json(decision: Decision) -> JsonValue:
    """A verified decision: what to run, why, and the signed statements behind it."""
    return {
        "id": decision.id,
        "verdict": decision.verdict,
        "releases": decision.releases,
        "action": decision.action.model_dump(mode="json", exclude_none=True),
        "reason": decision.reason,
        "envelope": decision.envelope.model_dump(mode="json"),
        "opinions": [one.model_dump(mode="json") for one in decision.opinions],
    }
