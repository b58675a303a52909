"""What a lead reads of oversight's health in a plain terminal, and what a program does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
from busy_desk import submit
from overread_queue.health.catalogue import NAMES
from tier_desks import refund, tier_house

SINCE = ("--since", "2026-11-01", "--until", "2026-12-31")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Two questions, one of them answered."""
    here = tier_house(tmp_path)
    first = submit(here, refund())
    submit(here, refund(7))
    with here.desk("ana") as ana:
        review = ana.open(ana.claim(first.id))
        ana.decide(review, option="reject", reason="the parcel came")
    return here.path


def stats(desk: Path, *arguments: str, code: int = 0) -> command.Done:
    done = command.run("stats", *arguments, *SINCE, "--as", "lea", "--db", desk)
    assert done.returncode == code, done.stderr
    return done


def test_every_measure_has_its_line_with_its_sample(desk: Path) -> None:
    page = stats(desk)

    lines = {line.split()[0]: line for line in page.stdout.splitlines() if line}
    assert set(NAMES) <= set(lines)
    assert "1 of 1" in lines["override_rate"]
    assert "1 of 1" in lines["escalation_rate"]  # Of what is over.
    assert "Only 1 look came to an answer in this period" in page.stderr
    assert all(len(line) <= 80 for line in page.stdout.splitlines())


def test_one_measure_is_told_whole_with_what_it_cannot_tell(desk: Path) -> None:
    page = stats(desk, "override_rate", "--by", "pool").stdout

    assert "BY POOL" in page
    assert "first" in page
    assert "WHAT IT CANNOT TELL" in page
    assert "nobody looking" in page


def test_what_is_counted_whole_is_never_too_few(desk: Path) -> None:
    page = stats(desk, "depth").stdout

    assert "too few" not in page
    assert "everything is counted" in " ".join(page.split())


def test_a_day_on_which_the_desk_was_empty_has_its_line(desk: Path) -> None:
    page = stats(desk, "depth").stdout

    assert "2026-11-01  0  " in page


def test_programs_read_the_same(desk: Path) -> None:
    told = json.loads(stats(desk, "override_rate", "--json").stdout)

    (metric,) = told["metrics"]
    assert [(one["part"], one["count"], one["n"]) for one in metric["readings"]] == [
        ("", 1, 1),
        ("payments.refund", 1, 1),
    ]
    assert told["single_operator"] is False


def test_what_is_stopped_is_the_first_thing_that_is_told(desk: Path) -> None:
    stopped = command.run("halt", "bot", "--reason", "twice\x1b[2J", "--as", "ana", "--db", desk)
    assert stopped.returncode == 0

    first = stats(desk).stdout.splitlines()[0]
    (told,) = json.loads(stats(desk, "--json").stdout)["stopped"]

    assert first.startswith("✗ bot is stopped: twice⟪ESC⟫[2J, since ")
    assert first.endswith("; `overread lift bot`")
    assert (told["agent"], told["lift"]) == ("bot", "overread lift bot")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("overide_rate",), "there is no measure 'overide_rate'; there are escalation_rate"),
        (("sla", "--by", "state"), "sla is not kept by state, but by tier, pool, action-type"),
        (("--by", "pool"), "--by cuts one measure"),
    ],
)
def test_what_makes_no_sense_is_said(desk: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in stats(desk, *arguments, code=2).stderr
