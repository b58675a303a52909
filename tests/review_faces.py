"""Two ways to tell the same story: keys on a full screen, and lines typed at the plain face."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import anyio
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerCancelled

from factories import House
from overread_console.flow.review_flow import ReviewFlow
from overread_console.plain.face import PlainFace
from overread_console.plain.talk import Talk
from overread_console.tui.app import OverreadApp
from overread_queue.clock import ManualClock

KINDS = ("screen", "plain")

PATIENCE = 60.0
"""Seconds that no face needs, on the busiest of machines."""


class Face(Protocol):
    """What a reviewer does, whatever the face."""

    async def begin(self) -> None:
        """Start a session."""

    async def key(self, letter: str) -> None:
        """Press or type one letter."""

    async def words(self, text: str) -> None:
        """Answer a question in words."""

    async def words_as_before(self) -> None:
        """Answer with what was typed the last time."""

    async def yes(self) -> None:
        """Say yes to what is asked."""

    async def token(self, text: str) -> None:
        """Type what an irreversible approval is done to."""

    async def judge(self, letter: str, sureness: str) -> None:
        """Make a first judgement: the letter of an option, then `1`, `2` or `3`."""

    async def challenge(self, *texts: str) -> None:
        """Answer what is asked before a high-risk approval, line by line."""

    async def fill(self, *texts: str, token: str = "") -> None:
        """Fill in a form, field by field, and approve what it shows."""

    async def later(self, seconds: float) -> None:
        """Let time pass, with the console open."""

    async def notices(self) -> None:
        """Open the feed of what agents told of."""

    async def object(self, reason: str) -> None:
        """Object to the first notice of the feed."""

    async def policy(self) -> str:
        """Everything that the viewer shows of the policy."""

    def text(self) -> str:
        """What can be read: the screen now, or everything said so far."""


@asynccontextmanager
async def open_face(kind: str, house: House, reviewer: str = "ana") -> AsyncIterator[Face]:
    """A face on the house's desk; leaving it closes the console."""
    opened = open_screen(house, reviewer) if kind == "screen" else open_plain(house, reviewer)
    async with opened as face:
        yield face


def manual(house: House) -> ManualClock:
    assert isinstance(house.clock, ManualClock)
    return house.clock


class Screen:
    """The full screen, driven by its keys."""

    def __init__(self, app: OverreadApp, pilot: Pilot[None], clock: ManualClock) -> None:
        self.app = app
        self.pilot = pilot
        self._clock = clock

    async def begin(self) -> None:
        await self.press("enter")

    async def key(self, letter: str) -> None:
        self._clock.advance(seconds=1)
        await self.press({"?": "question_mark"}.get(letter, letter))

    async def words(self, text: str) -> None:
        self.app.screen.query_one(Input).value = text
        await self.press("enter")

    async def words_as_before(self) -> None:
        await self.press("enter")

    async def yes(self) -> None:
        await self.press("y")

    async def token(self, text: str) -> None:
        await self.press(*text, "enter")

    async def judge(self, letter: str, sureness: str) -> None:
        for key in ("j", letter, sureness):
            await self.key(key)

    async def challenge(self, *texts: str) -> None:
        await self._fill_in(texts)
        await self.press(*["enter"] * len(texts))

    async def fill(self, *texts: str, token: str = "") -> None:
        await self._fill_in(texts)
        await self.press("ctrl+s")
        if token:
            await self.token(token)

    async def _fill_in(self, texts: tuple[str, ...]) -> None:
        for box, text in zip(self.app.screen.query(Input), texts, strict=True):
            box.value = text
        await self.settle()

    async def later(self, seconds: float) -> None:
        self._clock.advance(seconds=seconds)
        self.app.tick()
        await self.settle()

    async def notices(self) -> None:
        await self.press("n")

    async def object(self, reason: str) -> None:
        await self.press("o")
        await self.words(reason)

    async def policy(self) -> str:
        await self.press("p")
        pages = []
        for key in "12345":
            await self.press(key)
            pages.append(self.text())
        await self.press("escape")
        return "\n".join(pages)

    def text(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def until(self, words: str) -> None:
        """Wait for something that comes by itself, such as news from the database's folder."""
        with anyio.fail_after(PATIENCE):
            while words not in self.text():
                await anyio.sleep(0.05)
                await self.settle()

    async def settle(self) -> None:
        """Until the store has answered and the answer is on the screen."""
        for _ in range(50):
            await self.pilot.pause()
            busy = [one for one in self.app.workers if one.group == "store" and one.is_running]
            if not busy:
                break
            with suppress(WorkerCancelled):  # the console may be closing
                await self.app.workers.wait_for_complete(busy)
        await self.pilot.pause()
        assert_printable(self.text())


@asynccontextmanager
async def open_screen(
    house: House, reviewer: str = "ana", *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Screen]:
    flow = ReviewFlow(house.desk(reviewer), house.clock)
    app = OverreadApp(flow, db=house.path, clock=house.clock)
    try:
        async with app.run_test(size=size) as pilot:
            screen = Screen(app, pilot, manual(house))
            await screen.settle()
            yield screen
    finally:
        flow.close()


class _Typed(io.TextIOBase):
    """Input that waits for the story, and knows when the face waits for it."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.asked = threading.Event()

    def readline(self, _: int = -1) -> str:  # type: ignore[override]
        self.asked.set()
        line = self._lines.get()
        if not line:
            self._lines.put(line)  # The end of the input stays the end.
        return line

    def type(self, line: str) -> None:
        self.asked.clear()
        self._lines.put(line)


class Plain:
    """The plain face, driven by lines."""

    def __init__(self, typed: _Typed, said: io.StringIO, clock: ManualClock) -> None:
        self._typed = typed
        self._said = said
        self._clock = clock

    async def begin(self) -> None:
        """It began by itself."""

    async def key(self, letter: str) -> None:
        await self._line(letter)

    async def words(self, text: str) -> None:
        await self._line(text)

    async def words_as_before(self) -> None:
        await self._line("")

    async def yes(self) -> None:
        await self._line("yes")

    async def token(self, text: str) -> None:
        await self._line(text)

    async def judge(self, letter: str, sureness: str) -> None:
        for text in ("judge", letter, sureness):
            await self._line(text)

    async def challenge(self, *texts: str) -> None:
        for text in texts:
            await self._line(text)

    async def fill(self, *texts: str, token: str = "") -> None:
        for text in texts:
            await self._line(text)
        await self._line(token or "yes")

    async def later(self, seconds: float) -> None:
        self._clock.advance(seconds=seconds)
        await self._line("?")

    async def notices(self) -> None:
        await self._line("notices")

    async def object(self, reason: str) -> None:
        for text in ("object", "1", reason):
            await self._line(text)

    async def policy(self) -> str:
        await self._line("policy")
        return self.text()

    def text(self) -> str:
        return self._said.getvalue()

    async def _line(self, text: str) -> None:
        self._typed.type(text + "\n")
        assert await anyio.to_thread.run_sync(self._typed.asked.wait, PATIENCE)
        assert_printable(self.text())


@asynccontextmanager
async def open_plain(house: House, reviewer: str = "ana") -> AsyncIterator[Plain]:
    clock = manual(house)
    flow = ReviewFlow(house.desk(reviewer), clock)
    typed, said = _Typed(), io.StringIO()

    def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    face = PlainFace(flow, Talk(typed, said), clock=clock, sleep=sleep)
    over = threading.Event()

    def session() -> None:
        try:
            face.session(None)
        finally:
            over.set()
            typed.asked.set()

    thread = threading.Thread(target=session, name="plain face", daemon=True)
    thread.start()
    assert await anyio.to_thread.run_sync(typed.asked.wait, PATIENCE)
    try:
        yield Plain(typed, said, clock)
    finally:
        typed.type("")
        assert await anyio.to_thread.run_sync(over.wait, PATIENCE)
        flow.close()


def assert_printable(text: str) -> None:
    """The second half of every story: nothing active ever reaches a terminal."""
    active = {char for char in text if not char.isprintable() and char != "\n"}
    assert not active, f"active characters on show: {sorted(map(hex, map(ord, active)))}"
