"""Copies of a desk: taking one while people work, and going back to one."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.talk import data, data_json, say
from overread_queue.clock import SystemClock
from overread_queue.ground import Ground
from overread_queue.keeping.backup import Backup
from overread_queue.keeping.restore import Restored
from overread_queue.places import Places

PASSPHRASE = "OVERREAD_PASSPHRASE"  # noqa: S105 - a name
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("path", type=_FILE)
@click.option("--replace", is_flag=True, help="Write over what is at PATH.")
@click.option(
    "--encrypt", is_flag=True, help=f"Seal it with a passphrase (asked, or ${PASSPHRASE})."
)
@desk_option
@json_option
def backup(path: Path, replace: bool, encrypt: bool, db: Path, as_json: bool) -> Exit:
    """Copy the database to PATH while everybody works on, examine the copy, and sum it up beside.

    In it: every brief, decision and event. Not in it: the trust folder (policy and rosters; keep
    it under version control) and the private keys, which belong in no copy. Ends with 5 where the
    history is damaged; the copy is kept, as evidence.
    """
    from overread_queue.keeping.backup import backup as copy

    passphrase = _passphrase(confirm=True) if encrypt else None
    with closing(Ground(Places.of(db), SystemClock())) as ground:
        made = copy(ground, path, replace=replace, passphrase=passphrase)
    if as_json:
        data_json(_backup_json(made))
    else:
        _told(made)
    return Exit.DONE if made.report.whole else Exit.INTEGRITY


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--accept-loss", is_flag=True, help="Go back although that loses what came after.")
@desk_option
@json_option
def restore(backup: Path, accept_loss: bool, db: Path, as_json: bool) -> Exit:
    """Put a BACKUP in the place of the database, which is kept under another name.

    It is examined first, and refused where the desk has gone on since, until --accept-loss.
    Nobody may have the desk open. Trust folder, keys and the agents' ledgers stay as they are:
    what an agent did with a decision that is lost is known from its ledger, and is not asked again.
    """
    from overread_queue.keeping.restore import restore as go_back

    passphrase = _passphrase(confirm=False) if _is_sealed(backup) else None
    done = go_back(
        Places.of(db),
        backup,
        clock=SystemClock(),
        passphrase=passphrase,
        accept_loss=accept_loss,
    )
    if as_json:
        data_json(_restored_json(done))
    else:
        _went_back(done, db)
    return Exit.DONE


def _told(made: Backup) -> None:
    report = made.report
    sealed = ", sealed" if made.sealed else ""
    data(f"{made.path}: {made.size:,} bytes{sealed}, {report.events:,} events")
    for one in report.damage:
        say(f"the desk's history is damaged: {one.text}")
    say("not in it: the trust folder and the private keys")


def _went_back(done: Restored, db: Path) -> None:
    known = done.reconciled
    data(f"{db} is restored")
    if done.loss.any:
        say(str(done.loss).replace("going back loses", "lost:", 1))
    for ids, words in (
        (known.finished, "was carried out since, and is closed"),
        (known.withdrawn, "was acted on with a decision that is lost: withdrawn, not asked again"),
        (known.unknown, "was asked and acted on since; nothing on the desk tells of it any more"),
    ):
        for id in ids:
            say(f"{id} {words}")
    if done.kept:
        say(f"the database from before is {done.kept}")


def _backup_json(made: Backup) -> JsonValue:
    return {
        "path": str(made.path),
        "bytes": made.size,
        "sealed": made.sealed,
        "events": made.report.events,
        "head": made.report.head,
        "whole": made.report.whole,
    }


def _restored_json(done: Restored) -> JsonValue:
    return {
        "lost_events": done.loss.events,
        "lost_decisions": done.loss.decisions,
        "lost_questions": done.loss.escalations,
        "finished": [*done.reconciled.finished],
        "withdrawn": [*done.reconciled.withdrawn],
        "unknown": [*done.reconciled.unknown],
        "kept": str(done.kept) if done.kept else None,
    }


def _is_sealed(path: Path) -> bool:
    from overread_queue.keeping.seal import MAGIC, is_sealed

    with path.open("rb") as file:
        return is_sealed(file.read(len(MAGIC)))


def _passphrase(*, confirm: bool) -> bytes:
    given = os.environ.get(PASSPHRASE)
    if given is None:
        given = click.prompt("passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return given.encode()
