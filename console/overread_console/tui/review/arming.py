"""When a key is meant: not while held down, not typed ahead, not out of a paste."""

from __future__ import annotations

from collections.abc import Mapping

FRESH_MS = 400
"""How long a card is on show before a key can decide it: no finger is that fast on purpose."""
SAME_MS = 400
"""Silence of the same key before it approves: a held key repeats faster than that."""
HELD_MS = 1_000
"""… where it was last pressed before this card: a key held down waits that long at most before it
starts to repeat."""
OTHER_MS = 100
"""Silence of all other keys before one approves: nobody types that fast, a paste does."""
_LONG_AGO = -1_000_000


class Arming:
    """Knows what was pressed when. Times are of the console's clock, in milliseconds."""

    def __init__(self, now: int) -> None:
        self._shown_at = now
        self._last: dict[str, int] = {}
        self._before: Mapping[str, int] = {}

    def shown(self, now: int) -> None:
        """Something new to read has come up."""
        self._shown_at = now

    def pressed(self, key: str, now: int) -> None:
        """A key arrived, before it does anything."""
        self._before = dict(self._last)
        self._last[key] = now

    def fresh(self, now: int) -> bool:
        """Whether the card has only just come up. A clock that went back makes nothing fresh."""
        return 0 <= now - self._shown_at < FRESH_MS

    def meant(self, key: str, now: int) -> bool:
        """Whether the press that has just arrived may approve."""
        same = self._before.get(key, _LONG_AGO)
        others = (at for pressed, at in self._before.items() if pressed != key)
        quiet = HELD_MS if same <= self._shown_at else SAME_MS
        return now - same >= quiet and now - max(others, default=_LONG_AGO) >= OTHER_MS
