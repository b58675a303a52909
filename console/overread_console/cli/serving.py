"""`overread mcp`: an agent's side of the desk, as tools for any MCP client."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option


@click.command()
@click.option("--agent", required=True, help="Whose tools these are.")
@click.option(
    "--key", type=click.Path(path_type=Path), help="The agent's private key, where it has one."
)
@desk_option
def mcp(agent: str, key: Path | None, db: Path) -> Exit:
    """Serve the agent's side of the desk over stdio, for any MCP client.

    Tools: propose, submit_escalation, get_decision, report_outcome, pressure. None of them
    decides anything.
    """
    from overread_queue.adapters.mcp import server

    server(db, agent=agent, key=key).run("stdio")
    return Exit.DONE
