"""What a disk may hold after the power went, by what was written to it and what was flushed.

A sector of 512 bytes is whole: old or new. Of what was not flushed, any part of it may be there, in
any order; a new or deleted file is sure only once its folder is flushed, which SQLite does with the
first flush of a new file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Entry = tuple[Any, ...]
"""`("write", file, offset, bytes)`, `("truncate", file, size)`, `("sync", file)`,
`("create", file)`, `("delete", file, durable)`, or `("acknowledged", event, hash)`."""
SECTOR = 512
Piece = tuple[int, bytes | None]
"""Where, and what; None cuts the file off there."""


@dataclass
class File:
    """One file: what is sure, and what was written since."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[Piece] = field(default_factory=list)

    def flush(self) -> None:
        for piece in self.since:
            _put(self.sure, piece)
        self.since.clear()

    def left_over(self, chance: random.Random) -> bytes:
        """One of the states that it may be found in."""
        kept = chance.choice((0.0, 0.5, 0.95, 1.0, chance.random()))
        pieces = [piece for one in self.since for piece in _sectors(one) if chance.random() < kept]
        if chance.random() < 0.5:
            chance.shuffle(pieces)
        found = bytearray(self.sure)
        for piece in pieces:
            _put(found, piece)
        return bytes(found)


class Disk:
    """The database and its log, as a recorded run leaves them, entry by entry."""

    def __init__(self, database: bytes) -> None:
        self._files: dict[str, File] = {"": File(bytearray(database))}
        self._before: dict[str, File | None] = {}
        """What the folder on the disk still says of names that were made or removed."""

    def do(self, entry: Entry) -> None:
        match entry:
            case "create", name:
                self._before.setdefault(name, self._files.get(name))
                self._files[name] = File()
            case "write", name, offset, data:
                self._files[name].since.append((offset, data))
            case "truncate", name, size:
                self._files[name].since.append((size, None))
            case "sync", name:
                self._files[name].flush()
                if name in self._before:
                    self._before.clear()
            case "delete", name, durable:
                self._before.setdefault(name, self._files.pop(name))
                if durable:
                    self._before.clear()

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The power goes: the files that are found afterwards."""
        names = {**self._files}
        for name, before in self._before.items():
            if chance.random() < 0.5:
                names.pop(name, None)
                names |= {name: before} if before is not None else {}
        return {name: file.left_over(chance) for name, file in names.items()}


def _sectors(piece: Piece) -> Iterator[Piece]:
    offset, data = piece
    if data is None:
        yield piece
        return
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        yield offset + start, data[start:end]
        start = end


def _put(content: bytearray, piece: Piece) -> None:
    offset, data = piece
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def cuts(
    record: Sequence[Entry], database: bytes, *, many: int, seed: int
) -> Iterator[tuple[tuple[int, str] | None, dict[str, bytes]]]:
    """The last acknowledged event, by number and hash, and what is found after each cut."""
    chance = random.Random(seed)
    at = sorted(chance.randrange(len(record) + 1) for _ in range(many))
    disk, promised, done = Disk(database), None, 0
    for end in at:
        for entry in record[done:end]:
            if entry[0] == "acknowledged":
                promised = entry[1], entry[2]
            else:
                disk.do(entry)
        done = end
        yield promised, disk.cut(chance)
