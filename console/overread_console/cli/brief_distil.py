"""`overread brief distil`: a first brief out of an agent's transcript, offline."""

from __future__ import annotations

import datetime as dt
import json

import click
from pydantic import JsonValue

from overread_briefs.brief import Software
from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.talk import exactly, say


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option("--agent", required=True, callback=identifier, metavar="NAME", help="Whose brief.")
@click.option("--version", default="1", show_default=True, help="Of the agent.")
@click.option("--call", help="The tool call to ask about, where several wait.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TOOL=TYPE",
    help="A tool's name in the policy.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help="UTC time of what has none; the same gives the same brief.  [default: now]",
)
def distil(
    file: str,
    agent: str,
    version: str,
    call: str | None,
    types: tuple[str, ...],
    at: dt.datetime | None,
) -> Exit:
    """Print a brief for the last tool call of a transcript, and say what it could not know.

    FILE holds a JSON list of messages, as OpenAI, Anthropic or LangChain write them. The brief is
    on stdout, ready for `overread submit -`; what is left to you is on stderr.
    """
    from overread_briefs.distilling.distil import distil as distilled

    moment = at.replace(tzinfo=dt.UTC) if at else dt.datetime.now(dt.UTC)
    found = distilled(
        _messages(file),
        agent=Software(name=agent, version=version),
        at=round(moment.timestamp() * 1000),
        call=call,
        types=_types(types),
    )
    exactly(json.dumps(json.loads(found.brief.to_bytes()), indent=2) + "\n")
    for line in found.left:
        say(line)
    return Exit.DONE


def _messages(file: str) -> list[JsonValue]:
    loaded = reading.json_file(file)
    if not isinstance(loaded, list):
        raise click.UsageError(f"{file}: give a JSON list of messages in [ ].")
    return loaded


def _types(pairs: tuple[str, ...]) -> dict[str, str]:
    split = [one.partition("=") for one in pairs]
    if not all(name and type_ for name, _, type_ in split):
        raise click.UsageError("--type takes TOOL=TYPE, such as payments_refund=payments.refund")
    return {name: type_ for name, _, type_ in split}
