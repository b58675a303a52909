"""`overread audit verify`: is the history on this desk the one that was written?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from overread_queue.audit.anchor import Anchor
from overread_queue.audit.checkpoint import Checkpoint, verified
from overread_queue.audit.links import Damage, Link, Walk
from overread_queue.audit.tables import Told, compared, heads
from overread_queue.errors import Forged, StoreError
from overread_queue.places import Places
from overread_queue.store.evidence import Evidence, evidence
from overread_queue.trust.roster import Roster

TOLD_EVERY = 20_000
Progress = Callable[[int, int], None]
"""Events examined so far, and how many there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an examination found. Nothing in `damage` means that everything hangs together."""

    events: int
    """That hang together, from the first one on."""
    head: str
    checkpoints: int
    """Genuine ones that the chain was held against."""
    last: Checkpoint | None
    """The newest of them: what came after it, only the chain itself vouches for."""
    damage: tuple[Damage, ...]
    """The first bad event first."""

    @property
    def whole(self) -> bool:
        return not self.damage


@dataclass(slots=True)
class _Marks:
    """Genuine checkpoints by number, and what is wrong with the others."""

    by_seq: dict[int, set[Checkpoint]] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    up_to: int | None = None
    """Later ones are about what happened after the copy that is examined."""

    def read(self, lines: Iterable[object], source: str, roster: Roster) -> set[Checkpoint]:
        genuine = set()
        for number, line in enumerate(lines, start=1):
            try:
                genuine.add(verified(line if isinstance(line, bytes) else b"", roster))
            except Forged as error:
                text = f"checkpoint {number} in {source}: {error}"
                self.damage.append(Damage("checkpoint_forged", text))
        found = {one for one in genuine if self.up_to is None or one.seq <= self.up_to}
        for one in found:
            self.by_seq.setdefault(one.seq, set()).add(one)
        return found

    def contradicted(self, walk: Walk) -> Checkpoint | None:
        """A checkpoint at the end of the walk that says another hash."""
        said = self.by_seq.get(walk.length, ())
        return next((one for one in said if one.hash != walk.head), None)

    @property
    def newest(self) -> Checkpoint | None:
        return max(set().union(*self.by_seq.values()), key=_seq, default=None)


def verify(places: Places, *, kept: Path | None = None, progress: Progress | None = None) -> Report:
    """Examine the whole history of a desk, in one picture of it.

    `kept` is a file of checkpoints that somebody kept elsewhere. Raises `StoreError` only where
    the file cannot be opened as a desk; `InvalidPolicy` where the trust folder cannot be read.
    """
    roster = Roster.load(places)
    with evidence(places.db) as found:
        return examined(found, roster, anchors(places, kept), progress=progress)


def anchors(places: Places, kept: Path | None = None) -> dict[str, list[bytes]]:
    """The lines of each file of checkpoints, by the name of the file."""
    files = [places.checkpoints_file, *([kept] if kept else [])]
    return {str(path): list(Anchor(path).lines()) for path in files}


def examined(
    found: Evidence,
    roster: Roster,
    outside: dict[str, list[bytes]],
    *,
    up_to: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """The examination itself. `outside` holds the checkpoints from outside the database; those
    beyond event `up_to` are left out."""
    marks, walk, told = _Marks(up_to=up_to), Walk(), Told()
    damage: list[Damage] = []
    try:
        _read_marks(found, marks, roster, outside)
        signed_after = heads(found)
        damage += _chain(found, walk, marks, told, signed_after, progress)
        damage += marks.damage
        damage += compared(found, told, roster)
        damage += _schema(found)
    except StoreError as error:
        text = f"the file cannot be read beyond event {walk.length} ({error})"
        damage.append(Damage("unreadable", text, walk.length + 1))
    checked = sum(map(len, marks.by_seq.values()))
    return Report(walk.length, walk.head, checked, marks.newest, tuple(damage))


def _schema(found: Evidence) -> Iterator[Damage]:
    for name in found.altered_schema():
        yield Damage("schema_altered", f"{name} is missing, planted, or not as Overread made it")


def _read_marks(
    found: Evidence, marks: _Marks, roster: Roster, outside: dict[str, list[bytes]]
) -> None:
    inside = marks.read((line for (line,) in found.checkpoints()), "the database", roster)
    for source, lines in outside.items():
        for one in sorted(marks.read(lines, source, roster) - inside, key=_seq):
            text = f"the checkpoint at event {one.seq} in {source} is not in the database"
            marks.damage.append(Damage("checkpoint_removed", text, one.seq))
    if inside and not any(outside.values()):
        text = "there is no checkpoint outside the database, so a rewritten one could not be told"
        marks.damage.append(Damage("checkpoint_removed", text))


def _chain(
    found: Evidence,
    walk: Walk,
    marks: _Marks,
    told: Told,
    signed_after: dict[object, object],
    progress: Progress | None,
) -> Iterator[Damage]:
    """At most one: behind the first bad event there is nothing to hold on to."""
    total = found.last()
    vouched, first = 0, None
    for link, following in _pairs(found):
        told.take(link)
        if first is not None:
            continue
        first = walk.step(link, following) or _rewritten(walk, marks, vouched)
        signed_after.pop(walk.head, None)
        vouched = walk.length if walk.length in marks.by_seq else vouched
        if progress and walk.length % TOLD_EVERY == 0 and isinstance(total, int):
            progress(walk.length, total)
    first = first or _short(walk, marks) or _unwitnessed(vouched, signed_after)
    if first is not None:
        yield first


def _pairs(found: Evidence) -> Iterator[tuple[Link, Link | None]]:
    """Each event with the one after it."""
    before: Link | None = None
    for cells in found.events():
        link = Link.of(cells)
        if before is not None:
            yield before, link
        before = link
    if before is not None:
        yield before, None


def _rewritten(walk: Walk, marks: _Marks, vouched: int) -> Damage | None:
    against = marks.contradicted(walk)
    if against is None:
        return None
    text = (
        f"the history was rewritten somewhere in events {vouched + 1} to {walk.length}: it hangs "
        f"together, but the desk signed another event {walk.length}"
    )
    return Damage("rewritten", text, vouched + 1)


def _short(walk: Walk, marks: _Marks) -> Damage | None:
    newest = marks.newest
    if newest is None or newest.seq <= walk.length:
        return None
    text = f"the end was cut off: the desk signed event {newest.seq}, the last one is {walk.length}"
    return Damage("truncated", text, walk.length + 1)


def _unwitnessed(vouched: int, signed_after: dict[object, object]) -> Damage | None:
    """Each decision names the event it followed: it must have been in the chain."""
    for escalation in signed_after.values():
        text = (
            f"the history was rewritten after event {vouched}: the decision on {escalation} was "
            "signed after an event that is not there any more"
        )
        return Damage("rewritten", text, vouched + 1)
    return None


def _seq(one: Checkpoint) -> int:
    return one.seq
