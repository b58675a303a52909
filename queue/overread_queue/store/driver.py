"""Which SQLite driver: `pysqlite3` where it has a wheel, else the standard one.

The choice is the one sqlite-utils makes, so that both speak of the same exception classes, and it
is made here so that an agent's process need not import sqlite-utils.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

VERSION = sqlite3.sqlite_version_info

WAL_RESET_FIXED = (3, 51, 3)
"""Older ones can corrupt a file when two connections checkpoint and write at once."""
SUPER_JOURNAL_FIXED = (3, 53, 3)
"""Older ones can be made to delete any file named in a planted journal."""
TRACELESS = (3, 42, 0)
"""From here on a full-text index forgets what is deleted from it at once, if it is told to."""

__all__ = ["SUPER_JOURNAL_FIXED", "TRACELESS", "VERSION", "WAL_RESET_FIXED", "sqlite3"]
