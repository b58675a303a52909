"""`overread deliver`: brings answers to the agents' runtimes, for as long as it runs."""

from __future__ import annotations

import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option
from overread_console.cli.talk import data, say
from overread_queue.adapters.loading import RUNTIMES, target_of
from overread_queue.agent import AgentQueue

if TYPE_CHECKING:
    from overread_queue.adapters.telling import Told

_KINDS = "\n".join(f"    {name:14} {one.takes}" for name, one in RUNTIMES.items())


@click.command(
    help=f"""Bring answers to an agent's runtime, once each, and go on until Ctrl-C.

    \b
    RUNTIME        SPEC
    {_KINDS.strip()}

    Any number of these may run at once, and any may die: what it held is brought by another one
    when its lease is over. Agentspan is also looked through for what waits unasked. A line on
    stdout for each question asked and each answer that arrived, and on stderr for each that could
    not be and is tried again.
    """
)
@click.argument("runtime", type=click.Choice(tuple(RUNTIMES)))
@click.argument("spec")
@click.option("--agent", required=True, help="Whose answers.")
@click.option(
    "--key", type=click.Path(path_type=Path), help="The agent's private key, where it has one."
)
@click.option("--once", is_flag=True, help="Bring what is there now, and end; 75: not all.")
@click.option("--lease", default=30.0, show_default=True, help="Seconds until a dead worker's.")
@desk_option
def deliver(
    runtime: str, spec: str, agent: str, key: Path | None, once: bool, lease: float, db: Path
) -> Exit:
    from overread_queue.adapters.delivering import Worker

    troubled = threading.Event()
    with AgentQueue.open(db, agent=agent, key=key) as queue:
        target = target_of(queue, runtime, spec)
        worker = Worker(queue, target, lease_seconds=lease, tell=partial(_tell, troubled))
        if once:
            worker.step()
        else:
            worker.run(_until_stopped())
    return Exit.BACKPRESSURE if once and troubled.is_set() else Exit.DONE


def _until_stopped() -> threading.Event:
    """Set by Ctrl-C and by `kill`: what is in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _tell(troubled: threading.Event, told: Told) -> None:
    if told.event in ("unasked", "troubled"):
        troubled.set()
    if told.event == "unasked":
        say(f"not asked yet: {told.serial_key}: {told.text}")
    elif told.event == "troubled":
        say(f"not delivered yet: {told.escalation} ({told.serial_key}): {told.text}")
    else:
        data(f"{told.event} {told.escalation} ({told.serial_key})")
