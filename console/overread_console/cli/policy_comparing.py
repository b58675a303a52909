"""What a change of policy changes: by its cells, and by what agents really proposed."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.periods import since_option
from overread_console.cli.policy_files import candidate, in_force, parsed
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_console.flow.figures import bounds
from overread_console.flow.words import count, tier_words
from overread_queue.measure.intervals import Interval
from overread_queue.numbers import change, percent
from overread_queue.office import LeadOffice
from overread_queue.policy import diff as comparing
from overread_queue.policy.changes import Change
from overread_queue.policy.diff import Moved, PolicyDiff
from overread_queue.policy.model import Policy
from overread_queue.policy.replay import Replay, Shift

_DIFF = TypeAdapter(PolicyDiff)
_REPLAY = TypeAdapter(Replay)
_NOBODY_KNOWS = (
    "none of these is known to have been bad, so nobody can say what would newly be missed"
)


@click.command()
@click.argument("old", metavar="[OLD]")
@click.argument("new", required=False, metavar="NEW")
@desk_option
@json_option
def diff(old: str, new: str | None, db: Path, as_json: bool) -> Exit:
    """Which cases get less attention under NEW, and which get more.

    With one file, it is compared with the policy in force.
    """
    before = in_force(db) if new is None else parsed(old)
    found = comparing.diff(before, parsed(new or old))
    if as_json:
        data_json(_diff_json(found))
    else:
        _page(found)
        _say_who_signs(before, found)
    return Exit.DONE


@click.command()
@click.argument("new", metavar="NEW")
@since_option("90d")
@reviewer_option
@desk_option
@json_option
def simulate(new: str, since: int, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Replay what agents proposed under another policy: rates before and after, and minutes."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        replay = office.simulate(candidate(new), source=new, since=since)
    if as_json:
        data_json(_replay_json(replay))
    elif replay.actions:
        _replayed(replay)
    if not replay.actions:
        say(
            f"nothing was proposed since {day_and_time(since)} that is over, so there is nothing "
            "to replay; what waits for an answer is told of once it has one"
        )
    return Exit.DONE


def _page(found: PolicyDiff) -> None:
    for word, moved in (("loosened", found.loosened), ("tightened", found.tightened)):
        eased = [one for one in found.changes if one.direction == word]
        if moved or eased:
            data(word.upper())
            _moves(moved)
            _changes(eased)
    others = [one for one in found.changes if one.direction == "changed"]
    if others:
        data("HANDLED OTHERWISE")
        _changes(others)
    for action in found.sampled:
        paragraph(f"{action} has too many cells to compare each: what is said is from a sample")
    if not (found.loosened or found.tightened or found.changes or found.sampled):
        data("no case is handled otherwise")


def _moves(moved: tuple[Moved, ...]) -> None:
    for one in moved:
        tiers = f"{tier_words(one.before)} → {tier_words(one.after)}"
        paragraph(f"{one.action}: {tiers} in {count(one.cells, 'cell')}", indent=2)
        columns([("where", one.where), ("such as", one.example)], indent=4)


def _changes(changes: list[Change]) -> None:
    columns([(one.key, f"{one.before} → {one.after}") for one in changes], indent=2)


def _say_who_signs(before: Policy, found: PolicyDiff) -> None:
    """The policy in force says who must agree to its successor."""
    asked = dict.fromkeys(before.signoff.activate)
    if found.loosens:
        asked |= dict.fromkeys(before.signoff.loosen)
    if asked:
        say(f"to put it into force, it must be signed as {', '.join(asked)}")


def _diff_json(found: PolicyDiff) -> JsonValue:
    shape: dict[str, JsonValue] = _DIFF.dump_python(found, mode="json")
    return {"loosens": found.loosens, **shape}


def _replayed(replay: Replay) -> None:
    head = ("action", "proposals", "to a person", "would be", "change", "minutes of review")
    grid(head, [_shift(one) for one in replay.shifts])
    heading(f"{replay.minutes:+,.0f} minutes of review in all")
    for line in _beside(replay):
        paragraph(line)


def _shift(one: Shift) -> tuple[str, ...]:
    return (
        one.action_type,
        f"{one.actions:,}",
        _share(one.before),
        _share(one.after),
        f"{change(one.change.estimate)} ({change(one.change.low)} to {change(one.change.high)})",
        f"{one.minutes_before:,.0f} → {one.minutes_after:,.0f}",
    )


def _share(found: Interval) -> str:
    return f"{percent(found.estimate)} ({bounds(found, 'share')})"


def _beside(replay: Replay) -> list[str]:
    """What the figures do not say, and the bad cases that nobody would see any more."""
    lines = ["shares in brackets are 95 % intervals", replay.caveat]
    if replay.unreadable:
        lines.append(f"{count(len(replay.unreadable), 'record')} cannot be read and do not count")
    if not replay.bad:
        return [*lines, _NOBODY_KNOWS]
    missed = f"{len(replay.missed)} of {replay.bad} known to have been bad would newly be missed"
    each = [
        f"{one.proposal}: {one.action_type}, {tier_words(one.before)} → {tier_words(one.after)}"
        for one in replay.missed
    ]
    return [*lines, missed, *each]


def _replay_json(replay: Replay) -> JsonValue:
    shape: dict[str, JsonValue] = _REPLAY.dump_python(replay, mode="json")
    return {"actions": replay.actions, "minutes": replay.minutes, **shape}
