"""A lead at the shell finds out what was really right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
import policy_drafts


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return policy_drafts.make_desk(tmp_path, policy_drafts.UNDRAWN)


def test_from_the_list_to_the_truth(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, "reject", reason="no")

    waiting = command.run("adjudicate", "--next", "--as", "boris", "--db", desk)
    assert id in waiting.stdout
    assert "reject" not in waiting.stdout
    told = command.run("adjudicate", "--next", "--said", "--as", "boris", "--db", desk)
    assert "people said reject" in told.stdout
    blind = command.run("adjudicate", "--next", "--json", "--as", "boris", "--db", desk)
    assert not {"verdict", "outcome"} & json.loads(blind.stdout)[0].keys()

    ask = ("adjudicate", id, "--as", "boris", "--db", desk)
    assert "nobody has said" in command.run(*ask).stderr
    said = ("wrong", "--source", "outcome", "--harmful", "--loss", "12.5", "--note", "no parcel")
    done = command.process("adjudicate", id, *said, "--as", "boris", "--db", desk)
    assert done.returncode == 0, done.stderr
    assert f"{id} was wrong" in done.stdout
    assert "wrong, harmful, cost 12.50" in done.stdout
    assert json.loads(command.run(*ask, "--json").stdout)["words"][0]["note"] == "no parcel"
    gone = command.run("adjudicate", "--next", "--as", "boris", "--db", desk)
    assert "nothing waits" in gone.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--next"),
        (("some-id", "--next"), "--next"),
        (("some-id", "right"), "--source"),
        (("some-id", "--source", "audit"), "--source"),
        (("some-id", "maybe", "--source", "audit"), "maybe"),
    ],
)
def test_half_a_sentence_is_not_understood(desk: Path, words: tuple[str, ...], told: str) -> None:
    done = command.run("adjudicate", *words, "--as", "boris", "--db", desk)
    assert done.returncode == 2
    assert told in done.stderr


def test_who_is_no_lead_may_only_look(desk: Path) -> None:
    id = command.submit(desk, "a")
    command.decide(desk, id, "reject", reason="no")
    words = ("adjudicate", id, "right", "--source", "audit", "--as", "ana", "--db", desk)
    assert command.run(*words).returncode == 7
