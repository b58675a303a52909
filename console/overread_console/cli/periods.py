"""Times on a command line: `90d` before now or ahead of it, or a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from overread_console.cli.options import Wrapped
from overread_queue.clock import SystemClock
from overread_queue.policy.durations import seconds


def since_option(default: str) -> Callable[[Wrapped], Wrapped]:
    """`--since 90d` or `--since 2026-08-01`, as UTC milliseconds."""
    return click.option(
        "--since",
        default=default,
        show_default=True,
        callback=moment,
        metavar="TIME",
        help="From then on: 90d, 12h, or a day such as 2026-08-01 (UTC).",
    )


def until_option(command: Wrapped) -> Wrapped:
    """`--until`, the first moment that does not count; without it, now."""
    return click.option(
        "--until",
        default="0s",
        callback=moment,
        metavar="TIME",
        help="Up to then, written the same way; default: now.",
    )(command)


def moment(context: click.Context, parameter: click.Parameter, value: str) -> int:
    """A length of time before now, or the first moment of a day, as UTC milliseconds."""
    try:
        return _start_of(value) if "-" in value else _before_now(context, value)
    except (ValueError, OverflowError) as error:
        told = "write 90d, 12h or 30m before now, or a day such as 2026-08-01"
        raise click.BadParameter(f"{value!a} is no time; {told}") from error


def ahead(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """A length of time from now, a day (UTC), or a date-time with its zone, as UTC milliseconds."""
    if value is None:
        return None
    try:
        return _exactly(value) if "-" in value else SystemClock().now() + seconds(value) * 1000
    except (ValueError, OverflowError) as error:
        told = "write 3d or 12h from now, a day such as 2026-12-31, or 2026-12-31T18:00:00Z"
        raise click.BadParameter(f"{value!a} is no time; {told}") from error


def _exactly(text: str) -> int:
    if "T" not in text:
        return _start_of(text)
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return round(moment.timestamp() * 1000)


def _before_now(context: click.Context, text: str) -> int:
    """Both ends of a period are measured from one moment."""
    now: int = context.meta.setdefault(__name__, SystemClock().now())
    return max(now - seconds(text) * 1000, 0)


def _start_of(day: str) -> int:
    midnight = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=dt.UTC)
    return max(int(midnight.timestamp() * 1000), 0)
