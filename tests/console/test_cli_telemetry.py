"""`overread telemetry` in a shell."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from command import OVERREAD, decide, make_desk, run, submit
from otlp_receiver import receiver


def test_once_tells_what_there_is_and_ends(tmp_path: Path) -> None:
    db = make_desk(tmp_path)
    decide(db, submit(db, "one"), "approve")
    with receiver() as collector:
        words = ("telemetry", "--once", "--endpoint", collector.endpoint, "--db", db, "--as", "ana")
        done = run(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("events, 1 escalations closed\n")
        assert {span.name for span in collector.spans} >= {"escalation", "waiting", "review"}
        collector.status = 400
        submit(db, "two")
        failed = run(*words)
    assert failed.returncode == 75
    assert "took nothing" in failed.stderr


@pytest.mark.usefixtures("ctrl_c")
def test_without_once_it_goes_on_until_it_is_stopped(tmp_path: Path) -> None:
    db = make_desk(tmp_path)
    with receiver() as collector:
        command = [*OVERREAD, "telemetry", "--every", "1", "--endpoint", collector.endpoint]
        with subprocess.Popen(
            [*command, "--db", str(db), "--as", "ana"], stdout=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "told of 1 events, 0 escalations closed\n"
            assert worker.stdout.readline() == "told of 0 events, 0 escalations closed\n"
            worker.send_signal(signal.SIGINT)
            assert worker.wait(timeout=60) == 130
