"""The `overread` command itself: what there is, for whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import click

from overread_console.cli.lazy import Entry, LazyGroup


class Root(LazyGroup):
    """Every command by the person it is for."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {
        "Agents": {
            "propose": Entry("proposing:propose", "Ask the policy how far an agent may go."),
            "submit": Entry("asking:submit", "Hand a brief to the reviewers."),
            "wait": Entry("asking:wait", "Wait for the decision and verify it."),
            "show": Entry("looking:show", "Where one escalation stands."),
            "list": Entry("looking:list_", "The escalations of a desk."),
            "deliver": Entry("delivering:deliver", "Bring answers to an agent's runtime."),
            "mcp": Entry("serving:mcp", "The agent's side of the desk, for any MCP client."),
            "pressure": Entry("proposing:pressure", "How full the desk is."),
            "brief": Entry("brief:brief", "Lint a brief, or draw one from a transcript."),
        },
        "Reviewers": {
            "review": Entry("reviewing:review", "Open the console and decide."),
            "halt": Entry("stopping:halt", "Stop an agent, or the whole desk."),
            "notices": Entry("noticing:notices", "What agents did and told of."),
            "object": Entry("noticing:object_", "Hold something against one of these."),
            "search": Entry("searching:search", "Find what was asked before, by its words."),
        },
        "Leads": {
            "init": Entry("keeping:init", "Make a desk: database, keys, roles, policy."),
            "policy": Entry("policy:policy", "Prove, compare, sign and show the policy."),
            "audit": Entry("audit:audit", "Prove the history; evidence for auditors."),
            "report": Entry("reporting:report", "Oversight's health as one file to print."),
            "simulate": Entry("simulating:simulate", "Price friction and staffing, by a model."),
            "alarms": Entry("alarms:alarms", "What changed that should not have."),
            "probes": Entry("probes:probes", "Blind tests: does anybody look?"),
            "lead": Entry("overseeing:lead", "How oversight goes, on a full screen."),
            "staffing": Entry(
                "overseeing:staffing", "Reviewers against waits; what controls cost."
            ),
            "breaches": Entry("office:breaches", "Deadlines missed, by workflow and action type."),
            "stats": Entry("stats:stats", "How oversight is doing, in numbers."),
            "adjudicate": Entry("adjudicating:adjudicate", "Say what was really right."),
            "undelivered": Entry("office:undelivered", "Answers that have not reached an agent."),
            "breakers": Entry("office:breakers", "Agents that are watched closely, and why."),
            "lift": Entry("stopping:lift", "Let an agent or the desk go on; trust it again."),
            "break-glass": Entry("breaking:glass", "Decide alone, in everybody's sight."),
            "telemetry": Entry("telemetry:telemetry", "Tell an OpenTelemetry collector."),
            "export": Entry("exporting:export", "Take records out, for other programs."),
            "agents": Entry("rosters:agents", "Who may ask, and for what."),
            "reviewers": Entry("reviewers:reviewers", "Who decides, and in which roles."),
            "backup": Entry("copying:backup", "Copy a desk that is at work."),
            "restore": Entry("copying:restore", "Go back to a copy."),
            "purge": Entry("records:purge", "Erase what is past its retention."),
            "hold": Entry("records:hold", "Keep what must not be erased."),
            "sweep": Entry("keeping:sweep", "Do what time asks for: deadlines, leases, inbox."),
            "intake": Entry("receiving:intake", "Take in what agents say, as soon as they do."),
            "doctor": Entry("keeping:doctor", "Examine a desk and say what is wrong."),
        },
        "Newcomers": {
            "demo": Entry("playing:demo", "A sample desk with live agents, and the console on it."),
        },
    }


@click.group(cls=Root, invoke_without_command=True, context_settings={"max_content_width": 96})
@click.option(
    "--db",
    type=click.Path(path_type=Path),
    envvar="OVERREAD_DB",
    default=Path("desk.db"),
    show_default="desk.db",
    show_envvar=True,
    help="The desk's database, or the folder of its mailbox.",
)
@click.version_option(package_name="overread", message="overread %(version)s")
@click.pass_context
def root(context: click.Context, db: Path) -> None:
    """A durable queue between AI agents and the people who answer for them.

    \b
    Agents     hand structured briefs to a desk and wait, for seconds or days.
    Reviewers  work through them in short sessions in the terminal.
    Leads      own the policy, and keep the desk honest and alive.

    Exit codes: 0 done, 1 the database could not, 2 usage, 3 invalid brief, 4 conflict,
    5 integrity, 6 not found, 7 not allowed, 75 desk full, 124 still pending. `overread wait`
    ends with 0 only for an approval exactly as proposed; `overread wait --help` has the others.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
