"""The audit pack: what a period holds for each requirement, and never green by default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
import policy_drafts

CONTROLS = """
schema = "overread/controls/1"
note = "Nobody has checked this."

[[controls]]
id = "act-14"
framework = "EU AI Act"
reference = "Article 14"
requires = "People can oversee it."
records = ["proposal"]
artefact = "The list of proposals"
owner = "the desk owner"
from = 2026-08-02

[[controls]]
id = "rmf-manage"
framework = "NIST AI RMF"
reference = "MANAGE 2.4"
requires = "It can be stopped."
records = ["proposal", "escalation"]
artefact = "The list of proposals and escalations"
owner = "the desk owner"

[[controls]]
id = "act-19"
framework = "EU AI Act"
reference = "Article 19"
requires = "Policies are signed."
records = ["signoff"]
artefact = "The sign-offs"
owner = "the desk owner"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = policy_drafts.make_desk(tmp_path_factory.mktemp("desk"))
    policy_drafts.propose(db, 20)
    return db


@pytest.fixture
def controls(tmp_path: Path) -> Path:
    file = tmp_path / "controls.toml"
    file.write_text(CONTROLS)
    return file


def pack(desk: Path, controls: Path, *more: str) -> command.Done:
    return command.run(
        "audit", "pack", "--controls", controls, *more, "--as", "boris", "--db", desk
    )


def states(done: command.Done) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {one["id"]: one["state"] for one in json.loads(done.stdout)["controls"]}


def test_each_requirement_gets_what_its_records_can_carry(desk: Path, controls: Path) -> None:
    assert states(pack(desk, controls, "--json")) == {
        "act-14": "evidenced",
        "rmf-manage": "partial",
        "act-19": "no data in period",
    }


def test_nothing_is_evidenced_by_a_period_without_records(desk: Path, controls: Path) -> None:
    earlier = states(pack(desk, controls, "--json", "--since", "30d", "--until", "1d"))
    later = states(pack(desk, controls, "--json", "--since", "2000-01-01", "--until", "2001-01-01"))

    assert set(earlier.values()) == set(later.values()) == {"no data in period"}


def test_the_page_groups_by_framework_and_says_which_record_speaks(
    desk: Path, controls: Path
) -> None:
    page = pack(desk, controls).stdout

    assert page.startswith("1 evidenced, 1 partial, 1 no data in period; from ")
    assert "Nobody has checked this." in page
    act, rmf = page.index("\nEU AI Act\n"), page.index("\nNIST AI RMF\n")
    assert act < page.index("Article 14") < page.index("Article 19") < rmf
    assert "✓ evidenced" in page
    assert "[proposal: 1; a duty from 2026-08-02]" in page
    assert "[proposal: 1; escalation: none]" in page
    assert "[signoff: none]" in page


def test_a_mapping_with_a_fault_is_refused_with_its_line(desk: Path, controls: Path) -> None:
    controls.write_text(CONTROLS.replace('records = ["signoff"]', 'records = ["good-will"]'))

    done = pack(desk, controls)

    assert (done.returncode, done.stdout) == (2, "")
    line = CONTROLS[: CONTROLS.index('records = ["signoff"]')].count("\n") + 1
    assert f"{controls}:{line}: " in done.stderr


def test_a_period_that_ends_before_it_begins_is_a_matter_of_usage(
    desk: Path, controls: Path
) -> None:
    done = pack(desk, controls, "--since", "1d", "--until", "30d")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--since must be before --until" in done.stderr


def test_the_mapping_that_ships_has_nothing_to_show_before_the_desk_was_made(desk: Path) -> None:
    done = command.run(
        "audit", "pack", "--since", "60d", "--until", "30d", "--json", "--as", "boris", "--db", desk
    )

    told = json.loads(done.stdout)
    assert {one["state"] for one in told["controls"]} == {"no data in period"}
    frameworks = " ".join(one["framework"] for one in told["controls"])
    assert "EU AI Act" in frameworks
    assert "NIST AI RMF" in frameworks
    assert told["note"]


@pytest.mark.parametrize("alone", [True, False])
def test_a_single_operator_desk_says_so_to_auditors(tmp_path: Path, alone: bool) -> None:
    db = tmp_path / "desk.db"
    command.run("init", *(["--single-operator"] if alone else []), "--db", db)

    exported = json.loads(command.run("audit", "pack", "--json", "--db", db).stdout)
    page = command.run("audit", "pack", "--db", db).stdout

    assert exported["single_operator"] is alone
    assert ("single operator" in page) is alone
