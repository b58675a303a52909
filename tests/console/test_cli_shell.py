"""The command behaves in a shell: pipes, interrupts, environment, start-up, and safe output."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import command
from overread_queue.errors import NotFound
from overread_queue.errors.asked import Thing
from overread_queue.trust.keys import generate


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return command.make_desk(tmp_path)


def test_help_starts_with_the_people_it_is_for() -> None:
    done = command.run()

    assert done.returncode == 0
    assert done.stdout.index("Agents") < done.stdout.index("Reviewers") < done.stdout.index("Leads")
    assert done.stdout == command.run("--help").stdout


def test_what_is_not_found_is_looked_for_with_commands_that_there_are() -> None:
    told = {str(NotFound(thing, "x")) for thing in get_args(Thing)}
    named = {name for one in told for name in re.findall("`overread ([^`]+)`", one)}

    assert {"list", "probes list", "alarms list --all", "notices"} <= named
    for one in named:
        assert command.run(*one.split(), "--help").returncode == 0, one


def test_every_command_explains_itself() -> None:
    from overread_console.cli.root import Root

    for section in Root.sections.values():
        for name in section:
            done = command.run(name, "--help")
            assert done.returncode == 0
            assert "Usage: overread" in done.stdout


def test_the_agents_verbs_import_no_terminal_and_no_tools(desk: Path) -> None:
    id = command.submit(desk, "a")
    heavy = ("textual", "rich", "sqlite_utils", "watchfiles")
    program = f"""
import sys
from overread_console.cli import run
run(sys.argv[1:])
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    for arguments in (
        ["submit", str(command.REFUND)],
        ["wait", id, "--timeout", "0"],
        ["show", id],
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env=os.environ | {"OVERREAD_DB": str(desk)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr.splitlines()[-1] == "[]"


def test_the_desk_is_found_by_option_environment_or_folder(desk: Path) -> None:
    command.submit(desk, "a")
    listed = command.run("list", "--json", "--db", desk).stdout

    assert command.run("--db", desk, "list", "--json").stdout == listed
    assert command.process("list", "--json", env={"OVERREAD_DB": str(desk)}).stdout == listed
    here = subprocess.run(
        [*command.OVERREAD, "list", "--json"], cwd=desk.parent, capture_output=True, text=True
    )
    assert here.stdout == listed


def test_a_reader_that_leaves_ends_the_command_quietly(desk: Path) -> None:
    for key in "abc":
        command.submit(desk, key)
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [*command.OVERREAD, "list", "--db", str(desk)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_a_wait_quietly(desk: Path) -> None:
    id = command.submit(desk, "a")
    program = subprocess.Popen(
        [*command.OVERREAD, "submit", "-", "--key", "a", "--wait", "600", "--db", str(desk)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdin
    assert program.stderr
    program.stdin.write(json.dumps(command.brief()))
    program.stdin.close()
    assert id in program.stderr.readline()

    program.send_signal(signal.SIGINT)

    assert program.wait(timeout=60) == 130
    assert program.stderr.read() == ""
    program.stderr.close()


def test_hostile_words_reach_neither_terminal_nor_pipe(desk: Path) -> None:
    id = command.submit(desk, "a", question="Refund\x1b]52;c;cm0=\x07 \u202edecnuoner\u202c?")

    for arguments in (("list",), ("list", "--json"), ("show", id), ("show", id, "--json")):
        done = command.run(*arguments, "--db", desk)
        assert done.returncode == 0
        assert all(char.isprintable() for char in done.stdout.replace("\n", ""))
        assert "\u202e" not in done.stdout


def test_a_terminal_of_few_characters_shows_the_others_escaped(desk: Path) -> None:
    command.submit(desk, "a", question="Refund €420?")

    done = command.process("list", "--db", desk, env={"PYTHONIOENCODING": "latin-1"})

    assert (done.returncode, done.stderr) == (0, "")
    assert r"Refund \u20ac420?" in done.stdout


def test_bytes_that_are_no_text_do_not_end_a_review(desk: Path) -> None:
    command.submit(desk, "a")

    done = subprocess.run(
        [*command.OVERREAD, "review", "--plain", "--as", "ana", "--db", str(desk)],
        input=b"\xff\xfe\nq\n",
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Refund $420.00" in done.stdout.decode()


def test_list_shows_what_was_asked_for(desk: Path) -> None:
    waiting, decided = command.submit(desk, "a"), command.submit(desk, "b")
    command.decide(desk, decided, "reject", reason="no")

    def ids(*arguments: str) -> list[str]:
        done = command.run("list", "--json", *arguments, "--db", desk)
        return [row["id"] for row in json.loads(done.stdout)]

    assert ids() == [decided, waiting]
    assert ids("--state", "waiting") == [waiting]
    assert ids("--state", "DECIDED") == [decided]
    assert ids("--limit", "1") == [decided]
    assert waiting in command.run("list", "--db", desk).stdout


def test_show_tells_where_an_escalation_stands(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, "reject", reason="no")

    shown = json.loads(command.run("show", id, "--json", "--db", desk).stdout)

    assert shown["state"] == "DECIDED"
    assert shown["verdict"] == "reject"
    assert shown["run_state"] == "HUMAN_RESPONDED"
    assert "decided" in command.run("show", id, "--db", desk).stdout
    assert "recommendation" not in shown


def test_whoever_adds_an_agent_is_told_what_its_actions_come_to(tmp_path: Path) -> None:
    db = tmp_path / "desk.db"
    command.run("init", "--db", db)

    nothing = command.run("agents", "add", "idle-agent", "--db", db)
    unlisted = command.run(
        "agents", "add", "ops-agent", "--action", "payments.refund", "--action", "infra.scale",
        "--db", db,
    )  # fmt: skip

    assert (nothing.returncode, nothing.stdout) == (0, "idle-agent\n")
    assert "may propose nothing" in nothing.stderr
    assert (unlisted.returncode, unlisted.stdout) == (0, "ops-agent\n")
    assert unlisted.stderr.startswith("infra.scale is not in the policy")
    assert len(unlisted.stderr.splitlines()) == 1


def test_a_desk_from_nothing(tmp_path: Path) -> None:
    db = tmp_path / "desk.db"

    made = command.run("init", "--db", db)
    agent = command.run("agents", "add", "refund-agent", "--action", "payments.refund", "--db", db)
    key = tmp_path / "zoe.pub"
    key.write_text(generate(tmp_path / "zoe", "zoe"))
    person = command.run(
        "reviewers", "add", "zoe", "--role", "reviewer", "--key", key, "--user", "zoe",
        "--db", db,
    )  # fmt: skip

    assert [made.returncode, agent.returncode, person.returncode] == [0, 0, 0], person.stderr
    agents = json.loads(command.run("agents", "list", "--json", "--db", db).stdout)
    assert agents == [
        {"name": "refund-agent", "operator": None, "actions": ["payments.refund"], "key": None}
    ]
    people = json.loads(command.run("reviewers", "list", "--json", "--db", db).stdout)
    assert "zoe" in [person["name"] for person in people]
    assert command.submit(db, "a")
    assert command.run("doctor", "--db", db).returncode == 0


def test_doctor_says_what_is_broken(desk: Path) -> None:
    healthy = command.run("doctor", "--db", desk)
    (desk.with_suffix(".trust") / "policy.toml").write_text("schema = 'no'")
    broken = command.run("doctor", "--json", "--db", desk)

    assert healthy.returncode == 0, healthy.stdout
    assert broken.returncode == 1
    assert any(finding["level"] == "fail" for finding in json.loads(broken.stdout))


def test_schema_and_compat(tmp_path: Path) -> None:
    agreed = command.run("brief", "schema")
    old = tmp_path / "old.json"
    old.write_text(agreed.stdout)
    schema = json.loads(agreed.stdout)
    schema["required"].append("model")
    new = tmp_path / "new.json"
    new.write_text(json.dumps(schema))

    assert command.run("brief", "compat").returncode == 0
    assert command.run("brief", "compat", old).returncode == 0
    broken = command.run("brief", "compat", old, new)
    assert (broken.returncode, "model" in broken.stdout) == (1, True)
    assert command.run("brief", "schema", "nonsense").returncode == 2
