"""A lead prices friction and staffing before changing either, and is told what it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import command

BRIEFLY = ("--items", "4", "--days", "10")
BANNER = "A MODEL, NOT EVIDENCE"


def test_the_page_says_first_and_last_that_it_is_a_model(tmp_path: Path) -> None:
    done = command.run("simulate", *BRIEFLY, "--db", tmp_path / "none.db")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(BANNER)
    assert lines[-1].startswith(BANNER)
    assert "There is no desk" in done.stdout
    for world in ("does not move bias", "three minutes", "one in a hundred", "without an outlet"):
        assert world in done.stdout
    assert "reviewers on shift · assumed" in done.stdout
    assert "4 reviewers, 4 items a day of 8 h, 10 days, seed 1" in done.stdout


def test_it_takes_the_friction_and_the_people_of_the_desk(tmp_path: Path) -> None:
    desk = command.make_desk(tmp_path)
    told = json.loads(
        command.run("simulate", *BRIEFLY, "--json", "--as", "ana", "--db", desk).stdout
    )

    assert told["rules"]["challenge"] == "none"
    assert told["rules"]["floor_high"] == 0
    people = told["parameters"]["reviewers"]
    assert (people["value"], people["source"]) == (2, "the desk's roster")
    assert "No reviews of this desk are measured yet" in told["remark"]


def test_it_takes_the_volume_of_the_desk(tmp_path: Path) -> None:
    desk = command.make_desk(tmp_path)
    for key in ("a", "b", "c"):
        command.submit(desk, key)
    told = json.loads(
        command.run("simulate", "--days", "10", "--json", "--as", "ana", "--db", desk).stdout
    )

    assert told["parameters"]["items"]["value"] == 3
    assert told["parameters"]["items"]["source"].startswith("this desk")


def test_what_is_asked_for_wins(tmp_path: Path) -> None:
    desk = command.make_desk(tmp_path)
    asked = (
        "--reviewers",
        "7",
        "--challenge",
        "all",
        "--seed",
        "9",
        "--json",
        "--as",
        "ana",
        "--db",
        desk,
    )
    told = json.loads(command.run("simulate", *BRIEFLY, *asked).stdout)

    assert told["banner"].startswith(BANNER)
    assert (told["seed"], told["rules"]["challenge"]) == (9, "all")
    people = told["parameters"]["reviewers"]
    assert (people["value"], people["source"]) == (7, "as asked for")
    assert [one["reviewers"] for one in told["staffing"]] == [5, 6, 7, 8, 9]
    assert len(told["worlds"]) == 5


def test_a_desk_of_nobody_is_refused(tmp_path: Path) -> None:
    done = command.run("simulate", "--reviewers", "0", "--db", tmp_path / "none.db")
    assert done.returncode == 2
    assert "0 is not in the range" in done.stderr
