"""What the database could not do, told apart: what is safe, and what to do next."""

from __future__ import annotations

from overread_queue.errors.base import OverreadError


class StoreError(OverreadError):
    """The database could not do what was asked."""


class StoreBusy(StoreError):
    """Somebody else is writing."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__(
            f"{path} was locked by another program for {seconds:g} s; nothing was written. "
            "Try again; if it stays locked, find the program that holds it"
        )


class StoreReadOnly(StoreError):
    """The file or its folder cannot be written, or there is no such folder."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be written; check that its folder is there, and owner and mode of both"
        )


class StoreFull(StoreError):
    """The disk is full."""

    def __init__(self, path: str, *, freed: bool = False) -> None:
        now = "The desk gave up its reserve, so it works if you do it again now. " if freed else ""
        super().__init__(
            f"the disk under {path} is full; nothing was written. {now}Free some space"
            f"{'' if freed else ' and try again'}"
        )
        self.freed = freed


class TooManyFiles(StoreError):
    """This process, or the machine, has no file handle left."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be opened: this program has as many files open as it may. Nothing was "
            "written, and nothing is damaged. Close what is not needed, or raise `ulimit -n`"
        )


class NetworkDisk(StoreError):
    """The desk is on a disk of another machine."""

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(
            f"{path} is on {kind}, a network file system, where two machines overwrite each "
            "other's writes unseen; move the desk to a disk of this machine"
        )
        self.kind = kind


class StoreCorrupt(StoreError):
    """SQLite says the file is damaged."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"{path} is damaged ({detail}); stop writing, keep a copy, restore a backup"
        )


class StoreReplaced(StoreError):
    """Another file is at the path, or none."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was replaced or moved away while it was open; nothing was written. "
            "Open the desk again"
        )


class StoreInUse(StoreError):
    """Somebody has the desk open, and this needs it alone."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"somebody has {path} open; nothing was changed. Stop the agents, close the consoles "
            "and sweeps, and try again"
        )


class InboxAltered(StoreError):
    """The agents' inbox is not the file that Overread made. Nothing in it is read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} was altered: {why}. Nothing in it is read; keep a copy to look at, then "
            "`overread intake --renew` makes an empty one, and agents submit again"
        )
        self.why = why


class NotADesk(StoreError):
    """The file exists but is not an Overread desk."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is not an Overread desk; check the path, or make one with `overread init`"
        )


class NewerSchema(StoreError):
    """A newer program wrote this desk."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}, this program knows {known}; upgrade Overread. "
            "Nothing was written"
        )


class NoDesk(StoreError):
    """There is no file at the path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no desk at {path}; make one with `overread init --db {path}`")
