"""`overread search` in a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import decide, make_desk, run, submit


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_desk(tmp_path_factory.mktemp("desk"))
    decide(made, submit(made, "one", question="Refund the violin?"), "approve")
    submit(made, "two", question="Refund \u202ethe cello \x1b[2J?")
    return made


def test_what_is_found_comes_with_its_answer(db: Path) -> None:
    done = run("search", "violin", "--db", db, "--as", "ana")
    first, second = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert first.split("  ")[2:] == ["approve", "refund-agent", "payments.refund"]
    assert second == "  Refund the violin?"


def test_what_the_shell_was_given_in_quotes_is_a_phrase(db: Path) -> None:
    def hits(*words: str) -> int:
        done = run("search", *words, "--db", db, "--as", "ana", "--json")
        return len(json.loads(done.stdout))

    assert [hits("violin", "the"), hits("the violin"), hits("violin the")] == [1, 1, 0]


def test_no_words_act_on_the_terminal(db: Path) -> None:
    done = run("search", "cello", "--db", db, "--as", "ana")
    assert "Refund ⟪RLO⟫the cello ⟪ESC⟫[2J?" in done.stdout
    assert "\x1b" not in done.stdout


def test_nothing_found_and_nothing_asked(db: Path) -> None:
    none = run("search", "bassoon", "--db", db, "--as", "ana")
    assert (none.returncode, none.stdout) == (0, "")
    assert "nothing has all of these words" in none.stderr
    empty = run("search", "--db", db, "--as", "ana")
    assert empty.returncode == 2
    assert "at least one word" in empty.stderr


def test_the_index_is_made_anew_on_request(db: Path) -> None:
    done = run("search", "--renew", "--db", db, "--as", "ana")
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 escalations are in it" in done.stderr
