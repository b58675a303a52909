"""The policy in force as a page: everybody may read it, on any terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

import command
import policy_drafts
from overread_briefs.width import cells

MORE = """
[[rules]]
id = "private-and-unsure"
kind = "confidence"
when = [
  {data_class = ["restricted"]},
  {signal = "confidence", is = "<", value = 0.5},
]
tier = "hard_stop"

[[watchlists]]
id = "listed"
parameter = "payee"
entries = ["Vela", "Ostrog"]
tier = "hard_stop"

[[exemptions]]
id = "spring"
action = "payments.credit"
owner = "Owner"
expires = 2999-01-01
reason = "a quiet month"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policy_drafts.make_desk(tmp_path_factory.mktemp("desk"))


def on_a_terminal(*arguments: str | Path, width: int) -> list[str]:
    """The lines of a command whose stdout is a terminal of that width."""
    ours, its = pty.openpty()
    done = subprocess.Popen(
        [*command.OVERREAD, *map(str, arguments)],
        stdout=its,
        env=os.environ | {"COLUMNS": str(width)},
    )
    os.close(its)
    text = b""
    while chunk := _read(ours):
        text += chunk
    os.close(ours)
    assert done.wait() == 0
    return text.decode().splitlines()


def _read(terminal: int) -> bytes:
    """Linux ends a terminal that was closed on the other side with an error, not with nothing."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_page_says_who_answers_and_why_somebody_is_asked(desk: Path) -> None:
    page = command.run("policy", "show", "--db", desk).stdout

    assert "owner        Owner (role lead)" in page
    assert "to loosen    risk-owner" in page
    assert "low impact       autonomous" in page
    assert "payments.credit, where amount is above 100: hard approval (more than a gesture)" in page
    assert "refunds  refunds  2 items" in page


def test_watchlists_exemptions_and_facts_are_said_in_words(tmp_path: Path) -> None:
    declared = 'parameters = {amount = "amount", payee = "text"}'
    text = policy_drafts.POLICY.replace('parameters = {amount = "amount"}', declared) + MORE
    db = policy_drafts.make_desk(tmp_path, text)

    page = " ".join(command.run("policy", "show", "--db", db).stdout.split())

    assert "listed every action with payee, where payee is Vela or Ostrog" in page
    assert "every action, where data_class is restricted and confidence is below 0.5" in page
    assert "spring payments.credit until 2999-01-01, on Owner's account: a quiet month" in page


def test_the_matrix_tells_tiers_apart_only_where_people_differ(desk: Path) -> None:
    page = command.run("policy", "show", "--governance", "--db", desk).stdout
    rows = [line.split("  ") for line in page.splitlines()]
    tiers = {(row[0], row[1].strip()) for row in ([c for c in row if c] for row in rows)}

    assert ("payments.refund", "autonomous to hard approval") in tiers
    assert ("payments.refund", "hard stop") in tiers
    assert ("payments.credit", "every tier") in tiers
    assert "lead, two people" in page


def test_programs_get_every_cell_of_the_matrix(desk: Path) -> None:
    shown = json.loads(command.run("policy", "show", "--json", "--db", desk).stdout)
    matrix = json.loads(
        command.run("policy", "show", "--governance", "--json", "--db", desk).stdout
    )

    assert shown["sha256"] == policy_drafts.propose(desk, 20)["policy_sha256"]
    assert shown["duties"] == matrix
    stop = matrix["payments.refund"]["hard_stop"]
    assert (stop["role"], stop["dual"], stop["sla_seconds"]) == ("lead", True, 4 * 3600)
    assert len(matrix["payments.credit"]) == 5


@pytest.mark.parametrize("width", [60, 80, 132])
def test_it_fits_the_terminal(desk: Path, width: int) -> None:
    lines = on_a_terminal("policy", "show", "--db", desk, width=width)

    assert max(map(cells, lines)) <= width
    assert "nothing is credited" in " ".join(" ".join(lines).split())


def test_in_a_pipe_a_row_stays_a_row(desk: Path) -> None:
    page = command.run("policy", "show", "--governance", "--db", desk).stdout

    row = next(line for line in page.splitlines() if line.startswith("payments.credit"))
    assert row.endswith("nothing is credited")


def test_hostile_words_in_a_policy_are_shown_not_obeyed(tmp_path: Path) -> None:
    hostile = r'name = "Te\u001b[2Jst \u202e"'
    text = policy_drafts.POLICY.replace('name = "Test"', hostile)
    db = policy_drafts.make_desk(tmp_path, text)

    for arguments in (("show",), ("show", "--json")):
        done = command.run("policy", *arguments, "--db", db)
        assert done.returncode == 0, done.stderr
        assert all(char.isprintable() for char in done.stdout.replace("\n", ""))


def test_every_verb_explains_itself() -> None:
    from overread_console.cli.policy import PolicyVerbs

    for section in PolicyVerbs.sections.values():
        for name, entry in section.items():
            done = command.run("policy", name, "--help")
            assert done.returncode == 0
            assert f"Usage: overread policy {name}" in done.stdout
            assert entry.help in command.run("policy", "--help").stdout


def test_what_reviewers_are_not_asked_is_part_of_the_page(tmp_path: Path, desk: Path) -> None:
    text = policy_drafts.POLICY + '[friction]\nchallenge_from = "never"\n'
    relaxed = policy_drafts.make_desk(tmp_path, text)

    page = command.run("policy", "show", "--db", relaxed).stdout
    shown = json.loads(command.run("policy", "show", "--json", "--db", relaxed).stdout)

    (note,) = shown["notes"]
    assert note == "friction.challenge_from: no approval has to name its weakest point"
    assert f"LESS ASKED OF REVIEWERS THAN BY DEFAULT\n  {note}\n" in page
    assert "LESS ASKED" not in command.run("policy", "show", "--db", desk).stdout
