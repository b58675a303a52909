"""The command palette: what the keys of this screen do, found by their words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from overread_console.tui.help import bindings_with_words


class BindingsProvider(Provider):
    """Every binding that has words, as a command."""

    async def discover(self) -> Hits:
        for binding in self._bindings():
            yield DiscoveryHit(
                binding.description, partial(self._run, binding), help=binding.tooltip
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for binding in self._bindings():
            score = matcher.match(f"{binding.description} {binding.tooltip}")
            if score:
                yield Hit(
                    score, binding.description, partial(self._run, binding), help=binding.tooltip
                )

    def _bindings(self) -> Iterator[Binding]:
        return (one for one in bindings_with_words(self.screen) if one.description)

    async def _run(self, binding: Binding) -> None:
        await self.screen.run_action(binding.action)
