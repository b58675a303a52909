"""Who decides: the reviewers of a desk and their keys."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.onlooker import places_of
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.people import entry
from overread_console.cli.periods import ahead
from overread_console.cli.talk import data, data_json, say, table
from overread_console.cli.times import day_and_time
from overread_queue.clock import SystemClock
from overread_queue.staffing import Staff
from overread_queue.trust.allowed_signers import allowed_signers
from overread_queue.trust.keys import fingerprint
from overread_queue.trust.lending import Loan
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster

_COMPROMISED = click.option(
    "--compromised", is_flag=True, help="Somebody else has the key: distrust all it ever signed."
)


@click.group()
def reviewers() -> None:
    """Who decides, in which roles, with which keys."""


@reviewers.command("add")
@click.argument("name", callback=identifier)
@click.option("--role", "roles", multiple=True, required=True, metavar="R", help="Repeat for more.")
@click.option("--label", metavar="TEXT", help="The name that colleagues see.")
@click.option("--user", metavar="USER", help="Operating-system user; default: NAME.")
@click.option("--key", metavar="FILE", help="An Ed25519 .pub file; default: make a key.")
@click.option("--from", "begin", callback=ahead, metavar="TIME", help="Decides nothing before.")
@click.option("--until", "end", callback=ahead, metavar="TIME", help="Decides nothing after.")
@reviewer_option
@desk_option
def add_reviewer_(
    name: str,
    roles: tuple[str, ...],
    label: str | None,
    user: str | None,
    key: str | None,
    begin: int | None,
    end: int | None,
    reviewer: str | None,
    db: Path,
) -> Exit:
    """Add a reviewer. Without a public key, one is made and kept beside the desk."""
    line = reading.public_key(key)
    person = entry(
        Reviewer,
        name=name,
        label=label or name,
        roles=roles,
        user=user or name,
        keys=(line,) if line else (),
    ).model_copy(update={"valid_from": begin, "valid_until": end})
    with Staff.open(db, reviewer=reviewer) as staff:
        staff.add_reviewer(person)
    data(name)
    if line is None:
        _say_where(db, name)
    return Exit.DONE


@reviewers.command("revoke")
@click.argument("name", callback=identifier)
@_COMPROMISED
@reviewer_option
@desk_option
def revoke(name: str, compromised: bool, reviewer: str | None, db: Path) -> Exit:
    """From now on somebody decides nothing, and approvals of theirs are not acted on any more."""
    with Staff.open(db, reviewer=reviewer) as staff:
        unheld = staff.revoke(name, compromised=compromised)
    data(f"{name} decides nothing any more")
    for role in unheld:
        say(f"nobody holds the role {role} now: what waits for it only times out")
    return Exit.DONE


@reviewers.command("rotate")
@click.argument("name", callback=identifier)
@click.option("--key", metavar="FILE", help="An Ed25519 .pub file; default: make a key.")
@_COMPROMISED
@reviewer_option
@desk_option
def rotate(name: str, key: str | None, compromised: bool, reviewer: str | None, db: Path) -> Exit:
    """Give somebody another key. What the old one signed still verifies, unless compromised."""
    line = reading.public_key(key)
    with Staff.open(db, reviewer=reviewer) as staff:
        person = staff.rotate(name, line=line, compromised=compromised)
    data(f"{name} signs with {fingerprint(person.keys[0])}")
    if line is None:
        _say_where(db, name)
    return Exit.DONE


@reviewers.command("delegate")
@click.argument("role", callback=identifier)
@click.option("--to", required=True, callback=identifier, metavar="NAME", help="A reviewer.")
@click.option("--until", callback=ahead, metavar="TIME", help="3d, 12h, a day, or a moment.")
@click.option("--end", is_flag=True, help="It ends now.")
@reviewer_option
@desk_option
def delegate(
    role: str, to: str, until: int | None, end: bool, reviewer: str | None, db: Path
) -> Exit:
    """Lend a role of yours to a colleague until a moment; their decisions say from whom it is."""
    if end == (until is not None):
        raise click.UsageError("say when it ends: --until TIME, or --end for now")
    with Staff.open(db, reviewer=reviewer) as staff:
        loan = staff.lend(role, to=to, until=until or 0)
    told = "ended" if end else f"until {day_and_time(loan.until)}"
    data(f"{to} decides as {loan.capacity}, {told}")
    return Exit.DONE


@reviewers.command("list")
@desk_option
@json_option
def list_reviewers(db: Path, as_json: bool) -> Exit:
    """The reviewers of a desk."""
    roster, now = Roster.load(places_of(db)), SystemClock().now()
    found = roster.reviewers.values()
    if as_json:
        data_json([_shape(one, roster.lent_to(one.name, now)) for one in found])
    else:
        lines = [(r.name, r.label, _standing(r, now), _roles(r, roster, now)) for r in found]
        table([("reviewer", "name", "decides", "roles"), *lines])
    return Exit.DONE


@reviewers.command("allowed-signers")
@desk_option
def allowed_signers_(db: Path) -> Exit:
    """The keys that count here, as the file that `ssh-keygen -Y verify -f` reads."""
    for line in allowed_signers(Roster.load(places_of(db))).splitlines():
        data(line)
    return Exit.DONE


def _say_where(db: Path, name: str) -> None:
    say(f"the private key is {places_of(db).key(name)}; whoever reads it can decide as {name}")


def _standing(one: Reviewer, now: int) -> str:
    if one.revoked_at is not None and one.revoked(now):
        return f"no, revoked {day_and_time(one.revoked_at)}"
    if one.valid_from is not None and now < one.valid_from:
        return f"from {day_and_time(one.valid_from)}"
    if one.valid_until is None:
        return "yes" if one.keys else "no, without a key"
    return f"{'until' if one.in_force(now) else 'no, over'} {day_and_time(one.valid_until)}"


def _roles(one: Reviewer, roster: Roster, now: int) -> str:
    lent = [
        f"{loan.capacity} until {day_and_time(loan.until)}"
        for loan in roster.lent_to(one.name, now)
    ]
    return ", ".join([*one.roles, *lent])


def _shape(one: Reviewer, lent: tuple[Loan, ...]) -> JsonValue:
    return {
        "name": one.name,
        "label": one.label,
        "roles": list(one.roles),
        "lent": [{"role": x.role, "lender": x.lender, "until": x.until} for x in lent],
        "keys": [fingerprint(line) for line in one.keys],
        "retired": [
            {"key": fingerprint(old.key), "at": old.at, "compromised": old.compromised}
            for old in one.retired
        ],
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "revoked_at": one.revoked_at,
    }
