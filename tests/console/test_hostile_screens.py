"""Hostile text on every screen and dialog: nothing active is drawn, nothing happens by itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from factories import NOON, House
from hostile import ACTIVE, EVERYTHING, MADE, PUBLISHED, WORST
from hostile_desk import assert_untouched, hostile_house, notify_hostile, submit_hostile, text_of
from overread_console.practice.run import plainly, practise
from overread_console.tui.desk.waiting import WaitingList
from overread_console.tui.last_filter import PrintableOnly
from overread_queue.clock import ManualClock
from overread_queue.models import Row
from overread_queue.states import EscalationKind, EscalationState, Tier
from practice_items import SOUND, WRONG, members, own_folder
from review_faces import Screen, assert_printable, open_face, open_screen

SMALL, LARGE, TALL = (80, 24), (120, 40), (120, 100)
LOOKS = ("d", "w", "1", "2", "3", "v", "c", "escape", "?", "escape")
"""What is only read; `c` opens a dialog."""
DIALOGS = ("m", "r", "i", "e", "a", "z", "S")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def parts(strings: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(strings), size):
        yield strings[start : start + size]


def trusting_the_first_layer(face: Screen) -> None:
    """Take the last filter away, so that only what `visible()` passed is safe."""
    (last,) = (one for one in face.app._filters if isinstance(one, PrintableOnly))
    face.app._filters.remove(last)


async def look_around(face: Screen) -> None:
    """The desk, the notices, the policy."""
    await face.press("n", "enter", "escape", "o", "escape", "escape")
    await face.policy()


async def look_at_the_item(face: Screen) -> None:
    for key in LOOKS:
        await face.key(key)
    await face.press("escape")
    for key in DIALOGS:
        await face.key(key)
        await face.press("escape")


async def review_all_that_is_hostile(
    desk: House, strings: Sequence[str], size: tuple[int, int]
) -> None:
    ticket = submit_hostile(desk, strings)
    notify_hostile(desk, strings)
    with desk.desk("ben") as ben:
        item = ben.claim(ticket.id)
        ben.comment(item, "".join(map(text_of, strings))[:2000] or "x")
        ben.release(item)
    async with open_screen(desk, size=size) as face:
        await look_around(face)
        await face.begin()
        assert "item 1 of" in face.text()
        await look_at_the_item(face)
        await face.press("q")
        await face.press("enter")


async def test_one_of_each_kind_on_every_screen(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path)
    await review_all_that_is_hostile(desk, WORST[::3], SMALL)
    assert_untouched(desk)


async def test_what_is_shown_is_safe_without_the_last_filter(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path)
    submit_hostile(desk, [ACTIVE, *WORST[1::2]])
    notify_hostile(desk, [ACTIVE, *WORST[1::2]])
    async with open_screen(desk, size=LARGE) as face:
        trusting_the_first_layer(face)
        await look_around(face)
        await face.begin()
        for key in ("d", "w", "1", "2", "3", "v", "?", "escape", "r", "escape", "a", "escape"):
            await face.key(key)
            if key in ("d", "w", "1"):
                assert "⟪ESC⟫]0;x⟪BEL⟫" in face.text()
    assert_untouched(desk)


@pytest.mark.soak
async def test_a_judgement_and_a_challenge_quote_nothing_active(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path, withhold_from="high", challenge_from="high")
    submit_hostile(desk, [ACTIVE])
    async with open_screen(desk, size=LARGE) as face:
        trusting_the_first_layer(face)
        await face.begin()
        await face.key("j")
        await face.press("escape")
        await face.judge("r", "2")
        await face.key("a")
        assert "weakest evidence" in face.text()
        await face.press("1")
        await face.press("escape", "q", "enter")
    assert_untouched(desk)


async def test_a_click_on_agents_markup_runs_nothing(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path)
    submit_hostile(desk, ["[@click=app.leave]leave[/]", "[@click=app.option('a')]a[/]"])
    async with open_screen(desk, size=LARGE) as face:
        await face.begin()
        await face.later(1)
        places = [(line.find("@click"), row) for row, line in enumerate(face.lines())]
        marked_up = [place for place in places if place[0] > 0]
        assert len(marked_up) > 3
        for place in marked_up[::3]:
            await face.pilot.click(offset=place)
            await face.settle()
            assert face.app.is_running
            await face.press("escape")
    assert_untouched(desk)


async def test_plain_lines_carry_nothing_active(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path)
    submit_hostile(desk, WORST)
    submit_hostile(desk, WORST[::-1])
    notify_hostile(desk, WORST)
    async with open_face("plain", desk) as face:
        for word in ("done", "why", "1", "2", "3", "comment", "", "list", "notices", "policy", "?"):
            await face.key(word)
        assert "⟪ESC⟫" in face.text()
        await face.key("q")
    assert_untouched(desk)


async def test_digits_without_end_are_no_number_to_the_plain_face(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path)
    submit_hostile(desk, [ACTIVE])
    notify_hostile(desk, [ACTIVE])
    async with open_face("plain", desk) as face:
        for line in ("9" * 5000, f"pick {'9' * 5000}", "object", "9" * 5000, "stop", "9" * 5000):
            await face.key(line)
        assert "Nothing was objected to." in face.text()
        assert "Nobody was stopped." in face.text()
    assert_untouched(desk)


@pytest.mark.soak
async def test_every_string_there_is_as_plain_lines(tmp_path: Path) -> None:
    for number, strings in enumerate(parts(EVERYTHING, 120)):
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = hostile_house(folder)
        submit_hostile(desk, strings)
        notify_hostile(desk, strings)
        async with open_face("plain", desk) as face:
            for word in ("done", "why", "1", "2", "notices"):
                await face.key(word)
        assert_untouched(desk)


def test_a_lesson_of_practice_carries_nothing_active(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "items")
    for name in (WRONG, SOUND):
        spoilt = dict.fromkeys(("kind", "explanation", "look_for"), f"x {ACTIVE}")
        text = json.dumps(members(name) | spoilt)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    said = io.StringIO()
    show = plainly(io.StringIO("r\nno\n\nr\nno\n\nq\n"), said, sleep=lambda _: None)
    practise(show, items=folder, desk=tmp_path / "desk.db", clock=ManualClock(NOON))
    assert said.getvalue().count("x ⟪ESC⟫]0;x⟪BEL⟫") == 4
    assert_printable(said.getvalue())


class Lists(App[None]):
    """The desk's list, with a question for every string there is."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = {f"item-{at:05}": a_row(text, at) for at, text in enumerate(EVERYTHING)}

    def compose(self) -> ComposeResult:
        yield WaitingList()

    def on_mount(self) -> None:
        waiting = self.query_one(WaitingList)
        waiting.show(tuple(self.rows), tuple(self.rows.values()))
        waiting.focus()


def a_row(question: str, at: int) -> Row:
    return Row(
        id=f"item-{at:05}",
        question=question,
        agent="refund-agent",
        action_type="payments.refund",
        tier=Tier.HARD_APPROVAL,
        pool="refunds",
        state=EscalationState.WAITING,
        deadline_at=3_600_000,
        claimable_at=0,
        expected_seconds=180,
        claimed_by=None,
        hops=0,
        revises=None,
        kind=EscalationKind.APPROVAL,
        promoted=False,
    )


async def test_every_string_there_is_as_a_line_of_the_list() -> None:
    assert len(PUBLISHED) == 503
    assert len(MADE) > 1800
    assert len(set(EVERYTHING)) > 2300
    app = Lists()
    async with app.run_test(size=(100, len(EVERYTHING))) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert len(lines) == len(EVERYTHING)
    assert_printable("\n".join(lines))
    assert sum("refund-agent" in line for line in lines) == len(EVERYTHING)


@pytest.mark.soak
@pytest.mark.parametrize("size", [SMALL, TALL], ids=str)
async def test_every_string_there_is_on_every_screen(size: tuple[int, int], tmp_path: Path) -> None:
    for number, strings in enumerate(parts(EVERYTHING, 120)):
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = hostile_house(folder)
        await review_all_that_is_hostile(desk, strings, size)
        assert_untouched(desk)
