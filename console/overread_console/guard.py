"""The last guard before a stream: what somebody forgot to make visible is made visible here."""

from __future__ import annotations

from overread_briefs.visible import is_hidden, visible


def guarded(line: str) -> str:
    """One line of ours, safe to print.

    What it quotes was made visible when it was built; doing that twice would garble the marks, so
    it is done again only where something was missed.
    """
    if line.isprintable() and line.isascii():
        return line
    return visible(line) if any(map(is_hidden, line)) else line
