"""Going back to a backup: examined first, refused where it would lose something unsaid, and put in
place in one step. What was there is kept under another name."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from overread_briefs.fields import Parameters
from overread_queue.audit.anchor import Anchor
from overread_queue.audit.checkpoint import Signed, verified
from overread_queue.audit.tables import ERASED
from overread_queue.audit.verify import Report
from overread_queue.clock import Clock
from overread_queue.errors import Forged, InvalidRequest, Tampered, WouldLose
from overread_queue.files import flush_folder, replace_file
from overread_queue.ground import Ground
from overread_queue.keeping.backup import SIDES, checked, draft_beside
from overread_queue.keeping.copies import check_beside, plainly, written
from overread_queue.keeping.loss import Loss, loss_to
from overread_queue.keeping.reconcile import Reconciled, reconcile
from overread_queue.keeping.seal import MAGIC, is_sealed, unseal
from overread_queue.moves import Mover
from overread_queue.places import Places
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.exchange import alone
from overread_queue.trust.people import DESK
from overread_queue.trust.roster import Roster


@dataclass(frozen=True, slots=True)
class Restored:
    """A desk that went back."""

    loss: Loss
    reconciled: Reconciled
    kept: Path | None
    """Where the database that stood before is now."""


def restore(
    places: Places,
    source: Path,
    *,
    clock: Clock,
    passphrase: bytes | None = None,
    accept_loss: bool = False,
) -> Restored:
    """Put a backup in the place of the desk's database.

    Raises `WouldLose` saying what, unless `accept_loss`; `Tampered` for a backup whose checksum,
    history or signatures are wrong; `StoreInUse` while anybody has the desk open. The trust folder,
    the keys and the agents' ledgers stay as they are now.
    """
    check_beside(source)
    with draft_beside(places.db, "restore") as draft:
        written(source, draft, through=_reader(source, passphrase), replace=True)
        report = _examined(draft, places, source)
        loss = loss_to(places, report)
        if loss.any and not accept_loss:
            raise WouldLose(str(loss))
        reconciled, signed = _brought_up(draft, places, loss, report, clock)
        kept = _exchange(draft, places.db, clock.now())
    _turn_over(places, report, signed, clock.now())
    return Restored(loss, reconciled, kept)


def _reader(source: Path, passphrase: bytes | None) -> partial[None]:
    with source.open("rb") as file:
        sealed = is_sealed(file.read(len(MAGIC)))
    if sealed and passphrase is None:
        raise InvalidRequest(f"{source} is sealed; give its passphrase")
    return partial(unseal, passphrase=passphrase) if sealed and passphrase else partial(plainly)


def _examined(draft: Path, places: Places, source: Path) -> Report:
    report = checked(draft, places)
    if report.damage:
        raise Tampered(f"the backup {source} is not to be believed: {report.damage[0].text}")
    return report


def _brought_up(
    draft: Path, places: Places, loss: Loss, report: Report, clock: Clock
) -> tuple[Reconciled, Signed | None]:
    """What holds since the backup holds on the restored desk, too, and its chain says so."""
    there = Places(draft, places.trust, places.keys)
    ground = Ground(there, clock)
    try:
        if ground.desk_id != Roster.load(places).desk.id:
            raise InvalidRequest("the backup is of another desk; restore it where its keys are")
        with ground.store.write() as tx:
            now = clock.now()
            detail: Parameters = {"seq": report.events, "hash": report.head}
            tx.events.add(Event("restored", DESK, now, detail=detail))
            reconciled = reconcile(Mover(tx, DESK, now), places)
            _erase_again(tx, loss, now)
            signed = ground.keeper.write(tx, now)
        ground.store.empty_log()
    finally:
        ground.close()
    return reconciled, signed


def _erase_again(tx: Transaction, loss: Loss, now: int) -> None:
    for id in sorted(loss.erased):
        if tx.escalations.get(id) and tx.keeping.erase(id, why="restored", now=now):
            detail: Parameters = {"ground": "restored"}
            tx.events.add(Event(ERASED, DESK, now, escalation=id, detail=detail))


def _exchange(draft: Path, db: Path, now: int) -> Path | None:
    """The draft takes the place of the database, which is kept under another name."""
    if not db.exists():
        draft.rename(db)
        flush_folder(db.parent)
        return None
    kept = db.with_name(f"{db.name}.before-{now}")
    with alone(db):
        draft.chmod(stat.S_IMODE(db.stat().st_mode))
        kept.hardlink_to(db)
        for side in SIDES:
            with suppress(FileNotFoundError):  # There is one only where the file is damaged.
                db.with_name(db.name + side).rename(kept.with_name(kept.name + side))
        draft.replace(db)
        flush_folder(db.parent)
    return kept


def _turn_over(places: Places, report: Report, signed: Signed | None, now: int) -> None:
    """The file of checkpoints goes on from the backup; the one of what was lost is kept beside."""
    file, roster = places.checkpoints_file, Roster.load(places)
    lines = [line for line in Anchor(file).lines() if _is_before(line, roster, report.events)]
    if signed is not None:
        lines.append(signed.line)
    with suppress(FileNotFoundError):
        file.with_name(f"{file.name}.before-{now}").hardlink_to(file)
    replace_file(file, b"".join(line + b"\n" for line in lines))


def _is_before(line: bytes, roster: Roster, events: int) -> bool:
    try:
        return verified(line, roster).seq <= events
    except Forged:
        return False
