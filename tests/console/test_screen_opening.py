"""A terminal on which the console opens is never blank."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from factories import house


def test_a_line_comes_before_anything_slow(tmp_path: Path) -> None:
    desk = house(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "overread_console", "--db", str(desk.path), "review"]
    console = subprocess.Popen(
        [*command, "--as", "ana"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    try:
        assert os.read(ours, 1000).decode().startswith("opening the desk …")
    finally:
        console.kill()
        console.wait()
        os.close(ours)
        os.close(theirs)
