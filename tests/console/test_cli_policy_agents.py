"""What an agent's shell asks before it acts: may I, and is there room?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import command
import policy_drafts
from overread_queue.models import Proposal


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return policy_drafts.make_desk(tmp_path)


def refund() -> str:
    """The action of the sample brief, as `overread propose` reads it."""
    brief = command.brief()
    return json.dumps({name: brief[name] for name in ("agent", "action", "signals", "model")})


def test_a_verdict_says_what_the_agent_may_do(desk: Path) -> None:
    small, large = policy_drafts.propose(desk, 20), policy_drafts.propose(desk, 200)

    assert (small["tier"], small["may_act"], small["needs_brief"]) == ("notify", True, False)
    assert (large["tier"], large["may_act"], large["needs_brief"]) == ("hard_approval", False, True)
    assert large["rules"] == ["large-credit"]
    assert (large["pool"], large["sla_seconds"]) == ("refunds", 4 * 3600)
    assert large["on_silence"] == "nothing is credited"
    (why,) = [one for one in large["triggers"] if one["rule"] == "large-credit"]
    assert (why["observed"], why["comparison"], why["threshold"]) == (200, ">", 100)
    assert set(Proposal.__dataclass_fields__) <= large.keys()


@pytest.mark.parametrize("amount", [None, True, "much", 1e300, {"is": 5}])
def test_what_cannot_be_judged_waits_for_a_person(desk: Path, amount: object) -> None:
    assert policy_drafts.propose(desk, amount)["tier"] == "hard_approval"


def test_an_action_that_nobody_allowed_is_a_hard_stop(desk: Path) -> None:
    stolen = json.dumps({"agent": "refund-agent", "action": {"type": "payments.payout"}})

    done = command.process("propose", "-", "--db", desk, stdin=stolen)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tier"] == "hard_stop"


def test_a_brief_refers_to_its_proposal_and_to_no_other(desk: Path) -> None:
    asked = command.run("propose", "-", "--db", desk, stdin=refund())
    mine, other = json.loads(asked.stdout)["id"], policy_drafts.propose(desk, 20)["id"]
    text = json.dumps(command.brief())

    wrong = command.run("submit", "-", "--proposal", other, "--db", desk, stdin=text)
    unknown = command.run("submit", "-", "--proposal", "no-such", "--db", desk, stdin=text)
    right = command.run("submit", "-", "--proposal", mine, "--db", desk, stdin=text)

    assert (wrong.returncode, "another action" in wrong.stderr) == (5, True)
    assert unknown.returncode == 6
    assert right.returncode == 0, right.stderr


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("{}", "action: It is missing"),
        ('{"agent": "refund-agent", "action": {}}', "action.type: It is missing"),
        ('{"agent": "a", "action": {"type": "x"}, "signal": {}}', "did you mean `signals`?"),
        ('{"agent": "a", "action": {"type": "x"}, "data_class": "secret"}', "data_class: Use one"),
        ('{"action": {"type": "x"}}', "say who would act"),
        ('{"action": {"type": "x"}, "signals": {"risk": NaN}}', "NaN is not a JSON number"),
        ("[]", "give one JSON object"),
        ("may I?", "It is not JSON"),
    ],
)
def test_a_question_that_makes_no_sense_is_2(desk: Path, document: str, sentence: str) -> None:
    done = command.run("propose", "-", "--db", desk, stdin=document)

    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_a_stranger_gets_no_verdict(desk: Path) -> None:
    done = command.run("propose", "-", "--agent", "x", "--db", desk, stdin=policy_drafts.credit(1))

    assert (done.returncode, done.stdout) == (7, "")
    assert "overread agents add x" in done.stderr


def test_pressure_grows_to_full_and_then_submit_is_told_when_to_come_back(desk: Path) -> None:
    def level() -> tuple[int, str, float]:
        done = command.run("pressure", "--agent", "refund-agent", "--json", "--db", desk)
        told = json.loads(done.stdout)
        return done.returncode, told["level"], told["filled"]

    assert level() == (0, "open", 0.0)
    command.submit(desk, "a")
    assert level() == (0, "open", 0.5)
    command.submit(desk, "b")
    assert level() == (75, "full", 1.0)

    asked = command.process("pressure", "--type", "payments.refund", "--db", desk)
    assert asked.returncode == 75
    assert "payments.refund  full   100 %" in asked.stdout
    assert "retry_after: 300 s" in asked.stderr
    refused = command.run("submit", command.REFUND, "--db", desk)
    assert (refused.returncode, refused.stdout) == (75, "")
    assert "try again in 300 s" in refused.stderr


def test_pressure_without_an_agent_shows_every_pool(desk: Path) -> None:
    command.submit(desk, "a")

    page = command.run("pressure", "--db", desk)
    told = json.loads(command.run("pressure", "--json", "--db", desk).stdout)

    assert page.returncode == 0
    assert [line.split()[0] for line in page.stdout.splitlines()] == ["for", "refunds", "owner"]
    assert told["filled"] == told["pools"]["refunds"]["filled"] == 0.5
    assert told["pools"]["owner"]["items"] == 0


def test_both_verbs_import_no_terminal_and_no_tools(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "question.json"
    file.write_text(policy_drafts.credit(20))
    heavy = ("textual", "rich", "sqlite_utils", "watchfiles", "scipy")
    program = f"""
import sys
from overread_console.cli import run
code = run(sys.argv[1:])
print(code, [name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    for arguments in (["propose", str(file)], ["pressure"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env=os.environ | {"OVERREAD_DB": str(desk)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr.splitlines()[-1] == "0 []"
