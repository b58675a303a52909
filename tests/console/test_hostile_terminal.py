"""Real processes on a real pseudo-terminal: every byte that comes out is one of our own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pexpect
import pytest

from factories import House
from hostile import ACTIVE, WORST
from hostile_desk import (
    TOUCHED,
    assert_untouched,
    hostile_brief,
    hostile_house,
    notify_hostile,
    submit_hostile,
)
from journey import kinds, pick_up
from overread_queue.clock import SystemClock
from review_faces import assert_printable

OURS = re.compile(
    r"\r\n|\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[\d+;\d+H|\x1b\[H|\x1b\[2?J|\x1b\[K"  # where to draw, and an empty screen
    r"|\x1b\[\?(?:25|7|1000|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048)[hl]"  # modes
    r"|\x1b\]22;[a-z]+\x07"  # the shape of the mouse pointer
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[[>=<]\d*u|\x1b\[\?u"  # what the terminal can do
)
"""What Textual writes by itself. No title, no link, no clipboard, no question about contents."""
PROGRESS = re.compile(r"\r[\d,]+ of [\d,]+ events")
ONE_BY_ONE = """
import json, sys
from overread_console import cli
for line in json.loads(sys.argv[1]):
    print("=>", cli.run(line), flush=True)
"""
WAITING, ANSWERED, BAD_FILE = "WAITING", "ANSWERED", "BAD_FILE"
COMMANDS = (
    "list",
    "list --json",
    f"show {WAITING}",
    f"show {ANSWERED} --json",
    f"show {ANSWERED} --envelope",
    f"wait {ANSWERED}",
    f"wait {WAITING} --timeout 0",
    "notices --as ana",
    "notices --as ana --json",
    "policy show",
    "policy show --json",
    f"brief lint {BAD_FILE}",
    f"submit {BAD_FILE}",
    "agents list",
    "reviewers list",
    "doctor",
    "audit verify",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> House:
    return hostile_house(tmp_path_factory.mktemp("desk"), clock=SystemClock())


@pytest.fixture(scope="module")
def named(desk: House) -> dict[str, str]:
    """What the words in capitals stand for. The answer and the stop have hostile reasons too."""
    answered = submit_hostile(desk, WORST[1::2])
    waiting = submit_hostile(desk, [ACTIVE, *WORST[::2]])
    notify_hostile(desk, WORST)
    with desk.desk("ana") as ana:
        ana.decide(pick_up(ana, answered), option="reject", reason=f"no {ACTIVE} \x9b2J")
        ana.stop("ana-agent", reason=ACTIVE)
    bad = desk.path.parent / f"brief {ACTIVE.replace('/', '')}.json"
    brief = hostile_brief(WORST).to_bytes()
    bad.write_bytes(brief.replace(b'"question"', b'"\\u001b]0;x\\u0007\\u202e"'))
    return {WAITING: waiting.id, ANSWERED: answered.id, BAD_FILE: str(bad)}


def opened(desk: House, *words: str) -> pexpect.spawn[bytes]:
    return spawned("-m", "overread_console", *words, db=desk.path)


def spawned(*words: str, db: Path) -> pexpect.spawn[bytes]:
    env = os.environ | {"TERM": "xterm-256color", "OVERREAD_DB": str(db)}
    return pexpect.spawn(sys.executable, [*words], dimensions=(24, 80), env=env, timeout=60)


def leave(process: pexpect.spawn[bytes]) -> None:
    """Out of whatever is open: a key that comes before its dialog is there is nobody's."""
    for _ in range(20):
        process.send("\rq")
        if process.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3) == 0:
            return
    raise AssertionError("the console does not end")


def touched(desk: House) -> Counter[str]:
    return Counter(kind for kind in kinds(desk.path) if kind in TOUCHED)


def assert_only_text(said: str) -> None:
    assert_printable(PROGRESS.sub("", said).replace("\r\n", "\n"))
    assert "Traceback" not in said


def test_commands_on_a_terminal_write_nothing_but_text(desk: House, named: dict[str, str]) -> None:
    """All in one process, as starting one takes longest."""
    before = touched(desk)
    lines = [[named.get(word, word) for word in line.split()] for line in COMMANDS]
    with spawned("-c", ONE_BY_ONE, json.dumps(lines), db=desk.path) as process:
        said = process.read().decode()
    assert said.count("=> ") == len(COMMANDS)
    assert "⟪ESC⟫]0;x⟪BEL⟫" in said
    assert "\\u001b]0;x\\u0007" in said
    assert_only_text(said)
    assert touched(desk) == before


@pytest.mark.soak
@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_by_itself_writes_nothing_but_text(
    line: str, desk: House, named: dict[str, str]
) -> None:
    before = touched(desk)
    with opened(desk, *(named.get(word, word) for word in line.split())) as process:
        said = process.read().decode()
    assert said
    assert_only_text(said)
    assert touched(desk) == before


def test_signed_bytes_are_exact_in_a_file_and_visible_on_a_terminal(tmp_path: Path) -> None:
    code = f"from overread_console.cli.talk import exactly; exactly({ACTIVE!r})"
    with spawned("-c", code, db=tmp_path) as process:
        assert process.read().decode().startswith("⟪ESC⟫]0;x⟪BEL⟫⟪CSI⟫2J⟪RLO⟫")
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert piped.stdout.decode() == ACTIVE


def test_plain_lines_on_a_terminal_are_nothing_but_text(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path, clock=SystemClock())
    submit_hostile(desk, WORST[::2])
    notify_hostile(desk, WORST)
    with opened(desk, "review", "--plain", "--as", "ana") as process:
        process.setecho(False)
        for word in (b"done", b"why", b"1", b"list", b"notices", b"policy", b"q"):
            process.expect_exact(b"What now?")
            process.sendline(word)
        process.expect(pexpect.EOF)
        said = process.before
    assert isinstance(said, bytes)
    assert_untouched(desk)


def test_every_sequence_of_the_full_screen_is_our_own(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path, clock=SystemClock())
    submit_hostile(desk, [ACTIVE, *WORST[1::2]])
    notify_hostile(desk, WORST)
    heard = tmp_path / "heard"
    with heard.open("wb") as file, opened(desk, "review", "--as", "ana") as process:
        process.logfile_read = file
        for keys, answer in (
            ("", b"start session"),
            ("n", b"nobody was asked"),
            ("\x1b", b"start session"),
            ("\r", b"item 1 of"),
            ("d", b"what the agent has done"),
            ("w", b"why this is yours"),
            ("1", b"as of"),
            ("q", b"item"),
        ):
            process.send(keys)
            process.expect_exact(answer)
        leave(process)
    left = OURS.sub("", heard.read_bytes().decode())
    assert_printable(left.replace("\n", ""))
    assert "⟪ESC⟫]0;x⟪BEL⟫" in left
    assert_untouched(desk)
