"""The desk's ear: `overread intake`, once or for as long as it runs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from threading import Event

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option
from overread_console.cli.talk import data, say
from overread_queue.clock import SystemClock
from overread_queue.errors import NotAllowed
from overread_queue.ground import Ground
from overread_queue.places import Places


@click.command()
@click.option("--follow", is_flag=True, help="Go on until Ctrl-C; a desk of many users needs one.")
@click.option("--renew", is_flag=True, help="Put an altered inbox away, and make an empty one.")
@desk_option
def intake(follow: bool, renew: bool, db: Path) -> Exit:
    """Take in what agents have said, and write what they wait for into the outbox.

    Every open console and every `overread sweep` does it too. Agents of other users act on no
    approval once they have heard nothing of the desk for ten minutes, so keep one running.
    """
    from overread_queue.mailbox import following

    with closing(Ground(Places.of(db), SystemClock())) as ground:
        if renew:
            _renew(ground)
        if not follow:
            data(f"{following.intake(ground)} taken in")
            return Exit.DONE
        for handled in following.follow(ground, Event()):
            if handled:
                data(f"{handled} taken in")
    return Exit.DONE


def _renew(ground: Ground) -> None:
    from overread_queue.mailbox.layout import Layout
    from overread_queue.mailbox.making import renew_inbox

    if ground.places.mailbox is None:
        raise NotAllowed("only a mailbox has an inbox of its own; this desk has none to renew")
    with ground.store.read() as tx:
        after = tx.outbox.copied()
    aside = renew_inbox(Layout(ground.places.mailbox), after=after)
    say(f"the old inbox is in {aside}")
