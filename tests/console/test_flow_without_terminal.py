"""The flow is one object that knows no terminal."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_flow_and_the_plain_face_brings_no_terminal_library() -> None:
    program = (
        "import sys, overread_console.plain.face\n"
        "print(*sorted({'textual', 'rich', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
