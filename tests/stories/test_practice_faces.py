"""Practising on both faces: each screen says so, and a lesson follows each decision."""

from __future__ import annotations

import io
import random
from pathlib import Path

from factories import NOON
from overread_console.practice.burst import load_items
from overread_console.practice.desk import policy_for, practice_desk
from overread_console.practice.flow import PracticeFlow
from overread_console.practice.run import plainly, practise
from overread_console.tui.practice import PracticeApp
from overread_queue.clock import ManualClock
from overread_queue.desk import ReviewDesk
from practice_items import SOUND, WRONG, members, own_folder, question
from review_faces import Screen, assert_printable


async def test_on_the_full_screen(tmp_path: Path) -> None:
    items, clock = own_folder(tmp_path / "items"), ManualClock(NOON)
    with practice_desk(load_items(items), policy=policy_for(items, tmp_path), clock=clock) as place:
        desk = ReviewDesk.open(place.path, reviewer="you", clock=clock)
        flow = PracticeFlow(desk, clock, place.labels)
        app = PracticeApp(flow, db=place.path, clock=clock)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = Screen(app, pilot, clock)
            await screen.settle()
            assert "PRACTICE" in screen.text()
            await screen.press("L")
            assert "nobody measures practice" in screen.text()
            await screen.begin()
            assert "PRACTICE" in screen.text()
            first, second = in_order(screen.text())
            await screen.key("r")
            assert "PRACTICE" in screen.text()
            await screen.words("milliseconds")

            await screen.until("PRACTICE: what this one was")
            assert members(first)["quote"].split()[0] in screen.text()
            await screen.press("a", "n", "q")
            assert "what this one was" in screen.text(), "a lesson is left with enter only"

            await screen.press("enter")
            await screen.until(question(second))
            assert "PRACTICE" in screen.text()
            await screen.press("q", "enter")
            assert "PRACTICE" in screen.text()
        flow.close()


def in_order(shown: str) -> tuple[str, str]:
    """Items that are due together come in any order: the one on show, and the other."""
    return (WRONG, SOUND) if question(WRONG) in shown else (SOUND, WRONG)


def test_as_plain_lines(tmp_path: Path) -> None:
    said = io.StringIO()
    show = plainly(io.StringIO("r\nmilliseconds\n\nr\nno\n\nq\n"), said, sleep=lambda _: None)

    practise(
        show,
        items=own_folder(tmp_path / "items"),
        desk=tmp_path / "desk.db",
        chance=random.Random(3),
        clock=ManualClock(NOON),
    )

    text = said.getvalue()
    assert_printable(text)
    _, *parts = text.split("PRACTICE item ")
    assert [part.split(".")[0] for part in parts] == ["1 of 2", "2 of 2"]
    for name in (WRONG, SOUND):
        (part,) = [one for one in parts if f"Question: {question(name)}" in one]
        assert f"“{members(name)['quote']}”" in part.split("Where to see it")[1]
    questions = [line for line in text.splitlines() if "What now?" in line]
    assert questions
    assert all(line.startswith("PRACTICE.") for line in questions)
