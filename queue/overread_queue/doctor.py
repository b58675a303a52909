"""What could be wrong with a desk on this machine, in sentences."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from overread_queue.clock import SystemClock
from overread_queue.errors import OverreadError
from overread_queue.ground import Ground
from overread_queue.halting import altered, said, standing_halts, who
from overread_queue.places import Places
from overread_queue.store.driver import SUPER_JOURNAL_FIXED, VERSION, WAL_RESET_FIXED
from overread_queue.trust.keys import load_private
from overread_queue.trust.lending import read_loans
from overread_queue.trust.people import DESK

Level = Literal["ok", "warn", "fail"]
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "glusterfs", "ceph"})


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
    if damage:
        yield Finding("database", "fail", f"SQLite reports: {damage[0]}; restore a backup")
    else:
        yield Finding("database", "ok", f"{places.db} opens, and SQLite finds no damage")


def _file_system(places: Places) -> Iterator[Finding]:
    kind = _kind_of(places.db.resolve())
    if kind in NETWORK:
        text = f"{kind} is a network file system, where WAL loses data; move the desk to a disk"
        yield Finding("file system", "fail", text)
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
            standing, changed = standing_halts(tx), altered(tx)
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


def _kind_of(path: Path) -> str:
    """File-system type of the mount that holds `path`; empty where the kernel does not tell."""
    try:
        table = Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return ""
    mounts = [line.split()[1:3] for line in table.splitlines() if len(line.split()) > 2]
    holding = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
    return max(holding, key=lambda one: len(one[0]), default=("", ""))[1]


Check = Callable[[Places], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (_sqlite, _database, _file_system, _trust, _halts, _keys)
