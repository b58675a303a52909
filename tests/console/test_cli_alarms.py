"""Alarms as a lead meets them in a shell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

import command
import policy_drafts
from fact_stream import DAY_MS, REFUND, reviewed
from overread_console.cli.root import Root
from overread_queue.clock import SystemClock
from overread_queue.ground import Ground
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.catalogue import NAMES
from overread_queue.health.facts import Fact
from overread_queue.health.watching import watch
from overread_queue.health.wording import look
from overread_queue.places import Places


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return policy_drafts.make_desk(tmp_path, policy_drafts.UNDRAWN)


def tell(desk: Path, facts: Iterable[Fact]) -> None:
    with closing(Ground(Places(desk), SystemClock())) as ground, ground.store.write() as tx:
        watch(ground, tx, tuple(facts))


def collapsed(*, run: int) -> Iterable[Fact]:
    """One of ten overridden in the reference, and nobody since."""
    yesterday = SystemClock().now() - DAY_MS
    for number in range(200 + run):
        overridden = number < 200 and number % 10 == 0
        yield reviewed(yesterday + number, "reject" if overridden else "approve")


def run(desk: Path, *words: str, as_: str = "boris") -> command.Done:
    return command.run("alarms", *words, "--as", as_, "--db", desk)


def listed(desk: Path, *words: str) -> list[command.Members]:
    found: list[command.Members] = json.loads(run(desk, "list", *words, "--json").stdout)["alarms"]
    return found


def test_a_quiet_desk_says_so_and_what_its_alarms_will_promise(desk: Path) -> None:
    quiet = run(desk, "list")
    design = run(desk, "design")

    assert (quiet.returncode, quiet.stdout) == (0, "")
    assert "no alarm stands" in quiet.stderr
    assert "at 8 %" in design.stdout
    assert "falls to a quarter" in design.stdout
    assert "too rare to fall" in design.stdout


def test_a_lead_reads_an_alarm_looks_after_it_and_begins_anew(desk: Path) -> None:
    tell(desk, collapsed(run=400))
    (alarm,) = listed(desk)

    page = run(desk, "list")
    assert page.stdout.startswith("✗ 0 of 112 reviews of payments.refund ended in an override")
    assert "severe, new, since" in page.stdout
    shown = run(desk, "show", alarm["id"])
    assert "blind tests can" in shown.stdout
    assert "overread stats override_rate" in shown.stdout
    assert "by nobody" in shown.stdout

    assert run(desk, "ack", alarm["id"], "--note", "seen", as_="ana").returncode == 7
    done = run(desk, "ack", alarm["id"], "--note", "A new model \x1b[2J; we audit it")
    assert done.stdout == f"{alarm['id']} is acknowledged by boris\n"
    told = run(desk, "show", alarm["id"]).stdout
    assert "by boris: A new model" in told
    assert "\x1b" not in told

    assert "begins a new baseline" in run(desk, "rebase", "override_collapse", REFUND).stdout
    assert listed(desk) == []
    over, warned = listed(desk, "--all")
    assert not warned["severe"]
    assert over["note"].startswith("A new model")
    assert over["over_at"] is not None


def test_what_is_asked_wrongly_is_answered_with_what_to_do(desk: Path) -> None:
    unknown = run(desk, "show", "nothing")
    nothing = run(desk, "rebase", "speeding_up", "mail.send")

    assert unknown.returncode == 6
    assert "`overread alarms list --all`" in unknown.stderr
    assert nothing.returncode == 2
    assert "`overread alarms design`" in nothing.stderr


@pytest.mark.parametrize("kind", get_args(AlarmKind))
def test_where_an_alarm_says_to_look_there_is_something_to_see(kind: AlarmKind) -> None:
    commands = {name: entry for part in Root.sections.values() for name, entry in part.items()}
    for told in look(kind).split("; "):
        overread, command, *words = told.split()
        assert overread == "overread"
        assert command in commands
        assert command != "stats" or words[0] in NAMES


def test_without_a_verb_it_lists_what_stands(desk: Path) -> None:
    tell(desk, collapsed(run=400))

    done = command.run("--db", desk, "alarms", "--as", "boris")

    assert (done.returncode, done.stdout) == (0, run(desk, "list").stdout)
    told = command.run("--db", desk, "alarms", "--json", "--as", "boris")
    assert (told.returncode, told.stdout) == (0, run(desk, "list", "--json").stdout)
