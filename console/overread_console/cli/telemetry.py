"""Letting a collector know how the desk is doing."""

from __future__ import annotations

import time
from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, reviewer_option
from overread_console.cli.talk import data, say
from overread_queue.errors import StoreBusy, Undelivered
from overread_queue.office import LeadOffice
from overread_queue.telemetry.sending import Sent


@click.command()
@click.option(
    "--endpoint",
    default="http://localhost:4318",
    show_default=True,
    envvar="OTEL_EXPORTER_OTLP_ENDPOINT",
    show_envvar=True,
    metavar="URL",
    help="Where the collector takes OTLP over HTTP.",
)
@click.option("--once", is_flag=True, help="Tell what there is, and end.")
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=15,
    show_default=True,
    metavar="SECONDS",
    help="How often.",
)
@reviewer_option
@desk_option
def telemetry(endpoint: str, once: bool, every: int, reviewer: str | None, db: Path) -> Exit:
    """Tell an OpenTelemetry collector how the desk is doing. For leads.

    One trace for each closed escalation (waiting, review, held, resume), how much waits, answers by
    verdict, standing alarms. No name of a reviewer leaves the desk, and no word of a brief.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        if once:
            _told(office.send_telemetry(endpoint))
            return Exit.DONE
        while True:
            try:
                _told(office.send_telemetry(endpoint))
            except (Undelivered, StoreBusy) as refusal:
                say(f"overread: {refusal}")
            time.sleep(every)


def _told(sent: Sent) -> None:
    data(f"told of {sent.events:,} events, {sent.escalations:,} escalations closed")
