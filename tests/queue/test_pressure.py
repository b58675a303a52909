"""Limits that nobody drowns behind: depth, overflow, backpressure, batches, half an SLA."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import events, kinds, pass_time, pick_up, raw, row, settle
from overread_queue.errors import Backpressure
from overread_queue.models import Ticket
from overread_queue.policy.load import parse_policy
from overread_queue.policy.model import Policy
from overread_queue.routing.pressure import (
    LONGEST_NAP,
    Depth,
    chain_of,
    filled,
    nap,
    pool_with_room,
    pressure_on,
    retry_after,
)
from overread_queue.states import EscalationState
from tier_desks import NO_AUDITS, asking, erase, flush, hide, mail, policy, refund, tier_house

E = EscalationState
HALF_HOUR = 1800


@pytest.fixture
def small(tmp_path: Path) -> House:
    """Two places in the first pool, one in the second."""
    return tier_house(tmp_path, policy(first="max_items = 2", second="max_items = 1"))


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def ask(house: House, amount: float, **extra: str) -> Ticket:
    with house.agent("bot") as bot:
        return bot.submit(asking(refund(amount)), key=f"refund-{amount}", **extra)


def fill(house: House) -> list[Ticket]:
    return [ask(house, amount) for amount in (1, 2, 3)]


def count(house: House, table: str) -> int:
    with raw(house.path) as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found)


# -- depth and overflow


def test_what_was_drawn_takes_no_room_and_no_agent_notices(tmp_path: Path) -> None:
    all_drawn = "[audit]\nrate = 1\nnew_rate = 1\n"
    here = tier_house(tmp_path, policy(first="max_items = 2", more=all_drawn))
    with here.agent("bot") as bot, here.desk() as ana:
        before = bot.pressure()
        for number in range(5):
            bot.propose(flush(number=number))
        pass_time(here, 1)
        ana.sweep()
        assert ana.depths()["first"].items == 5
        assert bot.pressure() == before
        assert row(here.path, ask(here, 1).id).pool == "first"


def test_what_does_not_fit_goes_to_the_next_pool(small: House) -> None:
    assert [row(small.path, one.id).pool for one in fill(small)] == ["first", "first", "second"]


def test_a_full_chain_says_when_to_come_back_and_records_only_that(small: House) -> None:
    fill(small)
    before = {name: count(small, name) for name in ("escalation", "run", "payload", "action")}
    with pytest.raises(Backpressure) as full:
        ask(small, 4)
    assert full.value.retry_after == 300
    assert {name: count(small, name) for name in before} == before
    assert events(small.path)[-1].kind == "refused:Backpressure"
    assert events(small.path)[-1].actor == "agent:bot"


def test_a_known_question_is_answered_also_on_a_full_desk(small: House) -> None:
    first, *_ = fill(small)
    assert ask(small, 1).id == first.id
    with small.agent("bot") as bot:
        revised = bot.revise(first, asking(refund(1.5)))
    assert row(small.path, revised.id).state is E.WAITING


def test_a_decision_makes_room(small: House) -> None:
    first, *_ = fill(small)
    settle(small, first, "reject")
    assert row(small.path, ask(small, 4).id).pool == "first"


def test_claimed_and_held_work_still_fills_its_pool(small: House) -> None:
    first, *_ = fill(small)
    with small.desk() as ana:
        ana.decide(pick_up(ana, first), option="approve")
        with pytest.raises(Backpressure):
            ask(small, 4)


def test_minutes_are_a_limit_of_their_own(tmp_path: Path) -> None:
    house = tier_house(tmp_path, policy(first="max_minutes = 7"))
    pools = [row(house.path, ask(house, amount).id).pool for amount in (1, 2, 3)]
    assert pools == ["first", "first", "second"]
    with house.agent("bot") as bot:
        assert row(house.path, bot.submit(asking(mail())).id).pool == "second"


def test_a_breach_or_a_senior_moves_items_into_a_full_pool_too(tmp_path: Path) -> None:
    """Limits refuse new work; what is on the desk is never dropped."""
    text = policy().replace('label = "Owners"', 'label = "Owners"\nmax_items = 1')
    house = tier_house(tmp_path, text)
    tickets = [ask(house, amount) for amount in (1, 2, 3)]
    with house.desk() as ana:
        ana.hand_on(ana.claim(tickets[0].id), reason="too big for me")
        pass_time(house, 4 * 3600)
        ana.sweep()
    assert {row(house.path, one.id).pool for one in tickets} == {"owners"}


def test_the_inbox_waits_outside_a_full_desk(small: House) -> None:
    first, *_ = fill(small)
    body = asking(refund(4)).to_bytes()
    with raw(small.path) as connection:
        connection.execute("INSERT INTO inbox (agent, key, body) VALUES ('bot', 'k', ?)", (body,))
        connection.execute("INSERT INTO inbox (agent, key, body) VALUES ('bot', 'bad', 'x')")
        with small.desk() as ana:
            assert [ana.sweep(), ana.sweep()] == [1, 0]
            states = "SELECT state FROM inbox ORDER BY id"
            assert [one[0] for one in connection.execute(states)] == ["new", "rejected"]
            settle(small, first, "reject")
            assert ana.sweep() == 1
            assert [one[0] for one in connection.execute(states)] == ["accepted", "rejected"]


# -- pressure


def test_agents_see_it_coming(tmp_path: Path) -> None:
    house = tier_house(tmp_path, policy(first="max_items = 4", second="max_items = 4"))
    with house.agent("bot") as bot:
        assert (bot.pressure().level, bot.pressure().filled) == ("open", 0)
        levels = []
        for amount in range(8):
            ask(house, amount + 1)
            levels.append(bot.pressure("payments.refund").level)
        now = bot.pressure("payments.refund")
    assert levels == ["open"] * 6 + ["busy", "full"]
    assert (now.filled, now.items, now.minutes) == (1, 8, 24)
    assert now.retry_after == 300


def test_an_agent_that_asks_in_general_hears_of_its_fullest_pool(small: House) -> None:
    with small.agent("bot") as bot:
        bot.submit(asking(mail()))
        assert bot.pressure("mail.send").level == "full"
        assert bot.pressure("payments.refund").level == "open"
        assert bot.pressure().level == "full"


def test_slowing_down_costs_nothing_on_an_open_desk_and_is_bounded(small: House) -> None:
    with small.agent("bot") as bot:
        assert bot.slow_down() == 0
        fill(small)
        assert bot.slow_down(at_most=0.01) == 0.01


@pytest.fixture(scope="module")
def limits() -> Policy:
    text = policy(first="max_items = 4\nmax_minutes = 10", second="max_items = 100")
    return parse_policy(text.encode(), source="policy")


def test_the_tighter_limit_counts(limits: Policy) -> None:
    assert filled(limits, "first", Depth(1, 300)) == 0.5
    assert filled(limits, "first", Depth(3, 60)) == 0.75
    assert filled(limits, "owners", Depth(1000, 10**6)) == 0


def test_the_chain_ends_where_the_policy_ends_it(limits: Policy) -> None:
    assert chain_of(limits, "first") == ("first", "second")
    assert chain_of(limits, "owners") == ("owners",)


def test_the_last_place_may_be_taken_and_no_more(limits: Policy) -> None:
    almost = {"first": Depth(3, 0)}
    assert pool_with_room(limits, ("first",), almost, seconds=600) == "first"
    assert pool_with_room(limits, ("first",), almost, seconds=601) is None
    assert pool_with_room(limits, ("first",), {"first": Depth(4, 0)}, seconds=1) is None
    assert pool_with_room(limits, (), {}, seconds=1) is None


@pytest.mark.parametrize(
    ("items", "level", "pause"), [(74, "open", 0), (75, "busy", 0), (90, "busy", 18)]
)
def test_the_pause_grows_with_the_pressure(
    limits: Policy, items: int, level: str, pause: float
) -> None:
    found = pressure_on(limits, "second", {"second": Depth(items, 0)}, reviewers=1)
    assert found.level == level
    assert nap(found) == pytest.approx(pause)
    assert nap(found) < LONGEST_NAP


def test_the_wait_follows_the_work_and_the_people_within_bounds(limits: Policy) -> None:
    assert retry_after(limits, 0, reviewers=1) == 300
    assert retry_after(limits, 10_000, reviewers=2) == 500
    assert retry_after(limits, 10_000, reviewers=0) == 1000
    assert retry_after(limits, 10**9, reviewers=1) == 3600
    full = pressure_on(limits, "second", {"second": Depth(100, 10_000)}, reviewers=1)
    assert nap(full) == full.retry_after == 1000


# -- batches


def test_what_can_wait_gathers_and_what_cannot_interrupts(here: House) -> None:
    pass_time(here, HALF_HOUR - here.clock.now() // 1000 % HALF_HOUR + 60)
    with here.agent("bot") as bot, here.desk() as ana:
        patient = bot.submit(asking(mail()))
        pass_time(here, 600)
        bot.submit(asking(mail("C-2")))
        hurried = asking(mail("C-3")).model_copy(update={"latency_tolerance": 60})
        now = bot.submit(hurried)
        urgent = bot.submit(asking(refund()))
        assert set(ana.waiting_ids()) == {now.id, urgent.id}
        overview = ana.overview()
        assert (overview.batching, overview.ready) == (2, 2)
        assert overview.next_batch_at == row(here.path, patient.id).claimable_at
        assert overview.next_batch_at % (HALF_HOUR * 1000) == 0
        pass_time(here, HALF_HOUR - 660)
        assert len(ana.waiting_ids()) == 4


def test_an_agent_cannot_make_its_question_more_patient_than_the_policy(here: House) -> None:
    lazy = asking(refund()).model_copy(update={"latency_tolerance": 86_400})
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(lazy)
        assert ana.waiting_ids() == (ticket.id,)


def test_company_is_never_waited_for_beyond_half_the_time(tmp_path: Path) -> None:
    limits = '[limits]\nbatch_window = "2h"\n'
    text = policy(more=NO_AUDITS + limits).replace('sla = "24h"', 'sla = "2h"')
    house = tier_house(tmp_path, text)
    pass_time(house, 7200 - house.clock.now() // 1000 % 7200 + 60)
    with house.agent("bot") as bot:
        ticket = bot.submit(asking(mail()))
    assert row(house.path, ticket.id).claimable_at == house.clock.now() + 3600 * 1000


# -- half an SLA, and overload


def test_half_of_its_sla_moves_an_item_up_and_is_told_once(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        soft = bot.submit(asking(hide()))
        pass_time(here, 3600 - 1)
        hard = bot.submit(asking(refund()))
        assert ana.waiting_ids() == (hard.id, soft.id)
        pass_time(here, 1)
        assert ana.waiting_ids() == (soft.id, hard.id)
        assert [ana.sweep(), ana.sweep()] == [1, 0]
        assert ana.waiting_ids() == (soft.id, hard.id)
    assert kinds(here.path, soft.id).count("promoted") == 1


def test_a_claimed_item_is_promoted_without_being_disturbed(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(asking(hide()))
        pass_time(here, 3600 - 60)
        review = pick_up(ana, ticket)
        pass_time(here, 60)
        assert ana.sweep() == 1
        assert ana.confirm(review).state == "held"


def test_a_senior_gets_a_fresh_half(here: House) -> None:
    ticket = ask(here, 1)
    with here.desk() as ana:
        pass_time(here, 4 * 3600)
        ana.sweep()
        moved = row(here.path, ticket.id)
        assert moved.promote_at == here.clock.now() + 2 * 3600 * 1000
        pass_time(here, 2 * 3600)
        ana.sweep()
    assert kinds(here.path, ticket.id).count("promoted") == 1


def test_an_overload_is_said_and_puts_the_costliest_first(here: House) -> None:
    """Fifty soft reviews of two minutes are due first, and each stakes little."""
    with here.agent("bot") as bot, here.desk() as ana:
        erasing = bot.submit(asking(erase(), confidence=0.1))
        pass_time(here, 6.1 * 3600)
        for listing in range(50):
            bot.submit(asking(hide(f"L-{listing}"), confidence=0.9))
        assert not ana.overview().overloaded
        assert ana.waiting_ids()[0] == erasing.id
        pass_time(here, 3600)
        bot.submit(asking(refund(7), confidence=0.0))
        assert ana.overview().overloaded
        session = ana.start_session(max_items=2)
        assert [one.action_type for one in session.items] == ["data.erase", "payments.refund"]
