"""A desk with a history, and what whoever can write its file can do to it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from factories import House, brief, house
from journey import raw, settle
from overread_briefs.canonical import event_sha256
from overread_queue.audit.verify import Report
from overread_queue.clock import ManualClock
from overread_queue.ground import Ground
from overread_queue.places import Places


def written_history(folder: Path) -> House:
    """A desk with a history: an approval that was carried out, a withdrawal, a refusal."""
    desk = house(folder)
    with desk.agent() as queue:
        ticket = queue.submit(brief())
        settle(desk, ticket, "approve")
        with queue.resume(ticket):
            pass
        taken_back = queue.submit(brief(amount=3), key="taken-back")
        queue.withdraw(taken_back)
        refused = queue.submit(brief(amount=4), key="refused")
    settle(desk, refused, "reject")
    with desk.desk() as ana:
        ana.sweep()
    return desk


def copy_of(original: House, folder: Path) -> House:
    """The same desk somewhere else, to do things to."""
    shutil.copytree(original.path.parent, folder / "copy")
    return House(Places.of(folder / "copy" / "desk.db"), ManualClock(original.clock.now()))


def attack(path: Path, *statements: str, **values: object) -> None:
    """Change the file with every guard down, and put the guards back as they were."""
    with raw(path) as db:
        found = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for trigger in found:
            db.execute(f"DROP TRIGGER {trigger['name']}")
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            db.execute(statement, values)
        for trigger in found:
            db.execute(trigger["sql"])


def length(path: Path) -> int:
    with raw(path) as db:
        last: int = db.execute("SELECT max(seq) FROM event").fetchone()[0]
    return last


def rehash(path: Path, first: int, last: int | None = None) -> None:
    """Compute every hash from `first` on anew, as somebody does who knows how."""
    with raw(path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        rows = db.execute("SELECT * FROM event WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
        before = db.execute("SELECT hash FROM event WHERE seq = ?", (first - 1,)).fetchone()
        previous = before["hash"] if before else "0" * 64
        for row in rows:
            if last is not None and row["seq"] > last:
                break
            body = {k: row[k] for k in ("seq", "at", "actor", "kind", "agent", "run", "escalation")}
            hash = event_sha256(previous, {**body, "detail": json.loads(row["detail"])})
            db.execute(
                "UPDATE event SET previous = ?, hash = ? WHERE seq = ?",
                (previous, hash, row["seq"]),
            )
            previous = hash
        db.execute(
            "CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event\n"
            "BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END"
        )


def checkpointed(here: House) -> None:
    """Sign the head as it is now."""
    ground = Ground(here.places, here.clock)
    ground.checkpoint(early=True)
    ground.close()


def asked(here: House, key: str = "asked") -> None:
    with here.agent() as queue:
        queue.submit(brief(amount=11), key=key)


def first_damage(report: Report) -> tuple[str, int | None]:
    assert report.damage, "nothing was found"
    return report.damage[0].kind, report.damage[0].seq
