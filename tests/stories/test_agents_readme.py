"""The README's programs, run as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import command
from overread_queue.desk import ReviewDesk

README = (command.CHECKOUT / "README.md").read_text(encoding="utf-8")

PAYING = """
def pay(idempotency_key, **parameters):
    print(idempotency_key, parameters["amount"])

"""


def block(language: str) -> str:
    """The first code block of a language, for an agent that lives in no runtime."""
    alone = README.partition("### No runtime at all")[2]
    found = re.search(rf"```{language}\n(.*?)```", alone, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copytree(command.SAMPLE, tmp_path / "sample_data")
    return command.make_desk(tmp_path)


def approve_when_it_comes(db: Path) -> threading.Thread:
    """Ana, at her desk, approving the first thing that arrives."""

    def work() -> None:
        with ReviewDesk.open(db, reviewer="ana") as ana:
            while not (waiting := ana.waiting_ids()):
                time.sleep(0.05)
            ana.decide(ana.open(ana.claim(waiting[0])), option="approve")
            ana.release_due()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_the_ten_lines_for_an_agents_engineer(desk: Path) -> None:
    ana = approve_when_it_comes(desk)

    done = subprocess.run(
        [sys.executable, "-c", PAYING + block("python")],
        cwd=desk.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    ana.join()

    assert done.returncode == 0, done.stderr
    key, amount = done.stdout.split()
    assert amount == "420.0"
    standing = json.loads(command.run("show", key.split("/")[0], "--json", "--db", desk).stdout)
    assert standing["run_state"] == "COMPLETED"


def test_the_sql_inbox_in_three_lines(desk: Path) -> None:
    insert, select = re.sub("--.*", "", block("sql")).strip().split(";")[:2]
    connection = sqlite3.connect(desk)
    with connection:
        connection.execute(insert, {"brief_as_json": command.REFUND.read_text(encoding="utf-8")})

    assert command.run("sweep", "--db", desk).returncode == 0

    state, escalation, _ = connection.execute(select).fetchone()
    connection.close()
    assert state == "accepted"
    assert command.run("show", escalation, "--db", desk).returncode == 0


def test_what_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (command.CHECKOUT / link).exists()] == []


def test_the_readme_names_only_commands_that_exist() -> None:
    from overread_console.cli.root import Root

    known = {name for section in Root.sections.values() for name in section}
    named = set(re.findall(r"\boverread ([a-z]+)\b", README)) - {"demo"}
    assert named
    assert named <= known
