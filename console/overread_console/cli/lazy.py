"""Groups that import a command only when it is asked for, so that an agent's verbs start fast."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar, NamedTuple

import click


class Entry(NamedTuple):
    """Where a command lives, and its line in the help, both known without importing it."""

    target: str
    """`module:attribute` below `overread_console.cli`."""
    help: str


class LazyGroup(click.Group):
    """A group whose commands are named by module and shown under headings."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {}
    """Heading → command name → entry."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for section in self.sections.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for section in self.sections.values():
            if cmd_name in section:
                return _load(section[cmd_name].target)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, section in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name, entry.help) for name, entry in section.items()])


def _load(target: str) -> click.Command:
    module, _, attribute = target.partition(":")
    command: click.Command = getattr(import_module(f"overread_console.cli.{module}"), attribute)
    return command
