"""The agent's verbs in a shell: hand in a brief, wait for the decision."""

from __future__ import annotations

from pathlib import Path

import click

from overread_briefs.parse import parse_brief
from overread_console.cli import reading
from overread_console.cli.exits import Exit, exit_for_verdict
from overread_console.cli.kinds import identifier, seconds
from overread_console.cli.onlooker import asker
from overread_console.cli.options import agent_option, desk_option, json_option
from overread_console.cli.shapes import decision_json, ticket_json
from overread_console.cli.talk import data, data_json, say
from overread_queue.agent import AgentQueue
from overread_queue.asking.submission import MAX_CHECKPOINT_BYTES
from overread_queue.models import Ticket


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--key",
    callback=identifier,
    metavar="K",
    help="Same key, same escalation.",
)
@click.option(
    "--proposal",
    callback=identifier,
    metavar="ID",
    help="The id that `overread propose` gave for this action.",
)
@click.option("--checkpoint", metavar="FILE", help="JSON to get back on resume.")
@click.option(
    "--sign-with", "secret", metavar="FILE", help="The private key of an agent that has one."
)
@click.option("--wait", "patience", type=float, callback=seconds, help="Wait for the decision.")
@agent_option
@desk_option
@json_option
def submit(
    file: str,
    key: str | None,
    proposal: str | None,
    checkpoint: str | None,
    secret: str | None,
    patience: float | None,
    agent: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """Hand a brief to the reviewers and print the id of the escalation.

    The agent is the one that the brief names, unless --agent says otherwise. With --wait, the
    decision is printed and ends the command as `overread wait` does.
    """
    received = reading.brief_bytes(file)
    state = reading.json_file(checkpoint, most=MAX_CHECKPOINT_BYTES) if checkpoint else None
    name = agent or parse_brief(received).agent.name
    with AgentQueue.open(db, agent=name, key=secret) as queue:
        ticket = queue.submit(received, proposal=proposal, key=key, checkpoint=state)
        if patience is None:
            return _handed_in(ticket, as_json=as_json)
        say(f"{ticket.id} is waiting for a person")
        return _wait(queue, ticket.id, patience)


@click.command()
@click.argument("id", callback=identifier)
@click.option(
    "--timeout", type=float, callback=seconds, metavar="S", help="Give up after S seconds."
)
@agent_option
@desk_option
def wait(id: str, timeout: float | None, agent: str | None, db: Path) -> Exit:
    """Wait for the decision on an escalation, verify it, and print it as JSON.

    \b
    Ends with
      0    approve, exactly as proposed
      10   modify: act on `action` as printed, not as proposed
      11   reject             12   need_info
      13   taken_over         14   timed_out
      15   withdrawn          124  still pending
      5    what is recorded must not be believed: never act
      7    somebody has stopped the agent or the desk: wait again once a lead lifts it

    So `overread wait ID && act` acts only on what was approved as it was proposed. The `id` of
    the decision is the idempotency key to pass on to whatever the action calls.
    """
    with AgentQueue.open(db, agent=agent or asker(db, id)) as queue:
        return _wait(queue, id, timeout)


def _handed_in(ticket: Ticket, *, as_json: bool) -> Exit:
    if as_json:
        data_json(ticket_json(ticket))
    else:
        data(ticket.id)
    return Exit.DONE


def _wait(queue: AgentQueue, id: str, timeout: float | None) -> Exit:
    decision = queue.wait(id, timeout)
    if decision is None:
        say(f"{id} is still pending; `overread wait {id}` waits on")
        return Exit.PENDING
    data_json(decision_json(decision))
    return exit_for_verdict(decision.verdict)
