"""What an agent is told when it may not act, where its runtime takes nothing but words."""

from __future__ import annotations

from overread_briefs import Decision, Verdict
from overread_briefs.canonical import jcs
from overread_briefs.fields import Parameters

_SAID: dict[Verdict, str] = {
    "reject": "A reviewer said no",
    "need_info": "Not done: a reviewer asks something before deciding",
    "taken_over": "Not done: a person has taken this over",
    "timed_out": "Not done, because nobody answered in time; that is no person's no",
    "withdrawn": "Not done: the question was withdrawn",
}


def refusal(decision: Decision, proposed: Parameters) -> str:
    """One sentence and the reviewer's words. An edit that the runtime cannot take says what to
    change, so that the agent may propose that."""
    said = _SAID.get(decision.verdict) or _changes(decision, proposed)
    return f"{said}: {decision.reason}" if decision.reason else f"{said}."


def _changes(decision: Decision, proposed: Parameters) -> str:
    other = {
        name: value
        for name, value in decision.action.parameters.items()
        if name not in proposed or proposed[name] != value
    }
    return f"Not done as proposed; it would be approved with {jcs(other).decode()}"
