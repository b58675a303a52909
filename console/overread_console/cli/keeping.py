"""The verbs of whoever keeps a desk: make one, do what time asks for, examine it."""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial
from importlib import resources
from pathlib import Path

import click

from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import seconds
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.people import entry, os_user, reviewer_name
from overread_console.cli.talk import data, data_json, say
from overread_queue.clock import SystemClock
from overread_queue.errors import StoreBusy
from overread_queue.ground import Ground
from overread_queue.places import Places
from overread_queue.sweep import Sweep

_GLYPHS = {"ok": "✓", "warn": "⚠", "fail": "✗"}


@click.command()
@click.option("--name", default="Overread desk", show_default=True, help="What people call it.")
@click.option("--policy", metavar="FILE", help="The policy; default: one to start from.")
@click.option("--reviewers", metavar="FILE", help="Who decides; they get keys made for them.")
@click.option("--agents", metavar="FILE", help="Who may ask, and for what.")
@click.option(
    "--single-operator", is_flag=True, help="One person both runs the agents and reviews them."
)
@click.option(
    "--separate-users", is_flag=True, help="Agents run as other users: --db is a folder for it."
)
@click.option("--agents-group", metavar="GROUP", help="The system group of those users.")
@desk_option
def init(
    name: str,
    policy: str | None,
    reviewers: str | None,
    agents: str | None,
    single_operator: bool,
    separate_users: bool,
    agents_group: str | None,
    db: Path,
) -> Exit:
    """Make a desk: database, keys, roles, policy.

    Without --reviewers, whoever runs this becomes its first reviewer, in every role that the
    policy asks for.
    """
    from overread_queue.setup import init_desk, init_mailbox

    people = reading.settings_file(reviewers)
    if agents_group and not separate_users:
        raise click.UsageError("--agents-group goes with --separate-users")
    make = partial(init_mailbox, agents_group=agents_group) if separate_users else init_desk
    places = make(
        db,
        policy=reading.settings_file(policy) or _starter(),
        name=name,
        reviewers=people,
        agents=reading.settings_file(agents),
        single_operator=single_operator,
    )
    _let_people_in(places, first=people is None)
    data(str(places.mailbox or places.db))
    say(f"the policy is {places.policy_file}; agents must never be able to write that folder")
    say("next: `overread agents add NAME --action TYPE`, then `overread submit brief.json`")
    return Exit.DONE


@click.command()
@click.option(
    "--every", type=click.FloatRange(min=0.1), callback=seconds, help="Go on until Ctrl-C."
)
@desk_option
def sweep(every: float | None, db: Path) -> Exit:
    """Do what time asks for: lapsed leases, deadlines, the SQL inbox.

    An open console does this too, so a desk needs it only while nobody looks at it.
    """
    with closing(Ground(Places.of(db), SystemClock())) as ground:
        hands = Sweep(ground)
        data(f"{hands.run()} done")
        while every is not None:
            time.sleep(every)
            _sweep_again(hands)
    return Exit.DONE


@click.command()
@desk_option
@json_option
def doctor(db: Path, as_json: bool) -> Exit:
    """Examine a desk and say what is wrong and what to do. Ends with 1 if something is broken."""
    from overread_queue.doctor import examine

    findings = examine(db)
    if as_json:
        data_json([{"name": f.name, "level": f.level, "text": f.text} for f in findings])
    else:
        for finding in findings:
            data(f"{_GLYPHS[finding.level]} {finding.level:<4}  {finding.name}: {finding.text}")
    return Exit.FAILED if any(f.level == "fail" for f in findings) else Exit.DONE


def _sweep_again(hands: Sweep) -> None:
    """One of many sweeps: a desk that is busy now will be swept the next time."""
    try:
        done = hands.run()
    except StoreBusy as error:
        say(str(error))
    else:
        if done:
            data(f"{done} done")


def _let_people_in(places: Places, *, first: bool) -> None:
    """Make keys for reviewers who have none; the `first` is whoever makes the desk."""
    from overread_queue.policy import load_policy
    from overread_queue.setup import add_reviewer, give_key
    from overread_queue.trust.people import Reviewer
    from overread_queue.trust.roster import Roster

    if first:
        user, roles = os_user(), sorted(load_policy(places.policy_file).roles)
        you = entry(Reviewer, name=reviewer_name(user), label=user, roles=roles, user=user)
        add_reviewer(places, you)
        say(f"you are its reviewer {you.name}, as {' and '.join(roles)}")
    for person in Roster.load(places).reviewers.values():
        if not person.keys:
            give_key(places, person.name)


def _starter() -> bytes:
    return (resources.files("overread_console") / "cli" / "starter.toml").read_bytes()
