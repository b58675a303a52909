"""What could be wrong with a desk on this machine, in sentences."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from overread_queue.audit.keeper import EVERY_EVENTS
from overread_queue.clock import SystemClock
from overread_queue.errors import NetworkDisk, OverreadError
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.rights import faults
from overread_queue.places import Places
from overread_queue.stopping.halting import altered, said, standing_halts, who
from overread_queue.store.driver import SUPER_JOURNAL_FIXED, VERSION, WAL_RESET_FIXED
from overread_queue.store.evidence import evidence
from overread_queue.store.inbox import reading
from overread_queue.store.mounts import NETWORK, file_system
from overread_queue.trust.keys import load_private
from overread_queue.trust.lending import read_loans
from overread_queue.trust.people import DESK

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    text: str

    @property
    def ok(self) -> bool:
        return self.level == "ok"


def examine(path: str | Path) -> tuple[Finding, ...]:
    """Look at everything; a check that cannot be made is itself a finding."""
    places = Places.of(path)
    return tuple(finding for check in CHECKS for finding in _guarded(check, places))


def _guarded(check: Check, places: Places) -> Iterator[Finding]:
    try:
        yield from check(places)
    except (OverreadError, OSError) as error:
        yield Finding(check.__name__.strip("_"), "fail", str(error))


def _sqlite(places: Places) -> Iterator[Finding]:
    version = ".".join(map(str, VERSION))
    if VERSION < WAL_RESET_FIXED:
        text = f"{version} can corrupt a file that several programs write; install pysqlite3"
        yield Finding("sqlite", "fail", text)
    elif VERSION < SUPER_JOURNAL_FIXED:
        text = f"{version} is safe only where agents cannot write the folder; install pysqlite3"
        yield Finding("sqlite", "warn", text)
    else:
        yield Finding("sqlite", "ok", f"{version}, none of the known faults")


def _database(places: Places) -> Iterator[Finding]:
    ground = Ground(places, SystemClock())
    try:
        damage = ground.store.integrity()
    finally:
        ground.close()
    if damage and all("fts5" in one.lower() and "words" in one for one in damage):
        text = "the search index is damaged, and nothing else; run `overread search --renew`"
        yield Finding("search", "fail", text)
    elif damage:
        yield Finding("database", "fail", f"SQLite reports: {damage[0]}; restore a backup")
    else:
        yield Finding("database", "ok", f"{places.db} opens, and SQLite finds no damage")


def _history(places: Places) -> Iterator[Finding]:
    """A quick look; `overread audit verify` examines every event."""
    with evidence(places.db) as found:
        altered = found.altered_schema()
    ground = Ground(places, SystemClock())
    try:
        last = ground.keeper.last()
        with ground.store.read() as tx:
            seq, _ = tx.events.head()
    finally:
        ground.close()
    if altered:
        told = f"{', '.join(altered)}: missing, planted, or not as Overread made it"
        yield Finding("history", "fail", f"{told}; run `overread audit verify`")
    elif last is None:
        text = "no signed head is kept outside the database; run `overread audit checkpoint`"
        yield Finding("history", "fail", text)
    elif seq - last.seq > 2 * EVERY_EVENTS:
        text = (
            f"{seq - last.seq:,} events since the last signed head; can {places.trust} be written?"
        )
        yield Finding("history", "warn", text)
    else:
        # Not of how many: that would move with every answer but those to blind tests.
        yield Finding("history", "ok", f"signed up to event {last.seq:,}")


def _file_system(places: Places) -> Iterator[Finding]:
    kind = file_system(places.db)
    if kind in NETWORK:
        yield Finding("file system", "fail", str(NetworkDisk(str(places.db), kind)))
    elif kind == "9p":
        text = "9p may be a disk of another machine; only one machine may use the desk then"
        yield Finding("file system", "warn", text)
    else:
        yield Finding("file system", "ok", kind or "not known on this system")


def _trust(places: Places) -> Iterator[Finding]:
    ground = Ground(places, SystemClock())
    try:
        roster, policy = ground.roster(), ground.policy()
    finally:
        ground.close()
    for path in read_loans(places, roster.desk.id, roster.signers)[1]:
        yield Finding("loans", "fail", f"{path} is by nobody who could lend; delete it")
    signing = [one.name for one in roster.reviewers.values() if one.keys]
    yield Finding("policy", "ok", f"{policy.name}, {len(policy.actions)} action types")
    if signing:
        yield Finding("reviewers", "ok", f"{len(signing)} can sign: {', '.join(signing)}")
    else:
        yield Finding("reviewers", "fail", "nobody can sign; `overread reviewers add NAME`")
    if roster.single_operator:
        text = "single operator: people may decide for agents that act for them"
        yield Finding("separation", "warn", text)


def _halts(places: Places) -> Iterator[Finding]:
    ground = Ground(places, SystemClock())
    try:
        with ground.store.read() as tx:
            standing, changed = standing_halts(ground, tx), altered(ground, tx)
    finally:
        ground.close()
    for halt in standing:
        yield Finding("stopped", "warn", f"{said(halt)}; `overread lift` lets it go on")
    for halt in changed:
        text = f"the record of what stopped {who(halt)} was changed, although no lead lifted it"
        yield Finding("halt", "fail", f"{text}; it goes on stopping, find out who wrote there")


def _keys(places: Places) -> Iterator[Finding]:
    load_private(places.key(DESK))
    mode = stat.S_IMODE(places.keys.stat().st_mode)
    if mode & 0o077:
        yield Finding("keys", "fail", f"others can open {places.keys}; run `chmod 700` on it")
    else:
        yield Finding("keys", "ok", "only their owner can read them")


def _mailbox(places: Places) -> Iterator[Finding]:
    """Nothing to look at on a desk whose agents are its own user's."""
    if places.mailbox is None:
        return
    layout = Layout(places.mailbox)
    wrong = tuple(faults(layout))
    for fault in wrong:
        yield Finding("rights", "fail", str(fault))
    if not wrong:
        yield Finding("rights", "ok", "agents can write the inbox and read the outbox, no more")
    yield _told(places)
    with reading(layout.inbox_db):
        yield Finding("inbox", "ok", f"{layout.inbox_db} is as Overread made it")


def _told(places: Places) -> Finding:
    """A decision counts for its agent once it is in the outbox."""
    ground = Ground(places, SystemClock())
    try:
        with ground.store.read() as tx:
            untold = tx.outbox.news(most=1) is not None
    finally:
        ground.close()
    if untold:
        text = "not all that happened has been told to agents; run `overread intake`"
        return Finding("outbox", "warn", text)
    return Finding("outbox", "ok", "agents have been told of everything")


Check = Callable[[Places], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    _sqlite,
    _database,
    _history,
    _file_system,
    _trust,
    _halts,
    _keys,
    _mailbox,
)
