"""Where everybody has done their day's work, what waits goes along the chain of pools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House
from journey import events, pass_time, row, settle
from overread_queue.errors import Backpressure
from overread_queue.models import Ticket
from overread_queue.setup import add_reviewer
from overread_queue.staffing import Staff
from overread_queue.states import EscalationState
from overread_queue.trust.people import Reviewer
from tier_desks import NO_AUDITS, asking, policy, refund, tier_house

ONE_A_DAY = NO_AUDITS + "[limits]\nday_items = 1\n"
"""For ana and ben, who work the first pool, and for whoever works the second."""


@pytest.fixture
def here(tmp_path: Path) -> House:
    """Only cam works the second pool."""
    text = policy(more=ONE_A_DAY).replace('role = "second"', 'role = "accounts"')
    made = tier_house(tmp_path, text)
    add_reviewer(made.places, Reviewer(name="cam", label="Cam", roles=("accounts",)))
    return made


def submit(here: House, count: int, *, first: int = 1) -> list[Ticket]:
    with here.agent("bot") as queue:
        return [queue.submit(asking(refund(number))) for number in range(first, first + count)]


def sweep(here: House) -> None:
    with here.desk("olga") as olga:
        olga.sweep()


def pools(here: House, tickets: list[Ticket]) -> list[str]:
    return [row(here.path, ticket.id).pool for ticket in tickets]


def test_what_waits_goes_on_when_the_last_one_is_done(here: House) -> None:
    first, second, *rest = submit(here, 5)
    settle(here, first, "reject", reviewer="ana")
    sweep(here)
    assert pools(here, rest) == ["first"] * 3, "ben is still there"
    before = row(here.path, rest[0].id)
    with here.desk("ben") as ben:
        held = ben.claim(rest[2].id)
        settle(here, second, "reject", reviewer="ben")
        sweep(here)
        after = row(here.path, rest[0].id)
        assert pools(here, rest) == ["second", "second", "first"], "what is claimed stays"
        assert (after.deadline_at, after.promote_at) == (before.deadline_at, before.promote_at)
        assert after.state is EscalationState.WAITING
        ben.release(held)
    moved = [one for one in events(here.path) if one.kind == "overflowed"]
    assert {one.actor for one in moved} == {"desk"}
    assert json.loads(moved[0].detail)["to_pool"] == "second"
    sweep(here)
    assert pools(here, rest) == ["second"] * 3
    sweep(here)
    assert len([one for one in events(here.path) if one.kind == "overflowed"]) == 3


def test_what_comes_goes_where_somebody_is(here: House) -> None:
    for ticket, person in zip(submit(here, 2), ("ana", "ben"), strict=True):
        settle(here, ticket, "reject", reviewer=person)
    (ticket,) = submit(here, 1, first=3)
    assert row(here.path, ticket.id).pool == "second"
    pass_time(here, 86_400)
    (ticket,) = submit(here, 1, first=4)
    assert row(here.path, ticket.id).pool == "first", "tomorrow they are back"


def test_where_nobody_is_left_the_desk_is_full(tmp_path: Path) -> None:
    here = tier_house(tmp_path, policy(more=ONE_A_DAY))
    left, *done = submit(here, 3)
    for ticket, person in zip(done, ("ana", "ben"), strict=True):
        settle(here, ticket, "reject", reviewer=person)
    with here.agent("bot") as queue:
        assert queue.pressure("payments.refund").level == "full"
        with pytest.raises(Backpressure):
            queue.submit(asking(refund(9)))
    sweep(here)
    assert pools(here, [left]) == ["first"], "there is nowhere to go; it waits for tomorrow"
    assert "overflowed" not in [one.kind for one in events(here.path)]


def test_a_colleague_on_loan_keeps_a_pool_open(here: House) -> None:
    *done, left = submit(here, 3)
    with Staff.open(here.path, reviewer="ana", clock=here.clock) as ana:
        ana.lend("first", to="cam", until=here.clock.now() + 3_600_000)
    for ticket, person in zip(done, ("ana", "ben"), strict=True):
        settle(here, ticket, "reject", reviewer=person)
    sweep(here)
    assert pools(here, [left]) == ["first"]
    pass_time(here, 3_600)
    sweep(here)
    assert pools(here, [left]) == ["second"], "the loan is over"
