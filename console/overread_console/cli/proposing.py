"""The agent's verbs before it asks anybody: may I, and is there room?"""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import Field, JsonValue, ValidationError

from overread_briefs.action import Action
from overread_briefs.brief import Software
from overread_briefs.fields import Identifier, Part, Sensitivity
from overread_briefs.sentences import faults
from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.onlooker import halts, pressures
from overread_console.cli.options import agent_option, desk_option, json_option
from overread_console.cli.policy_files import in_force
from overread_console.cli.shapes import pressure_json, proposal_json
from overread_console.cli.talk import data_json, say, table
from overread_queue.agent import AgentQueue
from overread_queue.numbers import percent
from overread_queue.routing.pressure import Pressure
from overread_queue.states import Tier
from overread_queue.stopping.halting import said


class Question(Part):
    """What `overread propose` reads: who would do what, and what speaks for caution."""

    action: Action
    agent: Identifier | Software | None = None
    """A name, or name and version; left out where --agent says it."""
    signals: dict[str, JsonValue] = Field(default_factory=dict)
    """Numbers such as confidence, risk and ood. What is no number makes the tier stricter."""
    data_class: Sensitivity | None = None
    model: Software | None = None

    @property
    def software(self) -> Software | None:
        return self.agent if isinstance(self.agent, Software) else None

    @property
    def name(self) -> str | None:
        return self.agent.name if isinstance(self.agent, Software) else self.agent


@click.command()
@click.argument("file", metavar="FILE|-")
@agent_option
@desk_option
def propose(file: str, agent: str | None, db: Path) -> Exit:
    """Ask the policy how far an agent may go, and print its verdict as JSON.

    FILE holds {"agent": …, "action": {"type": …, "parameters": {…}}, "signals": {"confidence": …}},
    and may have data_class and model.

    It ends with 0 whatever the tier is: act only where `may_act` is true, and hand in a brief with
    `overread submit --proposal ID` where `needs_brief` is.
    """
    question = _question(file)
    name = agent or question.name
    if name is None:
        raise click.UsageError(f"{file}: say who would act: add agent, or give --agent NAME.")
    with AgentQueue.open(db, agent=name) as queue:
        verdict = queue.propose(
            question.action,
            signals=question.signals,
            data_class=question.data_class,
            software=question.software,
            model=question.model,
        )
    data_json(proposal_json(verdict))
    return Exit.DONE


@click.command()
@click.option("--type", "action_type", callback=identifier, metavar="T", help="For this action.")
@agent_option
@desk_option
@json_option
def pressure(action_type: str | None, agent: str | None, db: Path, as_json: bool) -> Exit:
    """How full the desk is. Ends with 75 where there is no room, and says when to come back; with
    7 where the agent, or the whole desk, is stopped.

    For an agent, the fullest of the queues that its actions go to; without --agent, every pool.
    """
    found = _pressures(db, agent, action_type)
    fullest = max(found.values(), key=lambda one: one.filled)
    if as_json:
        data_json(_pressures_json(found, fullest))
    else:
        table([("for", "level", "filled", "items", "minutes"), *map(_line, found, found.values())])
    for halt in halts(db):
        say(said(halt))
    if fullest.halted is not None:
        return Exit.NOT_ALLOWED
    if fullest.level != "full":
        return Exit.DONE
    say(f"the desk is full; retry_after: {fullest.retry_after} s")
    return Exit.BACKPRESSURE


def _question(file: str) -> Question:
    try:
        return Question.model_validate(reading.json_object(file))
    except ValidationError as error:
        told = "\n".join(f"{file}: {fault}" for fault in faults(error, Question))
        raise click.UsageError(told) from error


def _pressures(db: Path, agent: str | None, action_type: str | None) -> dict[str, Pressure]:
    """By what was asked about: an action type, an agent, or each pool."""
    if agent:
        with AgentQueue.open(db, agent=agent) as queue:
            return {action_type or agent: queue.pressure(action_type)}
    pools = pressures(db)
    if action_type is None:
        return pools
    return {action_type: pools[in_force(db).duty(action_type, Tier.HARD_APPROVAL).pool]}


def _pressures_json(found: dict[str, Pressure], fullest: Pressure) -> JsonValue:
    """The fullest, and where there are several, each of them."""
    shape = pressure_json(fullest)
    if len(found) > 1:
        shape["pools"] = {name: pressure_json(one) for name, one in found.items()}
    return shape


def _line(name: str, one: Pressure) -> tuple[str, ...]:
    return name, one.level, percent(one.filled), str(one.items), f"{one.minutes:.0f}"
