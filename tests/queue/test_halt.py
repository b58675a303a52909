"""Stop, as an agent meets it: every call says so, nothing is lost, and only a lead lifts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from factories import House
from journey import assert_chain_whole, events, kinds, pass_time, raw, row, settle
from overread_queue import AgentQueue
from overread_queue.asking.proposing import derive_again
from overread_queue.errors import Expired, Halted, InvalidRequest, NotAllowed
from overread_queue.ground import Ground
from overread_queue.models import Ticket
from overread_queue.setup import add_agent
from overread_queue.states import EscalationState, RunState, Tier
from overread_queue.store.bell import folder
from overread_queue.store.rows import RunRow
from overread_queue.transport.holding import take
from overread_queue.trust.people import Agent
from tier_desks import (
    TYPES,
    asking,
    by,
    flush,
    hide,
    office,
    recorded,
    refund,
    tag,
    tier_house,
)

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    """The desk of `tier_desks`, with a second agent."""
    made = tier_house(tmp_path)
    add_agent(made.places, Agent(name="other", label="Other", actions=TYPES))
    return made


def stop(
    here: House, agent: str | None = "bot", *, reviewer: str = "ana", reason: str = ""
) -> None:
    with here.desk(reviewer) as desk:
        desk.stop(agent, reason=reason)


def lift(here: House, agent: str | None = "bot") -> None:
    with office(here) as lea:
        lea.lift(agent)


def run_of(here: House, ticket: Ticket) -> RunRow:
    ground = Ground(here.places, here.clock)
    try:
        with ground.store.read() as tx:
            found = tx.runs.get("bot", ticket.run)
    finally:
        ground.close()
    assert found is not None
    return found


GOING_ON: dict[str, Callable[[AgentQueue, Ticket], object]] = {
    "submit": lambda bot, ticket: bot.submit(asking(refund(1))),
    "the same again": lambda bot, ticket: bot.submit(asking(refund(420)), key="one"),
    "revise": lambda bot, ticket: bot.revise(ticket, asking(refund(2))),
    "poll": lambda bot, ticket: bot.poll(ticket),
    "wait": lambda bot, ticket: bot.wait(ticket, timeout=60),
    "resume": lambda bot, ticket: bot.resume(ticket),
}


@pytest.mark.parametrize("call", GOING_ON)
@pytest.mark.parametrize("whom", ["bot", None])
def test_no_call_goes_on_and_each_says_who_stopped_it_and_why(
    here: House, call: str, whom: str | None
) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund(420)), key="one")
        settle(here, ticket, "approve")
        stop(here, whom, reason="wrong accounts")
        before = len(events(here.path))
        with pytest.raises(Halted) as told:
            GOING_ON[call](bot, ticket)
        assert (told.value.by, told.value.reason) == ("ana", "wrong accounts")
        assert told.value.who == ("bot" if whom else "the whole desk")
    recorded_as = [] if call in ("poll", "wait") else ["refused:Halted"]
    assert [one.kind for one in events(here.path)[before:]] == recorded_as


def test_an_agent_that_nobody_stopped_goes_on(here: House) -> None:
    stop(here, "other")
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
        settle(here, ticket, "approve")
        with bot.resume(ticket) as go:
            assert go.action == refund()
        assert bot.propose(flush()).tier is Tier.AUTONOMOUS


def test_after_the_lifting_everything_is_where_it_was(here: House) -> None:
    with here.agent("bot") as bot:
        waiting = bot.submit(asking(refund(1)), key="one")
        decided = bot.submit(asking(refund(2)))
        settle(here, decided, "approve")
        stop(here)
        lift(here)
        assert bot.submit(asking(refund(1)), key="one").id == waiting.id
        assert bot.poll(waiting) is None
        with bot.resume(decided) as go:
            assert go.action == refund(2)
    assert kinds(here.path).count("halted") == kinds(here.path).count("halt_lifted") == 1
    assert_chain_whole(here.path)


# -- proposing


def test_a_proposal_is_answered_with_a_hard_stop_that_says_why(here: House) -> None:
    stop(here)
    with here.agent("bot") as bot:
        verdict = bot.propose(flush())
        assert (verdict.tier, verdict.may_act) == (Tier.HARD_STOP, False)
        assert (verdict.triggers[0].rule, verdict.triggers[0].observed) == ("halt", "stopped")
        lift(here)
        assert bot.propose(flush()).tier is Tier.AUTONOMOUS


def test_the_halt_is_an_input_so_the_same_tier_is_derived_at_any_later_time(here: House) -> None:
    stop(here, None)
    with here.agent("bot") as bot:
        bot.propose(tag())
        lift(here, None)
        pass_time(here, 1)
        bot.propose(tag())
    ground = Ground(here.places, here.clock)
    try:
        again = [derive_again(ground, one).tier for one in recorded(here)]
    finally:
        ground.close()
    assert [one.tier for one in recorded(here)] == again == [Tier.HARD_STOP, Tier.NOTIFY]
    with office(here) as lea:
        text = here.places.policy_file.read_bytes()
        replay = lea.simulate(text, source="policy.toml", since=0)
    assert sum(shift.gained + shift.lost for shift in replay.shifts) == 0


def test_a_brief_for_what_was_proposed_under_a_halt_stays_a_hard_stop(here: House) -> None:
    stop(here)
    with here.agent("bot") as bot:
        verdict = bot.propose(refund())
        lift(here)
        assert bot.submit(asking(refund()), proposal=verdict.id).tier is Tier.HARD_STOP
        assert bot.submit(asking(refund()), key="afresh").tier is Tier.HARD_APPROVAL


# -- facts about the past


def test_what_was_taken_before_may_be_finished_and_reported(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
        settle(here, ticket, "approve")
        with bot.resume(ticket) as go:
            stop(here)
            go.heartbeat()
        bot.outcome(ticket, ok=True)
    assert run_of(here, ticket).state is RunState.COMPLETED


def test_a_crashed_action_is_not_begun_again_but_may_be_given_up(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
        settle(here, ticket, "approve")
        bot.resume(ticket)
    stop(here)
    pass_time(here, 3600)
    with here.agent("bot") as bot:
        with pytest.raises(Halted):
            bot.resume(ticket)
        bot.fail(ticket, "the account was wrong")
    assert run_of(here, ticket).state is RunState.FAILED


def test_a_stop_between_looking_and_taking_is_seen_by_the_taking(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
    settle(here, ticket, "approve")
    stop(here)
    ground = Ground(here.places, here.clock)
    try:
        with pytest.raises(Halted):
            take(ground, "agent:bot", row(here.path, ticket.id))
    finally:
        ground.close()
    assert run_of(here, ticket).state is RunState.HUMAN_RESPONDED


def test_refusing_to_resume_uses_nothing_up(here: House) -> None:
    """Had the halted call taken the decision, it would not expire any more."""
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
        settle(here, ticket, "approve")
        stop(here)
        with pytest.raises(Halted):
            bot.resume(ticket)
        lift(here)
        pass_time(here, 365 * 86_400)
        with pytest.raises(Expired):
            bot.resume(ticket)


def test_answers_that_release_nothing_are_acknowledged_and_questions_taken_back(
    here: House,
) -> None:
    with here.agent("bot") as bot:
        rejected, asked = bot.submit(asking(refund(1))), bot.submit(asking(refund(2)))
        settle(here, rejected, "reject")
        stop(here)
        assert bot.acknowledge(rejected).verdict == "reject"
        bot.withdraw(asked)
    assert row(here.path, asked.id).state is E.WITHDRAWN


def test_a_rollback_is_reported_and_objections_are_read(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(hide()))
        notice = bot.propose(tag()).id
        settle(here, ticket, "disagree")
        with here.desk() as ana:
            ana.object(notice, reason="not that one")
        stop(here)
        assert [one.reason for one in bot.objections()] == ["not that one"]
        bot.rolled_back(ticket, ok=True)
        assert bot.rollback_due() == ()


def test_status_and_pressure_say_it(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
        assert (bot.status(ticket).halted, bot.pressure().halted) == (None, None)
        stop(here, None, reason="audit")
        stop(here, "bot", reviewer="ben", reason="and this one")
        halted = bot.status(ticket).halted
        assert halted is not None
        assert (halted.agent, halted.by, halted.reason) == ("bot", "ben", "and this one")
        assert bot.pressure().halted == halted
        assert bot.status(ticket).state is E.WAITING


# -- waiting


def test_a_waiter_is_woken_and_told(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its slow poll, only the bell can end this wait."""
    monkeypatch.setattr("overread_queue.agent.FALLBACK_SECONDS", (3600.0, 3600.0))
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
    told: list[Halted] = []

    def wait() -> None:
        with here.agent("bot") as bot, pytest.raises(Halted) as raised:
            bot.wait(ticket)
        told.append(raised.value)

    waiter = Thread(target=wait)
    waiter.start()
    while not any(folder(here.path).iterdir()):
        waiter.join(0.01)
    stop(here)
    waiter.join(60)
    assert [one.who for one in told] == ["bot"]


# -- the inbox


def test_a_row_of_a_stopped_agent_is_rejected_with_the_reason(here: House) -> None:
    """Kept for later, it would say nothing to an agent that reads only this row."""
    insert = "INSERT INTO inbox (agent, key, body) VALUES (?, 'k', ?)"
    with raw(here.path) as db:
        stop(here, reason="wrong accounts")
        db.execute(insert, ("bot", asking(refund(5)).to_bytes()))
        db.execute(insert, ("other", by("other", asking(refund(5))).to_bytes()))
        with here.desk() as ana:
            ana.sweep()
        bot, going = db.execute("SELECT state, answer FROM inbox ORDER BY id").fetchall()
    assert (bot["state"], going["state"]) == ("rejected", "accepted")
    assert "bot was stopped by ana: wrong accounts" in bot["answer"]
    assert "refused:Halted" in kinds(here.path)


def test_a_stopped_agent_takes_back_through_the_inbox(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()), key="k")
    stop(here)
    with raw(here.path) as db, here.desk() as ana:
        db.execute("INSERT INTO inbox (kind, agent, key, body) VALUES ('withdraw', 'bot', 'k', '')")
        ana.sweep()
    assert row(here.path, ticket.id).state is E.WITHDRAWN


# -- who may


def test_stopped_twice_is_stopped_once_and_lifted_once(here: House) -> None:
    with here.desk("ana") as ana, here.desk("ben") as ben:
        first = ana.stop("bot", reason="wrong accounts")
        assert ben.stop("bot", reason="me too") == first
        assert ben.halts() == (first,)
    with office(here) as lea:
        assert lea.lift("bot").halt == first
        with pytest.raises(InvalidRequest, match="is not stopped"):
            lea.lift("bot")
        assert lea.halts() == ()
    seen = [one for one in events(here.path) if one.kind in ("halted", "halt_lifted")]
    assert [(one.kind, one.actor, one.agent) for one in seen] == [
        ("halted", "reviewer:ana", "bot"),
        ("halt_lifted", "lead:lea", "bot"),
    ]


def test_only_a_lead_lifts(here: House) -> None:
    stop(here)
    with office(here, "ria") as ria:
        with pytest.raises(NotAllowed, match="lead"):
            ria.lift("bot")
        assert [one.agent for one in ria.halts()] == ["bot"]


def test_anybody_in_the_roster_stops_from_the_office_too(here: House) -> None:
    with office(here, "ria") as ria:
        ria.halt(None, reason="audit")
    with here.agent("bot") as bot, pytest.raises(Halted, match="the whole desk was stopped by ria"):
        bot.submit(asking(refund()))


def test_lifting_an_agent_on_a_stopped_desk_says_that_it_still_stands(here: House) -> None:
    stop(here, "bot")
    stop(here, None)
    with office(here) as lea:
        lifted = lea.lift("bot")
        assert lifted.still is not None
        assert lifted.still.agent is None
        with pytest.raises(InvalidRequest, match="--desk"):
            lea.lift("bot")
        assert lea.lift(None).halt == lifted.still
    with here.agent("bot") as bot:
        bot.submit(asking(refund()))


def test_a_name_that_nobody_has_stops_nobody(here: House) -> None:
    with here.desk() as ana:
        with pytest.raises(NotAllowed, match="bot"):
            ana.stop("bott")
        with pytest.raises(InvalidRequest, match="reason"):
            ana.stop("bot", reason="x" * 2001)
        assert ana.halts() == ()


def test_the_agents_door_has_no_brake_and_no_lift(here: House) -> None:
    with here.agent("bot") as bot:
        assert not {"stop", "halt", "lift"} & {name.strip("_") for name in dir(bot)}
