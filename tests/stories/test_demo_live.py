"""The demo on a terminal: the console opens on a filled desk, and the agents end with it."""

from __future__ import annotations

from pathlib import Path

import pexpect

import command
from overread_console.demo.work import work_file


def test_a_newcomer_looks_around_and_leaves(tmp_path: Path) -> None:
    python, *arguments = command.OVERREAD
    terminal = pexpect.spawn(
        python, [*arguments, "demo"], cwd=str(tmp_path), dimensions=(30, 110), timeout=120
    )
    terminal.expect("Close account of A. Meyer")

    terminal.send("q")

    terminal.expect("7 agents asked, each from a process of its own; all have ended")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert work_file(tmp_path / "demo-desk" / "desk.db", "infra-agent").exists()
