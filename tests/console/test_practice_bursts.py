"""A burst of practice: real in every part, and nowhere near the real desk."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest

import command
from factories import NOON, house
from overread_console.practice.desk import PracticeDesk
from overread_console.practice.flow import PracticeFlow
from overread_console.practice.run import plainly, practise
from overread_queue.clock import Clock, ManualClock
from overread_queue.errors import NotYet
from practice_items import SOUND, WRONG, members, own_folder, question

QUESTION = {name: question(name) for name in (WRONG, SOUND)}


def closing(tmp_path: Path, answers: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    """What a burst of one wrong and one sound item ends with, after these answers."""

    def show(_: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        flow.start()
        while flow.scene.review is not None:
            option, reason = answers[flow.scene.review.brief.question]
            flow.choose(option, reason=reason)
            assert flow.scene.review is None, "the next item waits until the lesson is read"
            flow.tick()
            assert flow.scene.review is None
            assert not flow.scene.finished or flow.scene.total == 2
            flow.go_on()

    items = own_folder(tmp_path / "items")
    return practise(show, items=items, desk=tmp_path / "desk.db", clock=ManualClock(NOON))


def test_what_was_let_through_is_named_with_what_to_look_for(tmp_path: Path) -> None:
    lines = closing(tmp_path, {QUESTION[WRONG]: ("approve", ""), QUESTION[SOUND]: ("approve", "")})

    assert lines[1:] == (f"Let through: unit error. Next time: {members(WRONG)['look_for']}.",)


def test_what_was_held_up_for_nothing_is_told_as_well(tmp_path: Path) -> None:
    lines = closing(
        tmp_path,
        {QUESTION[WRONG]: ("reject", "milliseconds"), QUESTION[SOUND]: ("reject", "disk full")},
    )

    assert "Let through" not in "".join(lines)
    assert lines[1].startswith("Held up although nothing was wrong. Next time: ")


def test_a_burst_without_a_miss_ends_without_praise_or_grade(tmp_path: Path) -> None:
    lines = closing(
        tmp_path,
        {QUESTION[WRONG]: ("need-info", "which unit?"), QUESTION[SOUND]: ("approve", "")},
    )

    assert lines[1:] == ("Nothing wrong was let through, and nothing sound was held up.",)
    assert not any(char.isdigit() for char in "".join(lines))


def test_the_real_desk_is_not_touched_and_the_other_one_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = house(tmp_path / "real")
    items, elsewhere = own_folder(tmp_path / "items"), tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    monkeypatch.setenv("OVERREAD_TRUST", str(real.places.trust))
    monkeypatch.setenv("OVERREAD_KEYS", str(real.places.keys))
    before = contents(real.path.parent)
    there: list[Path] = []

    def show(place: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        there.extend(place.path.parent.iterdir())
        plainly(io.StringIO("r\nno\n\nr\nno\n\nq\n"), io.StringIO(), sleep=lambda _: None)(
            place, flow, clock
        )
        assert len(flow.outcomes) == 2

    practise(show, items=items, desk=real.path, clock=real.clock)

    assert contents(real.path.parent) == before
    assert {path.name for path in there} >= {"practice.db", "practice.trust", "practice.keys"}
    assert list(elsewhere.glob("*practice*")) == []


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_item_asks_in_the_name_of_an_agent_of_its_own(tmp_path: Path) -> None:
    names: list[str] = []

    def show(_: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        flow.start()
        while flow.scene.review is not None:
            names.append(flow.scene.review.brief.agent.name)
            flow.skip()

    items = own_folder(tmp_path / "items")
    practise(show, items=items, desk=tmp_path / "desk.db", clock=ManualClock(NOON))

    assert sorted(names) == ["infra-agent-1", "infra-agent-2"]


def test_it_works_where_there_is_no_desk_and_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = command.run("review", "--practice", stdin="r\nnot like this\n\nq\n")

    assert done.returncode == 0, done.stderr
    assert "PRACTICE item 1 of 6." in done.stdout
    assert "Where to see it: evidence " in done.stdout
    assert "PRACTICE is over" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_practice_is_nobodys_session(tmp_path: Path) -> None:
    done = command.run("review", "--practice", "--as", "ana")

    assert done.returncode == 2
    assert "leave out --as and --limit" in done.stderr


def test_a_leads_own_items_are_refused_by_name_before_anything_is_made(tmp_path: Path) -> None:
    own_folder(tmp_path)
    (tmp_path / "mine.json").write_text("{}")

    done = command.run("review", "--practice-items", tmp_path)

    assert done.returncode == 2
    assert "mine.json: brief: It is missing" in done.stderr
    assert done.stdout == ""


def test_the_friction_is_that_of_the_real_desk(tmp_path: Path) -> None:
    real = house(tmp_path / "real")
    policy = real.places.policy_file
    slow = policy.read_text(encoding="utf-8").replace('floor_hard = "0s"', 'floor_hard = "33s"')
    policy.write_text(slow, encoding="utf-8")
    seconds: list[int] = []

    def show(_: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        seconds.append(flow.desk.policy().friction.floor_hard)

    practise(show, items=None, desk=real.path, clock=real.clock)

    assert seconds == [33]


def test_an_approval_is_earned_as_it_is_at_work(tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    locks: list[str] = []

    def show(_: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        flow.start()
        locks.append(flow.scene.lock)
        with pytest.raises(NotYet):
            flow.choose("approve")
        assert flow.lesson is None
        assert flow.scene.review is not None

    items = own_folder(tmp_path / "items", friction="")
    practise(show, items=items, desk=tmp_path / "desk.db", clock=clock)

    assert locks[0].startswith("approve in ")
