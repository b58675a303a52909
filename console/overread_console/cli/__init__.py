"""The `overread` command: thin groups, each command imported only when it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from overread_briefs.errors import BriefError
from overread_console.cli.exits import Exit, exit_for
from overread_console.cli.root import root
from overread_console.cli.talk import misused, refuse, say, tell_defects
from overread_queue.errors import OverreadError


def main() -> None:
    """Entry point of the `overread` command.

    What a terminal has no character for is escaped, and never ends the program.
    """
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    tell_defects()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; what went wrong is a sentence on stderr."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except click.ClickException as error:
        misused(error)
        return error.exit_code
    except (OverreadError, BriefError) as error:
        refuse(error)
        return exit_for(error)
    except (KeyboardInterrupt, click.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _leave_stdout()
        return Exit.CLOSED_PIPE
    except OSError as error:
        say(f"overread: {error.filename or 'a file'}: {error.strerror}")
        return Exit.FAILED
    return code


def _invoke(arguments: Sequence[str]) -> int:
    """What `Group.main` does, without its own handling of pipes and interrupts."""
    try:
        with root.make_context("overread", list(arguments)) as context:
            code: int | None = root.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return code or Exit.DONE


def _leave_stdout() -> None:
    """Point stdout elsewhere, so that the interpreter's last flush does not fail as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
