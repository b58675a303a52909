"""Desks whose records are taken out, and what a reader finds in the files."""

from __future__ import annotations

import csv
import getpass
import json
from pathlib import Path

from factories import NOON, House, brief, house
from journey import pass_time, raw
from overread_briefs.fields import Parameters
from overread_queue import LeadOffice
from overread_queue.clock import new_id
from overread_queue.exporting.wish import Exported, Format, What, Wish
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import Reviewer

DAY = 86_400_000
WHATS: tuple[What, ...] = ("sessions", "decisions", "escalations", "events")
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet")


def with_lead(folder: Path, **how: bool) -> House:
    """A desk with a lead, lea."""
    here = house(folder, **how)  # type: ignore[arg-type]
    lead = Reviewer(name="lea", label="Lea", roles=("lead",), user=(getpass.getuser(),))
    add_reviewer(here.places, lead)
    return here


def office(here: House, name: str = "lea") -> LeadOffice:
    return LeadOffice.open(here.path, reviewer=name, clock=here.clock)


def wish(what: What, format: Format = "jsonl", **how: bool) -> Wish:
    return Wish(what, format, NOON - DAY, NOON + DAY, **how)


def taken(here: House, wished: Wish, name: str = "out") -> tuple[Path, Exported]:
    """A file beside the desk."""
    target = here.path.parent / f"{name}.{wished.format}"
    with office(here) as lea:
        return target, lea.export(wished, target, replace=True)


def rows(here: House, what: What, **how: bool) -> list[Parameters]:
    path, _ = taken(here, wish(what, **how))
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def worked_desk(folder: Path) -> House:
    """One session of ana's: an approval, a change, a no, a question handed on; and one waiting."""
    here = with_lead(folder)
    with here.agent() as queue:
        for turn, amount in enumerate((10, 20, 30, 40)):
            queue.submit(brief(amount=amount), key=f"k{turn}")
    with here.desk() as ana:
        session = ana.start_session(max_items=4)
        options = ("approve", "change", "reject", "hand-on")
        for item, option in zip(session.items, options, strict=True):
            review = ana.open(item)
            changed = {"amount": 12.5} if option == "change" else None
            ana.decide(review, option=option, parameters=changed, reason=f"because of {option}")
            pass_time(here, 11)
            ana.release_due()
        ana.end_session(session)
    with here.agent() as queue:
        queue.submit(brief(amount=50), key="waiting")
    return here


def plant(here: House, number: int) -> None:
    """Copies of the first question, as if it had been asked so many times, a millisecond apart."""
    with raw(here.path) as db:
        (first,) = db.execute("SELECT id FROM escalation ORDER BY id LIMIT 1").fetchone()
        db.execute("CREATE TEMP TABLE copy (id TEXT, turn INTEGER)")
        db.execute("BEGIN")
        ids = ((new_id(NOON + turn), turn) for turn in range(number))
        db.executemany("INSERT INTO copy VALUES (?, ?)", ids)
        for table, name in (("escalation", "id"), ("payload", "escalation")):
            names = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
            told = [_planted(one, name) for one in names]
            db.execute(
                f"INSERT INTO {table} SELECT {', '.join(told)} FROM copy AS c, {table} AS t"
                f" WHERE t.{name} = ?",
                (first,),
            )
        db.execute("COMMIT")


def _planted(column: str, name: str) -> str:
    told = {name: "c.id", "key": "'p' || c.turn", "created_at": "t.created_at + c.turn"}
    return told.get(column, f"t.{column}")
