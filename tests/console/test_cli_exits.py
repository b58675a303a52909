"""Exit codes are a contract with scripts: one number for each way a command can end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import command
from overread_console.cli.exits import Exit, exit_for
from overread_queue import errors
from overread_queue.agent import AgentQueue


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return command.make_desk(tmp_path)


@pytest.mark.parametrize(
    ("option", "choice", "code", "verdict"),
    [
        ("approve", {}, 0, "approve"),
        ("change-amount", {"parameters": {"amount": 200.0}}, 10, "modify"),
        ("reject", {"reason": "the neighbour has it"}, 11, "reject"),
        ("need-info", {"reason": "who signed?"}, 12, "need_info"),
    ],
)
def test_wait_ends_with_a_number_for_the_verdict(
    desk: Path, option: str, choice: command.Members, code: int, verdict: str
) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, option, **choice)

    done = command.process("wait", id, "--db", desk)

    assert done.returncode == code, done.stderr
    decision = json.loads(done.stdout)
    assert (decision["id"], decision["verdict"]) == (f"{id}/1", verdict)
    assert decision["reason"] == choice.get("reason", "")
    amount = choice.get("parameters", {}).get("amount", 420.0)
    assert decision["action"]["parameters"]["amount"] == amount


def test_a_task_that_was_taken_over_ends_with_13(desk: Path) -> None:
    erase = command.brief()["action"] | {"type": "data.erase"}
    id = command.submit(desk, "a", action=erase)
    command.decide(desk, id, "take-over")

    assert command.run("wait", id, "--db", desk).returncode == 13


def test_what_was_withdrawn_ends_with_15_once_the_desk_has_signed_it(desk: Path) -> None:
    id = command.submit(desk, "a")
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        queue.withdraw(id, "the customer wrote again")
    assert command.run("sweep", "--db", desk).returncode == 0

    assert command.run("wait", id, "--db", desk).returncode == 15


def test_pending_is_124_and_says_how_to_go_on(desk: Path) -> None:
    id = command.submit(desk, "a")

    done = command.run("wait", id, "--timeout", "0.1", "--db", desk)

    assert (done.returncode, done.stdout) == (124, "")
    assert f"overread wait {id}" in done.stderr


def test_submit_can_wait_for_the_decision_itself(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, "reject", reason="no")

    done = command.run(
        "submit", "-", "--key", "a", "--wait", "5", "--db", desk, stdin=json.dumps(command.brief())
    )

    assert done.returncode == 11
    assert json.loads(done.stdout)["id"] == f"{id}/1"


def test_wait_and_act_acts_on_an_approval_and_on_nothing_else(desk: Path, tmp_path: Path) -> None:
    approved, rejected, changed, open_ = (command.submit(desk, key) for key in "abcd")
    command.decide(desk, approved, "approve")
    command.decide(desk, rejected, "reject", reason="no")
    command.decide(desk, changed, "change-amount", parameters={"amount": 1.0})

    for id in (approved, rejected, changed, open_):
        shell = f'"$0" -m overread_console wait "$1" --timeout 0 && echo "$1" >> "{tmp_path}/acts"'
        subprocess.run(
            ["sh", "-c", shell, sys.executable, id],
            env={"OVERREAD_DB": str(desk)},
            capture_output=True,
            check=False,
        )

    assert (tmp_path / "acts").read_text().split() == [approved]


def test_an_unknown_id_is_6(desk: Path) -> None:
    for verb in ("wait", "show"):
        done = command.run(verb, "no-such-id", "--db", desk)
        assert (done.returncode, done.stdout) == (6, "")
        assert "no-such-id" in done.stderr


def test_the_same_key_is_the_same_escalation_and_other_content_is_4(desk: Path) -> None:
    id = command.submit(desk, "a")
    assert command.submit(desk, "a") == id

    other = json.dumps(command.brief(question="Refund it twice?"))
    done = command.run("submit", "-", "--key", "a", "--db", desk, stdin=other)

    assert done.returncode == 4
    assert "another brief" in done.stderr


def test_an_agent_that_nobody_registered_is_7(desk: Path) -> None:
    stranger = json.dumps(command.brief(agent={"name": "stranger", "version": "1"}))

    done = command.run("submit", "-", "--db", desk, stdin=stranger)

    assert done.returncode == 7
    assert "overread agents add stranger" in done.stderr


def test_somebody_elses_escalation_is_not_handed_out(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.let_in(desk, "other")

    done = command.run("wait", id, "--agent", "other", "--timeout", "0", "--db", desk)

    assert done.returncode in (Exit.NOT_FOUND, Exit.NOT_ALLOWED)
    assert done.stdout == ""


def test_a_decision_that_does_not_verify_is_5(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, "approve")
    roster = desk.with_suffix(".trust") / "reviewers.toml"
    roster.write_text(roster.read_text().replace("[reviewers.ana]", "[reviewers.zoe]"))

    done = command.run("wait", id, "--db", desk)

    assert (done.returncode, done.stdout) == (5, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("wait",),
        ("wait", "two words"),
        ("wait", "id", "--timeout", "nan"),
        ("show", "\udcff"),
        ("list", "--state", "asleep"),
        ("list", "--limit", "99999999999999999999"),
        ("submit", command.REFUND, "--key", "two words"),
        ("submit", command.REFUND, "--wait", "inf"),
        ("sweep", "--every", "0"),
    ],
)
def test_usage_is_2(desk: Path, arguments: tuple[str | Path, ...]) -> None:
    done = command.run("--db", desk, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr


def leaves(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*map(leaves, kind.__subclasses__()))


def test_every_refusal_but_those_of_the_store_has_a_number_of_its_own() -> None:
    named = {kind for kind in leaves(errors.OverreadError) if kind.__name__ in errors.__all__}
    unnumbered = {kind for kind in named if exit_for(kind.__new__(kind)) is Exit.FAILED}

    assert unnumbered == leaves(errors.StoreError) | {errors.OverreadError}


def test_a_full_desk_is_75() -> None:
    assert exit_for(errors.Backpressure(30)) is Exit.BACKPRESSURE == 75
