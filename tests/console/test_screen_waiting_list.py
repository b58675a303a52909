"""Ten thousand waiting items: only what is on the screen is ever fetched."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from overread_console.tui.desk.waiting import PAGE, WaitingList
from overread_queue.models import Row
from overread_queue.states import EscalationKind, EscalationState, Tier

IDS = tuple(f"item-{n:05}" for n in range(10_000))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def a_row(id: str) -> Row:
    return Row(
        id=id,
        question=f"Question of {id}?",
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


class Desk(App[None]):
    """A list, and a store that counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def compose(self) -> ComposeResult:
        yield WaitingList()

    def on_mount(self) -> None:
        self.waiting.show(IDS, [])
        self.waiting.focus()

    def on_waiting_list_rows_wanted(self, message: WaitingList.RowsWanted) -> None:
        self.fetched += message.ids
        self.waiting.put([a_row(id) for id in message.ids])

    @property
    def waiting(self) -> WaitingList:
        return self.query_one(WaitingList)

    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def test_a_jump_to_the_end_fetches_two_pages_of_ten_thousand() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        assert "Question of item-09999?" in app.text()
    assert len(app.fetched) == len(set(app.fetched)) == 2 * PAGE


async def test_the_cursor_stays_on_its_item_when_the_order_changes() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("down", "down")
        assert app.waiting.chosen == "item-00002"
        app.waiting.show(("item-new", *IDS), [])
        assert app.waiting.chosen == "item-00002"


async def test_what_is_gone_keeps_its_place_and_says_so() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        app.waiting.mark_gone(frozenset({"item-00001"}))
        await pilot.pause()
        second = app.text().splitlines()[1]
    assert "taken" in second
    assert "Question of item-00001?" in second
