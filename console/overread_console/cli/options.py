"""Options that mean the same thing everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from overread_console.cli.kinds import identifier

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])


def desk_option(command: Wrapped) -> Wrapped:
    """`--db PATH` on a command; without it the group's, then OVERREAD_DB, then ./desk.db."""
    return click.option(
        "--db",
        type=click.Path(path_type=Path),
        callback=_desk,
        help="The desk's database.  [env: OVERREAD_DB; default: desk.db]",
    )(command)


def _desk(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    if value is not None:
        return value
    chosen: Path = context.find_root().params["db"]
    return chosen


def json_option(command: Wrapped) -> Wrapped:
    """`--json`: the same data for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def agent_option(command: Wrapped) -> Wrapped:
    """`--agent NAME`: who is asking."""
    return click.option(
        "--agent",
        callback=identifier,
        metavar="NAME",
        envvar="OVERREAD_AGENT",
        help="Act as it.",
    )(command)


def reviewer_option(command: Wrapped) -> Wrapped:
    """`--as NAME`: which of the desk's people is at the door."""
    return click.option(
        "--as",
        "reviewer",
        callback=identifier,
        metavar="NAME",
        help="Act as this reviewer; default: whoever you are.",
    )(command)
