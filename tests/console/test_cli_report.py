"""A lead keeps a month of oversight as one file."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

import command
from overread_queue.health.catalogue import CATALOGUE
from overread_queue.office import LeadOffice
from overread_queue.places import Places
from overread_queue.policy.load import load_policy


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    made = command.make_desk(tmp_path)
    command.decide(made, command.submit(made, "a"), "approve")
    command.decide(made, command.submit(made, "b"), "reject", reason="not theirs")
    command.submit(made, "c")
    return made


def report(desk: Path, out: Path, *words: str) -> command.Done:
    return command.run("report", "--out", out, "--as", "ana", "--db", desk, *words)


def shown(out: Path) -> str:
    page = Xml.fromstring(out.read_text(encoding="utf-8"))
    return " ".join(" ".join(page.itertext()).split())


def test_the_file_has_every_measure_and_says_what_it_cannot_tell(
    desk: Path, tmp_path: Path
) -> None:
    out = tmp_path / "november.html"
    done = report(desk, out)

    assert (done.returncode, done.stdout) == (0, f"written: {out}\n"), done.stderr
    told = shown(out)
    for one in CATALOGUE:
        assert one.label in told
        assert one.asks in told
        assert one.cannot_tell in told
    assert load_policy(Places.of(desk).policy_file).sha256 in told
    overridden = next(one for one in CATALOGUE if one.name == "override_rate")
    assert f"{overridden.asks} 1 of 2 n = 2" in told
    assert not re.search(r"\b(ana|boris)\b", told, re.IGNORECASE)


def test_it_is_for_its_owner_alone_and_never_written_over_by_accident(
    desk: Path, tmp_path: Path
) -> None:
    out = tmp_path / "r.html"
    report(desk, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600

    out.write_text("an earlier one", encoding="utf-8")
    refused = report(desk, out)
    assert refused.returncode == 2
    assert "is there already" in refused.stderr
    assert out.read_text(encoding="utf-8") == "an earlier one"
    assert report(desk, out, "--replace").returncode == 0
    assert "At a glance" in shown(out)


def test_what_a_lead_found_about_an_alarm_stands_in_it_without_their_name(tmp_path: Path) -> None:
    desk = command.make_desk(tmp_path)
    policy = Places.of(desk).policy_file
    policy.write_text(policy.read_text() + "\n[limits]\nwarn_minutes = 1\n", encoding="utf-8")
    command.submit(desk, "a")
    command.submit(desk, "b")
    with LeadOffice.open(desk, reviewer="boris") as office:
        (alarm,) = (one for one in office.alarms() if one.kind == "depth")
        office.acknowledge(alarm.id, "Half of the crew is at a training.")

    report(desk, tmp_path / "r.html")
    told = shown(tmp_path / "r.html")
    assert f"⚠ look {alarm.says}" in told
    assert "by a lead: Half of the crew is at a training." in told
    assert not re.search(r"\b(ana|boris)\b", told, re.IGNORECASE)


def test_a_new_desk_says_that_nothing_has_happened(tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    assert report(command.make_desk(tmp_path), out).returncode == 0
    told = shown(out)
    assert "Nothing has happened on this desk yet" in told
    assert "None stood in this period" in told
    assert "No deadline was missed" in told


def test_a_single_operator_desk_says_so_once(desk: Path, tmp_path: Path) -> None:
    alone, out = tmp_path / "alone.db", tmp_path / "r.html"
    command.run("init", "--single-operator", "--db", alone)
    assert command.run("report", "--out", out, "--db", alone).returncode == 0
    assert shown(out).lower().count("single-operator desk") == 1

    report(desk, out, "--replace")
    assert "single-operator" not in shown(out).lower()


def test_who_is_not_of_the_desk_gets_no_file(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    done = command.run("report", "--out", out, "--as", "mallory", "--db", desk)
    assert done.returncode == 7
    assert not out.exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".r.html")] == []


def test_a_period_that_ends_before_it_begins_is_refused(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    done = report(desk, out, "--since", "2999-01-01")
    assert done.returncode == 2
    assert "begins before it ends" in done.stderr
    assert not out.exists()
