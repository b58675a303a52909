"""A bell wakes its waiter; where none can be hung up, the waiter looks again by itself."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import settle
from overread_queue.store.bell import Bell, folder, ring


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def test_both_sides_agree_whatever_their_session_says(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent under cron has no run-time directory, the reviewer's login has one."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with Bell(here.path, "topic") as bell:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        ring(here.path, "topic")
        assert bell.wait(10)


def test_nobody_else_may_look_into_the_folder_of_bells(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    bells = folder(here.path)
    assert bells.parent == tmp_path / f"overread-{os.getuid()}"
    assert [one.stat().st_mode & 0o777 for one in (bells, bells.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("trouble", ["too long", "no folder"])
def test_without_a_bell_a_waiter_still_gets_its_answer(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    place = tmp_path / ("x" * 120)
    if trouble == "too long":
        place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with Bell(here.path, "topic") as bell:
        ring(here.path, "topic")
        assert not bell.wait(0.01)
    with here.agent() as queue:
        ticket = queue.submit(brief())
        assert queue.wait(ticket, timeout=0.01) is None
        settle(here, ticket, "reject")
        decision = queue.wait(ticket, timeout=10)
    assert decision is not None
    assert decision.verdict == "reject"
