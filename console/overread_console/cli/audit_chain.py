"""The audit chain in a shell: is the history the one that was written, and a head to keep."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.talk import data, data_json, progress, say
from overread_console.cli.times import day_and_time
from overread_queue.audit.links import Damage
from overread_queue.audit.verify import Report
from overread_queue.places import Places


@click.command()
@click.option(
    "--from",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="CHECKPOINTS",
    help="Checkpoints that you kept elsewhere, one a line.",
)
@desk_option
@json_option
def verify(kept: Path | None, db: Path, as_json: bool) -> Exit:
    """Examine the whole history of a desk. Ends with 5 where it is not the one that was written.

    Names the first bad event and what was done to it, then every table that contradicts the events.
    """
    from overread_queue.audit.verify import verify as examine

    report = examine(Places.of(db), kept=kept, progress=_progress if _is_watched() else None)
    if as_json:
        data_json(_report_json(report))
    else:
        _page(report)
    return Exit.DONE if report.whole else Exit.INTEGRITY


@click.command()
@desk_option
def checkpoint(db: Path) -> Exit:
    """Print the newest signed head of the chain, for keeping elsewhere.

    Kept where nobody on this machine can change it, it proves later that the history up to it is
    still the same: `overread audit verify --from FILE`.
    """
    from contextlib import closing

    from overread_queue.clock import SystemClock
    from overread_queue.ground import Ground

    with closing(Ground(Places.of(db), SystemClock())) as ground:
        with ground.store.read() as tx:
            # A new head for each arrival and answer would tell real work from blind tests.
            quiet = not tx.desk.open_sessions() and not tx.escalations.depth()
        ground.checkpoint(early=quiet)
        line = ground.keeper.line()
    if line is None:
        say(
            "there is no checkpoint yet; whoever has the desk's key makes one with `overread sweep`"
        )
        return Exit.FAILED
    data(line.decode("ascii", "replace"))
    return Exit.DONE


def _page(report: Report) -> None:
    for one in report.damage:
        data(f"✗ {one.kind.replace('_', ' ')}: {one.text}")
    if report.whole:
        data("✓ all events hang together, and the tables say what they say")
    else:
        data(f"{report.events:,} events hang together before that")
    if report.last is None:
        say("no checkpoint vouches for it: whoever can write the file could have rewritten it")
    else:
        signed = f"the desk signed event {report.last.seq:,} on {day_and_time(report.last.at)}"
        say(f"{signed}; {report.checkpoints:,} checkpoints looked at")


def _report_json(report: Report) -> JsonValue:
    """Of a history that is whole, as far as it is signed: a count of what came since would move
    with every answer on real work, and with none on a blind test."""
    last = report.last
    signed = last if report.whole else None
    return {
        "whole": report.whole,
        "events": signed.seq if signed else report.events,
        "head": signed.hash if signed else report.head,
        "checkpoints": report.checkpoints,
        "last_checkpoint": last.model_dump(mode="json") if last else None,
        "damage": [_damage_json(one) for one in report.damage],
    }


def _damage_json(one: Damage) -> JsonValue:
    return {"kind": one.kind, "event": one.seq, "text": one.text}


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _progress(done: int, total: int) -> None:
    progress(f"{done * 100 // max(total, 1)} % examined", last=done >= total)
