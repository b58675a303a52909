"""The second layer: even what forgot to go through `visible()` cannot act on the terminal."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from overread_console.tui.last_filter import PrintableOnly

ACTIVE = "safe\x1b[2J\x9b31m\u202eevil\u200b\x00\U000e0041"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_active_characters_are_replaced_and_the_rest_stays() -> None:
    (segment,) = PrintableOnly().apply([Segment(ACTIVE)], Color(0, 0, 0))
    assert segment.text.isprintable()
    assert "safe" in segment.text
    assert "evil" in segment.text


def test_ordinary_segments_pass_untouched() -> None:
    segments = [Segment("Refund €59,95 für 佐藤"), Segment(" ✗ ")]
    assert PrintableOnly().apply(segments, Color(0, 0, 0)) is segments


class Careless(App[None]):
    """Shows text that nobody made safe."""

    def __init__(self) -> None:
        super().__init__()
        self._filters.append(PrintableOnly())

    def compose(self) -> ComposeResult:
        yield Static(Content(ACTIVE))


async def test_it_is_in_the_way_of_everything_that_a_widget_renders() -> None:
    async with Careless().run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        strips = pilot.app.screen._compositor.render_strips()
        text = "".join(segment.text for strip in strips for segment in strip)
    assert "safe" in text
    assert text.isprintable()
