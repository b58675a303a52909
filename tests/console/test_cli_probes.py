"""Leads keep blind tests by command: they make, read, check and retire them, and hear the rest."""

from __future__ import annotations

import json
from pathlib import Path

import command
from overread_console.cli.exits import Exit
from overread_queue.office import LeadOffice


def desk_with_truth(tmp_path: Path) -> tuple[Path, str]:
    """A closed refund of which a lead knows that it was right."""
    desk = command.make_desk(tmp_path)
    id = command.submit(desk, "a")
    command.decide(desk, id, "reject", reason="the neighbour has it")
    with LeadOffice.open(desk, reviewer="boris") as office:
        office.adjudicate(id, "right", "second_reading")
    return desk, id


def test_a_lead_makes_reads_checks_and_retires_a_test(tmp_path: Path) -> None:
    desk, source = desk_with_truth(tmp_path)
    lead = ("--as", "boris", "--db", desk)
    assert "no tests yet" in command.run("probes", "list", *lead).stderr

    made = command.run("probes", "make", source, "missing_step", "--json", *lead)
    told = json.loads(made.stdout)
    id = told["probe"]["id"]
    assert told["probe"]["state"] == "not checked yet"
    assert told["brief"]["question"].startswith("Refund")

    page = command.run("probes", "show", id, *lead).stdout
    assert "was skipped" in page
    assert told["brief"]["question"] in page
    for evidence in told["brief"]["evidence"]:
        assert evidence["title"] in page

    assert "ready" in command.run("probes", "check", id, "--realistic", *lead).stderr
    assert "ready" in command.run("probes", "list", *lead).stdout
    assert "retired" in command.run("probes", "retire", id, *lead).stderr
    (row,) = json.loads(command.run("probes", "list", "--json", *lead).stdout)
    assert (row["state"], row["mutation"], row["sort"]) == ("retired", "missing_step", "wrong")


def test_a_test_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    desk, source = desk_with_truth(tmp_path)
    lead = ("--as", "boris", "--db", desk)
    refused = command.run("probes", "make", source, "unit_error", *lead)
    assert refused.returncode == Exit.USAGE
    assert "take another one" in refused.stderr
    assert command.run("probes", "make", "nothing", "none", *lead).returncode == Exit.NOT_FOUND
    assert command.run("probes", "check", "nothing", *lead).returncode == Exit.USAGE


def test_before_there_are_figures_both_pages_say_when_there_will_be(tmp_path: Path) -> None:
    desk, _ = desk_with_truth(tmp_path)
    lead = ("--as", "boris", "--db", desk)
    page = command.run("probes", "results", *lead).stdout
    assert "last released: nothing yet" in page
    assert "30 results of at least 5 people" in " ".join(page.split())
    assert "30 answers, from months that are over" in " ".join(page.split())
    told = json.loads(command.run("probes", "results", "--json", *lead).stdout)
    assert [one["name"] for one in told["metrics"]] == ["probe_hits", "probe_false_alarms", "d_a"]

    plan = json.loads(command.run("probes", "plan", "--json", *lead).stdout)
    assert plan["share"] == 0.02
    assert "hard approvals" in command.run("probes", "plan", *lead).stdout
