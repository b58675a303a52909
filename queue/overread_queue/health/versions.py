"""Which versions of an agent there were, so that a new one does not come in unnoticed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

KEPT = 50
"""Versions of an agent that are remembered, the latest ones."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version, by its own name for itself."""

    name: str
    first_at: int
    proposals: int = 1


@dataclass(frozen=True, slots=True)
class VersionChart:
    """The versions of one agent, in the order in which they first proposed something."""

    known: tuple[Version, ...] = ()
    at: int = 0
    """Of the latest proposal."""

    def after(self, at: int, name: str) -> VersionChart:
        for place, version in enumerate(self.known):
            if version.name == name:
                more = replace(version, proposals=version.proposals + 1)
                return VersionChart((*self.known[:place], more, *self.known[place + 1 :]), at)
        return VersionChart((*self.known, Version(name, at))[-KEPT:], at)

    def new(self, new_for_ms: int) -> Version | None:
        """The latest version, while it is new. An agent's first one was new to nobody."""
        latest = self.known[-1] if len(self.known) > 1 else None
        return latest if latest and self.at - latest.first_at <= new_for_ms else None
