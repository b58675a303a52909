"""`overread export` in a shell: a file and its sum, a pipe, and a sentence where there is none."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from command import CHECKOUT, OVERREAD, decide, make_desk, process, run, submit
from overread_briefs.visible import is_hidden
from overread_queue.exporting.columns import columns
from overread_queue.exporting.wish import What

WHATS: tuple[What, ...] = ("sessions", "decisions", "escalations", "events")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_desk(tmp_path_factory.mktemp("desk"))
    decide(made, submit(made, "one"), "approve")
    submit(made, "two")
    return made


def taking(db: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run("export", *words, "--db", db, "--as", "ana")


def test_a_file_its_sum_and_a_line_that_says_so(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    done = taking(db, "decisions", "--out", target)
    summed = (tmp_path / "out.parquet.sha256").read_text().split()[0]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{target}: 1 decisions, sha256 {summed}\n"
    assert target.read_bytes()[:4] == b"PAR1"
    again = taking(db, "decisions", "--out", target)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    told = json.loads(taking(db, "decisions", "--out", target, "--replace", "--json").stdout)
    assert (told["rows"], told["file"], told["format"]) == (1, str(target), "parquet")


def test_a_pipe_gets_the_records_and_nothing_else(db: Path) -> None:
    done = process("export", "escalations", "--stdout", "--db", db, "--as", "ana")
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(row["state"] for row in found) == ["DECIDED", "WAITING"]


def test_on_a_terminal_a_bar_says_how_far_it_is(db: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*OVERREAD, "export", "events", "--out", "out.csv", "--db", str(db), "--as", "ana"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, cwd=tmp_path, check=False, timeout=60
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert re.search(r"█{24} 100 %  (\d+) of \1 events", shown)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("decisions", "--out", "x.xls"), 2, "csv, jsonl, parquet"),
        (("decisions", "--stdout", "--json"), 2, "goes with none of"),
        (("decisions", "--names"), 2, "--names is for sessions"),
        (("decisions", "--since", "2999-01-01"), 2, "ends before it begins"),
        (("audits",), 2, "No such command"),
        (
            ("events", "--out", "/nowhere/x.csv"),
            1,
            "cannot be written; check that its folder is there",
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_answered_with_a_sentence(
    db: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    done = taking(db, *words)
    assert done.returncode == code
    assert told in done.stderr
    assert done.stdout == ""


def test_a_period_without_data_says_so(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "none.jsonl"
    done = taking(db, "sessions", "--since", "2020-01-01", "--until", "2020-02-01", "--out", target)
    assert done.returncode == 0
    assert "there are no sessions from 20" in done.stderr
    assert target.read_bytes() == b""


def test_what_is_secret_leaves_with_a_warning(db: Path, tmp_path: Path) -> None:
    done = taking(db, "escalations", "--sensitive", "--out", tmp_path / "all.csv")
    assert "what is confidential or restricted is in it" in done.stderr


@pytest.mark.parametrize("what", WHATS)
def test_every_column_is_explained_here_and_in_the_guide(what: What) -> None:
    guide = (CHECKOUT / "queue" / "README.md").read_text("utf-8")
    chapter = guide.partition("\n## Exports\n")[2].partition("\n## ")[0]
    said = run("export", "columns", what).stdout
    for column in columns(what):
        assert re.search(rf"^{column.name} +{column.kind} +\S", said, re.MULTILINE)
        assert re.search(rf"\b{column.name}\b", chapter), column.name
    assert not any(is_hidden(char) for char in said.replace("\n", ""))
    told = json.loads(run("export", "columns", what, "--json").stdout)
    assert [one["name"] for one in told] == [column.name for column in columns(what)]


def test_parquet_is_not_thrown_at_a_terminal(db: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*OVERREAD, "export", "events", "--format", "parquet", "--stdout", "--as", "ana"]
    done = subprocess.run(
        [*command, "--db", str(db)], stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert b"write it to a file, or into a pipe" in done.stderr
