"""A brief that is not right is refused before anything is written, with a sentence per fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command


def faulty(name: str) -> bytes:
    """A good brief with one thing wrong, as bytes."""
    good = command.brief()
    match name:
        case "a missing part":
            del good["question"]
        case "an unknown field":
            good["urgency"] = "very"
        case "over budget":
            good["question"] = " ".join(["why"] * 20) + "?"
        case "not JSON":
            return b"dear reviewers,"
        case "wrong schema version":
            good["schema"] = "overread/brief/9"
        case "NaN":
            return json.dumps(good | {"signals": {"confidence": float("nan")}}).encode()
        case "no object":
            return b"[]"
        case "the same key twice":
            return b'{"question": "a", "question": "b"}'
    return json.dumps(good).encode()


FAULTS = {
    "a missing part": "question: It is missing",
    "an unknown field": "urgency: No such field",
    "over budget": "question: Cut 6 words",
    "not JSON": "It is not JSON",
    "wrong schema version": "overread/brief/9",
    "NaN": "NaN is not a JSON number",
    "no object": "Give one JSON object",
    "the same key twice": "appears twice",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command.make_desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize(("fault", "sentence"), FAULTS.items())
def test_a_faulty_brief_is_refused_with_a_sentence(
    desk: Path, tmp_path: Path, fault: str, sentence: str
) -> None:
    file = tmp_path / "brief.json"
    file.write_bytes(faulty(fault))

    done = command.run("submit", file, "--db", desk)

    assert (done.returncode, done.stdout) == (3, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert command.run("list", "--json", "--db", desk).stdout.strip() == "[]"


def test_every_fault_has_a_line_of_its_own(desk: Path) -> None:
    members = command.brief(urgency="very")
    del members["question"], members["evidence"]

    done = command.run("submit", "-", "--db", desk, stdin=json.dumps(members))

    told = [line.removeprefix("overread: ").split(":")[0] for line in done.stderr.splitlines()]
    assert sorted(told) == ["evidence", "question", "urgency"]


def test_lint_says_offline_what_submission_would_say(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(command.brief()))
    bad.write_bytes(faulty("over budget"))

    done = command.run("brief", "lint", good, bad)

    assert done.returncode == 3
    assert f"{good}: ok" in done.stdout
    assert f"{bad}: question: Cut 6 words" in done.stdout


def test_fifty_megabytes_are_refused_by_their_size(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as sparse:
        sparse.truncate(50_000_000)

    done = command.run("submit", file, "--db", desk)

    assert done.returncode == 3
    assert "50,000,000 bytes" in done.stderr


def test_an_endless_stdin_is_refused_too(desk: Path) -> None:
    done = command.run("submit", "-", "--db", desk, stdin=" " * 3_000_000)

    assert done.returncode == 3
    assert "1,048,576 at most" in done.stderr


def test_escape_sequences_in_a_brief_do_not_reach_the_terminal(desk: Path) -> None:
    done = command.run(
        "submit", "-", "--db", desk, stdin=json.dumps(command.brief() | {"\x1b[2J": 1})
    )

    assert done.returncode == 3
    assert "\x1b" not in done.stderr
    assert "⟪ESC⟫[2J" in done.stderr


def test_a_checkpoint_must_be_json(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint"
    file.write_text("{step: 3}")

    done = command.run("submit", command.REFUND, "--checkpoint", file, "--db", desk)

    assert done.returncode == 2
    assert f"{file}: It is not JSON" in done.stderr


def test_a_file_that_is_not_there_is_a_matter_of_usage(desk: Path) -> None:
    done = command.run("submit", "nowhere.json", "--db", desk)

    assert done.returncode == 2
    assert "nowhere.json cannot be read" in done.stderr
