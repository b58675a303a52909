"""The desk's side of the inbox: exact bytes are copied once; only the copy is looked at."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from overread_queue.errors import InboxAltered, NoDesk, StoreBusy, StoreError
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import Layout
from overread_queue.store.events import Event
from overread_queue.store.inbox import MAX_ROW_BYTES, Letter, Letters, mend_side_files, reading
from overread_queue.store.table import Value
from overread_queue.trust.people import DESK

BATCH = 100
MOST_BYTES = 4 * MAX_ROW_BYTES
"""Of one reading."""
MOST_GAP = 1_000_000
"""Numbers that may be missing between two rows: of what was rolled back, or removed."""
KINDS = frozenset(
    {
        "submit",
        "revise",
        "withdraw",
        "propose",
        "take",
        "finish",
        "end",
        "acknowledge",
        "outcome",
        "rolled_back",
        "undelivered",
        "refused",
    }
)


def collect(ground: Ground) -> int:
    """Copy every new message of a mailbox; the number copied. A desk without one has nothing to do.

    A damaged or altered inbox stops nothing else on the desk: it is an event, once, and a finding
    of `overread doctor`.
    """
    if ground.places.mailbox is None:
        return 0
    path = Layout(ground.places.mailbox).inbox_db
    copied = 0
    try:
        mend_side_files(path)
        while batch := _next(ground, path):
            _keep(ground, batch)
            copied += len(batch)
    except (InboxAltered, NoDesk) as trouble:
        _note(ground, trouble)
    return copied


def _next(ground: Ground, path: Path) -> list[dict[str, Value]]:
    with ground.store.read() as tx:
        after = tx.outbox.copied()
    with suppress(StoreBusy), reading(path) as letters:
        return _readable(letters, after)
    return []  # Somebody else writes there; the next look finds it.


def _readable(letters: Letters, after: int) -> list[dict[str, Value]]:
    """The rows up to the first that is too large to read; that one alone, as a note of its size."""
    sizes = letters.sizes(after=after, most=BATCH)
    if sizes and sizes[-1][0] - after > MOST_GAP:
        why = "its rows were given numbers far beyond the last one, so that none could follow"
        raise InboxAltered(letters.source, why)
    fitting, total = after, 0
    for id, size in sizes:
        total += size
        if size > MAX_ROW_BYTES or total > MOST_BYTES:
            break
        fitting = id
    if fitting > after:
        return [_copy(one) for one in letters.after(after, upto=fitting, most=BATCH)]
    return [_too_large(*sizes[0])] if sizes else []


def _copy(letter: Letter) -> dict[str, Value]:
    kind = _text(letter.kind)
    known = kind in KINDS
    return {
        "kind": kind if known else "unreadable",
        "agent": _text(letter.agent),
        "key": _text(letter.key),
        "body": _as_inserted(letter) if known else f"{kind[:60]!a} is no kind of message",
        "checkpoint": _checkpoint(letter),
        "signature": letter.signature,
        "name": _optional(letter.name) or f"row-{letter.id}",
        "ticket": _optional(letter.ticket),
        "predecessor": _optional(letter.predecessor),
        "proposal": _optional(letter.proposal),
        "source": letter.id,
    }


def _too_large(id: int, size: int) -> dict[str, Value]:
    reason = f"the message has {size:,} bytes, {MAX_ROW_BYTES:,} at most"
    empty: dict[str, Value] = dict.fromkeys(
        ("checkpoint", "signature", "ticket", "predecessor", "proposal")
    )
    names: dict[str, Value] = {"agent": "", "key": "", "name": f"row-{id}", "source": id}
    return {"kind": "unreadable", "body": reason, **empty, **names}


def _as_inserted(letter: Letter) -> Value:
    """Text stays text and bytes stay bytes; anything else is shown to intake as what it is."""
    return letter.body if letter.body_type in ("text", "blob") else 0


def _checkpoint(letter: Letter) -> Value:
    if letter.checkpoint is None or letter.checkpoint_type in ("text", "blob"):
        return letter.checkpoint
    return 0


def _optional(value: bytes | None) -> str | None:
    return None if value is None else _text(value)[:128]


def _text(value: bytes | None) -> str:
    """Nothing where a damaged file has nothing: the table's own rules bind no hostile writer."""
    return (value or b"").decode("utf-8", "replace")


def _keep(ground: Ground, batch: list[dict[str, Value]]) -> None:
    with ground.store.write() as tx:
        for values in batch:
            tx.outbox.copy(values)


def _note(ground: Ground, trouble: StoreError) -> None:
    """Once for each process and kind, or a sweep every few seconds would fill the chain."""
    about = ("inbox", type(trouble).__name__)
    if about in ground.refused:
        return
    ground.refused.add(about)
    with ground.store.write() as tx:
        tx.events.add(Event(f"refused:{type(trouble).__name__}", DESK, ground.clock.now()))
