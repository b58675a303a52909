"""A policy that is wrong is refused with file, line and remedy, and what is in force stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
import policy_drafts
from policy_drafts import POLICY

DEAD = """
[[rules]]
id = "huge-credit"
kind = "business_rule"
actions = ["payments.credit"]
when = [{parameter = "amount", is = ">", value = 200}]
tier = "hard_approval"
"""
NOT_MONOTONE = """
[[rules]]
id = "sure-of-itself"
kind = "confidence"
actions = ["payments.credit"]
when = [{signal = "confidence", is = ">", value = 0.9}]
tier = "hard_approval"
"""

FAULTS = {
    "a typo": (
        POLICY.replace('impact = "low"', 'impct = "low"'),
        'impct = "low"',
        "did you mean 'impact'?",
    ),
    "a dead rule": (POLICY + DEAD, '[[rules]]\nid = "huge-credit"', "take it out"),
    "a rule that spares the unsure": (
        POLICY + NOT_MONOTONE,
        "value = 0.9",
        "confidence",
    ),
    "a cyclic fallback": (
        POLICY.replace('role = "lead"\n', 'role = "lead"\nsenior = "refunds"\n', 1),
        'senior = "owner"',
        "goes in a circle (refunds → owner → refunds); end it",
    ),
    "an unknown role": (
        POLICY.replace('role = "lead"\ndual', 'role = "laed"\ndual'),
        'role = "laed"',
        "no pool has the role 'laed'; did you mean 'lead'?",
    ),
    "a role that nobody holds": (
        POLICY.replace('role = "refunds"', 'role = "refund"'),
        'role = "refund"\n',
        "no reviewer holds the role 'refund'; did you mean 'refunds'?",
    ),
    "a missing action type": (
        POLICY.replace('actions = ["payments.credit"]', 'actions = ["payments.credti"]'),
        'actions = ["payments.credti"]',
        "there is no action type 'payments.credti'; did you mean 'payments.credit'?",
    ),
    "an untyped condition": (
        POLICY.replace('parameter = "amount"', 'parameter = "total"'),
        'parameter = "total"',
        "payments.credit does not declare the parameter 'total'; add it to",
    ),
    "no TOML": ("dear board,", "dear", "is not TOML"),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policy_drafts.make_desk(tmp_path_factory.mktemp("desk"))


def line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize("fault", FAULTS)
def test_check_names_file_line_and_remedy(desk: Path, tmp_path: Path, fault: str) -> None:
    text, marker, remedy = FAULTS[fault]
    file = policy_drafts.draft(tmp_path, text)

    done = command.run("policy", "check", file, "--db", desk)

    assert done.returncode == 1
    told = next(line for line in done.stdout.splitlines() if remedy in line)
    if fault != "no TOML":
        assert told.startswith(f"{file}:{line_of(text, marker)}: "), told
    assert "stays in force" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("fault", FAULTS)
def test_no_lead_can_put_it_into_force(desk: Path, tmp_path: Path, fault: str) -> None:
    text, _, remedy = FAULTS[fault]
    file = policy_drafts.draft(tmp_path, text)

    for verb in (("sign", "--role", "product", "--as", "pia"), ("activate", "--as", "boris")):
        done = command.run("policy", verb[0], file, *verb[1:], "--db", desk)
        assert (done.returncode, done.stdout) == (2, "")
        assert remedy in done.stderr

    assert policy_drafts.in_force(desk) == POLICY
    assert policy_drafts.propose(desk, 20)["tier"] == "notify"


def test_programs_get_the_findings_as_data(desk: Path, tmp_path: Path) -> None:
    file = policy_drafts.draft(tmp_path, POLICY + DEAD)

    report = json.loads(command.run("policy", "check", file, "--json", "--db", desk).stdout)

    assert report["ok"] is False
    assert [one["kind"] for one in report["findings"]] == ["dead_rule"]
    assert report["findings"][0]["refuses"] is True


def test_without_a_desk_roles_are_not_looked_up_and_it_says_so(tmp_path: Path) -> None:
    file = policy_drafts.draft(tmp_path, POLICY)

    done = command.run("policy", "check", file, "--db", tmp_path / "none.db")

    assert done.returncode == 0
    assert "nobody checked that its roles are held" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere.toml"),
        ("test", "nowhere.toml"),
        ("diff", "nowhere.toml"),
        ("diff",),
        ("sign", "nowhere.toml", "--role", "product", "--as", "pia"),
        ("sign", "nowhere.toml", "--as", "pia"),
        ("simulate", "nowhere.toml", "--as", "boris"),
        ("simulate", "nowhere.toml", "--since", "a while"),
        ("simulate", "nowhere.toml", "--since", "2026-13-01"),
        ("nonsense",),
    ],
)
def test_usage_is_2(desk: Path, arguments: tuple[str, ...]) -> None:
    done = command.run("policy", *arguments, "--db", desk)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr


@pytest.mark.parametrize("verb", ["show", "check", "test"])
def test_what_is_in_force_needs_a_desk(tmp_path: Path, verb: str) -> None:
    done = command.run("policy", verb, "--db", tmp_path / "none.db")

    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no desk" in done.stderr
