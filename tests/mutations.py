"""A desk with everything on it, altered at random, and what its agent is told afterwards.

Whatever is altered, what an agent is handed is what a reviewer signed, on what it had asked; and
what it is told instead is one of Overread's own refusals.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from factories import House, brief
from journey import raw, settle
from overread_briefs import Action, Decision
from overread_briefs.decision import Envelope
from overread_briefs.errors import BriefError
from overread_queue import AgentQueue
from overread_queue.errors import OverreadError
from overread_queue.places import Places
from overread_queue.store.driver import sqlite3
from two_people import dual_house

BOT = "refund-agent"
TABLES = (
    *("escalation", "payload", "decision", "opinion") * 4,
    "delivery",
    "run",
    "policy",
    "event",
    "halt",
    "action",
    "desk",
)
WORDS = (
    None,
    "",
    "approve",
    "reject",
    "modify",
    "DECIDED",
    "WAITING",
    "SUPERSEDED",
    "approval",
    "soft_review",
    "audit",
    "hard_stop",
    "autonomous",
    "ana",
    "ben",
    "ana-agent",
    "seniors",
    "halted",
    "{}",
    "[]",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"",
    0,
    1,
    -1,
    2**62,
    2**63 - 1,
)


@dataclass(frozen=True)
class Honest:
    """What was signed, by escalation: the envelope, and the action that it releases."""

    here: House
    signed: dict[str, tuple[Envelope, Action]]
    asked: tuple[str, ...]


def furnished(folder: Path) -> Honest:
    """Approved, changed, refused and approved by two; waiting, held by one opinion, and asked."""
    here = dual_house(folder)
    with here.agent() as queue:
        tickets = [
            queue.submit(brief(f"Number {n}?", amount=n, action_type=kind), key=f"k{n}").id
            for n, kind in enumerate(["mail.send"] * 4 + ["payments.refund"] * 2, start=1)
        ]
        approved, changed, refused, _, two, one = tickets
        settle(here, approved, "approve")
        settle(here, changed, "change", parameters={"amount": 40.0})
        settle(here, refused, "reject")
        for who in ("ana", "ben"):
            settle(here, two, "approve", reviewer=who)
        settle(here, one, "approve")
        found = {id: queue.poll(id) for id in tickets}
    signed = {id: (one.envelope, one.action) for id, one in found.items() if one is not None}
    assert len(signed) == 4
    return Honest(here, signed, tuple(tickets))


class Vandal:
    """Alters a copy of the desk, and looks at it as the agent does."""

    def __init__(self, honest: Honest, folder: Path, seed: int) -> None:
        self._honest, self._folder = honest, folder
        self._random = random.Random(seed)
        self.told: Counter[str] = Counter()
        self.alterations = 0

    def mutate(self, times: int) -> None:
        """Each time a fresh copy with one to eight alterations."""
        for number in range(times):
            here = self._copy(self._honest.here, pinned=number % 2 == 0)
            with raw(here.path) as db:
                _unguard(db)
                for _ in range(self._random.randint(1, 8)):
                    with suppress(sqlite3.Error):
                        self._alter(db)
            with self._telling(), here.agent() as queue:
                for id in self._honest.asked:
                    with self._telling():
                        self._check(id, queue.poll(id))
                        self._check(id, self._resumed(queue, id))

    def _copy(self, honest: House, *, pinned: bool) -> House:
        """The database afresh, with the same trust folder, and a ledger that has used nothing."""
        self._folder.mkdir(exist_ok=True)
        for old in self._folder.glob("altered.*"):
            old.unlink() if old.is_symlink() or old.is_file() else shutil.rmtree(old)
        places = Places(self._folder / "altered.db")
        places.trust.symlink_to(honest.places.trust)
        shutil.copyfile(honest.path, places.db)
        if pinned:
            shutil.copytree(honest.places.ledger, places.ledger)
        return House(places, honest.clock)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (OverreadError, BriefError) as refusal:
            self.told[type(refusal).__name__] += 1

    def _resumed(self, queue: AgentQueue, id: str) -> Decision:
        go = queue.resume(id)
        assert go.action == go.decision.action
        return go.decision

    def _check(self, id: str, decision: Decision | None) -> None:
        if decision is None:
            self.told["pending"] += 1
            return
        assert id in self._honest.signed, f"nobody decided {id}: {decision}"
        envelope, action = self._honest.signed[id]
        assert decision.envelope == envelope
        assert not decision.releases or decision.action == action
        self.told["as signed"] += 1

    # -- alterations

    def _alter(self, db: sqlite3.Connection) -> None:
        table = self._random.choice(TABLES)
        self.alterations += 1
        columns = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
        rows = [row[0] for row in db.execute(f"SELECT rowid FROM {table}")]
        if not rows:
            return
        one, column = self._random.choice(rows), self._random.choice(columns)
        self._random.choice((self._set, self._set, self._flip, self._swap, self._remove))(
            db, table, column, one
        )

    def _set(self, db: sqlite3.Connection, table: str, column: str, one: int) -> None:
        value = self._random.choice(WORDS)
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, one))

    def _flip(self, db: sqlite3.Connection, table: str, column: str, one: int) -> None:
        """A few bytes of it, whatever it is."""
        (old,) = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (one,)).fetchone()
        data = bytearray(old if isinstance(old, bytes) else str(old).encode())
        for _ in range(self._random.randint(1, 4)):
            if data:
                data[self._random.randrange(len(data))] = self._random.randrange(256)
        new = bytes(data)
        value = new if isinstance(old, bytes) else new.decode("utf-8", "replace")
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, one))

    def _swap(self, db: sqlite3.Connection, table: str, column: str, one: int) -> None:
        """What stands in another row."""
        others = [row[0] for row in db.execute(f"SELECT {column} FROM {table}")]
        value = self._random.choice(others)
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, one))

    def _remove(self, db: sqlite3.Connection, table: str, column: str, one: int) -> None:
        db.execute(f"DELETE FROM {table} WHERE rowid = ?", (one,))


def _unguard(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA ignore_check_constraints = ON")
    for name in list(_triggers(db)):
        db.execute(f"DROP TRIGGER {name}")


def _triggers(db: sqlite3.Connection) -> Iterator[str]:
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        yield name
