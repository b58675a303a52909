"""Copies of a desk, and the way back from one."""

from __future__ import annotations

from factories import House, brief
from overread_queue.ground import Ground
from overread_queue.keeping.backup import Backup, backup
from overread_queue.keeping.restore import Restored, restore
from overread_queue.models import Ticket


def copied(here: House, name: str = "copy.db", **how: object) -> Backup:
    ground = Ground(here.places, here.clock)
    try:
        return backup(ground, here.path.parent / name, **how)  # type: ignore[arg-type]
    finally:
        ground.close()


def back_to(here: House, made: Backup, **how: object) -> Restored:
    return restore(here.places, made.path, clock=here.clock, **how)  # type: ignore[arg-type]


def asked(here: House, key: str = "a", **fields: object) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(**fields), key=key)  # type: ignore[arg-type]


def drafts(here: House) -> list[str]:
    return [path.name for path in here.path.parent.iterdir() if path.name.startswith(".")]
