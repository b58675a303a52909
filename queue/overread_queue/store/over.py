"""When figures and lists may tell of real work: once it is over.

While it is open, or the session goes on in which it was answered, a number that moved with it would
tell it from a blind test, with which none moves.
"""

from __future__ import annotations

FORGOTTEN_MS = 43_200_000
"""A session that began so long ago counts as over, although nobody ended it."""
UNASKED_MS = 3_600_000
"""After that long without a question, a proposal is told of by itself."""
