"""What agents did by themselves, seen afterwards: notices, objections, and the random sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House
from journey import assert_chain_whole, events, kinds, pass_time, pick_up, row, settle
from overread_briefs import Action, action_sha256, mask
from overread_queue.errors import InvalidRequest, NotAllowed, NotFound
from overread_queue.policy.audit import audit_draw
from overread_queue.setup import add_agent
from overread_queue.states import EscalationKind, EscalationState, RunState
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.keys import load_secret
from overread_queue.trust.people import AUDIT, Agent
from tier_desks import ALL_AUDITED, asking, flush, mail, policy, recorded, refund, tag, tier_house

E, R = EscalationState, RunState
NESTED = {"region": {"zones": ["a", "b"]}, "count": 3, "dry": False}


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


@pytest.fixture
def audited(tmp_path: Path) -> House:
    return tier_house(tmp_path, policy(more=ALL_AUDITED))


def sampled(house: House) -> EscalationRow:
    """The one audit that is on the desk."""
    (drawn,) = [one for one in recorded(house) if one.sampled]
    assert drawn.escalation
    return row(house.path, drawn.escalation)


# -- notices


def test_what_was_told_of_is_in_the_feed_whole(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana, here.desk("olga") as olga:
        first = bot.propose(tag(**NESTED))
        pass_time(here, 1)
        second = bot.propose(tag(customer="C-2"))
        bot.propose(flush())
        bot.propose(refund())
        feed = ana.notices()
        assert [one.proposal for one in feed] == [second.id, first.id]
        assert feed[1].parameters == {"customer": "C-1", **NESTED}
        assert (feed[1].label, feed[1].agent, feed[1].objections) == ("Tag a customer", "bot", 0)
        assert olga.notices() == ()


def test_a_notice_hides_what_its_agent_or_its_data_class_calls_sensitive(here: House) -> None:
    iban = "DE02120300000000202051"
    action = tag(iban=iban)
    classed = action.model_copy(update={"sensitive": {"iban": "restricted"}})
    with here.agent("bot") as bot, here.desk() as ana:
        bot.propose(classed)
        pass_time(here, 1)
        bot.propose(classed, data_class="confidential")
        whole, one = ana.notices()
        assert (one.masked, one.parameters["customer"]) == (("iban",), "C-1")
        assert whole.parameters == {
            "customer": mask("", "confidential"),
            "iban": mask("", "restricted"),
        }
        assert iban not in repr((whole, one))
        assert ana.unmask_notice(one.proposal) == action.parameters


def test_a_notice_leaves_the_feed_after_a_week(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        bot.propose(tag())
        pass_time(here, 7 * 86_400)
        assert len(ana.notices()) == 1
        pass_time(here, 1)
        assert ana.notices() == ()


def test_an_objection_reaches_the_agent_once(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana, here.desk("ben") as ben:
        bot.propose(tag())
        (notice,) = ana.notices()
        assert bot.objections() == ()
        ana.object(notice, reason="this customer asked us not to")
        ana.object(notice, reason="once more")
        ben.object(notice.proposal, reason="the same")
        assert [one.reviewer for one in bot.objections()] == ["ana", "ben"]
        told = bot.objections()[0]
        assert (told.reason, told.proposal) == ("this customer asked us not to", notice.proposal)
        assert told.action_sha256 == action_sha256(tag())
        assert bot.objections(since=here.clock.now() + 1) == ()
        assert ana.notices()[0].objections == 2
    assert kinds(here.path).count("objected") == 2


def test_there_is_nothing_to_object_to_where_nobody_acted(here: House) -> None:
    """A question in the queue is answered, and what an agent asked about is no notice."""
    with here.agent("bot") as bot, here.desk() as ana:
        hard = bot.propose(refund())
        bot.submit(asking(tag()))
        (asked,) = [one for one in recorded(here) if one.action_type == "tag.add"]
        assert ana.notices() == ()
        for id in (hard.id, asked.id):
            with pytest.raises(InvalidRequest):
                ana.object(id, reason="no")
        with pytest.raises(NotFound, match="`overread notices`"):
            ana.object("0", reason="no")
        told = bot.propose(tag())
        with pytest.raises(InvalidRequest, match="reason"):
            ana.object(told.id, reason="  ")
        assert bot.objections() == ()


# -- the random sample


def test_the_sample_is_drawn_by_a_key_that_agents_do_not_have(tmp_path: Path) -> None:
    house = tier_house(
        tmp_path, policy(more='[audit]\nrate = 0.1\nnew_rate = 0.4\nnew_for = "60s"\n')
    )
    with house.agent("bot") as bot, house.desk() as ana:
        for number in range(40):
            bot.propose(flush(number=number))
        pass_time(house, 61)
        for number in range(40):
            bot.propose(flush(number=number))
        assert {one.sampled for one in recorded(house)} == {None}
        ana.sweep()
    key = load_secret(house.places.key(AUDIT))
    rows = recorded(house)
    assert [one.probability for one in rows] == [0.4] * 40 + [0.1] * 40
    for one in rows:
        assert one.probability is not None
        assert bool(one.sampled) == audit_draw(key, one.id, one.probability).selected
        assert bool(one.sampled) == (one.escalation is not None)


def test_an_action_is_drawn_for_once(tmp_path: Path) -> None:
    house = tier_house(tmp_path, policy(more="[audit]\nrate = 0.5\nnew_rate = 0.5\n"))
    with house.agent("bot") as bot, house.desk() as ana:
        for number in range(20):
            bot.propose(flush(number=number))
        assert ana.sweep() == 20
        before = recorded(house)
        assert ana.sweep() == 0
    assert recorded(house) == before
    assert {one.sampled for one in before} == {0, 1}


def test_nobody_is_drawn_at_zero_and_everybody_at_one(here: House, tmp_path: Path) -> None:
    every = tier_house(tmp_path / "b", policy(more=ALL_AUDITED))
    for house, expected in ((here, {(0.0, 0)}), (every, {(1.0, 1)})):
        with house.agent("bot") as bot, house.desk() as ana:
            for number in range(5):
                bot.propose(flush(number=number))
            ana.sweep()
        assert {(one.probability, one.sampled) for one in recorded(house)} == expected


def test_only_what_was_done_unseen_is_in_the_draw(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        bot.propose(tag())
        bot.propose(refund())
        bot.submit(asking(flush()))
        assert ana.sweep() == 0
    assert [one.sampled for one in recorded(audited)] == [None] * 3


def test_an_audit_hides_what_was_sensitive_and_its_evidence_does_not_tell(audited: House) -> None:
    iban = "DE02120300000000202051"
    action = flush(iban=iban).model_copy(update={"sensitive": {"iban": "restricted"}})
    with audited.agent("bot") as bot, audited.desk() as ana:
        bot.propose(action)
        ana.sweep()
        review = pick_up(ana, str(sampled(audited).id))
        assert review.masked_parameters == {"iban": "restricted"}
        assert iban not in repr(review)
        shown = ana.unmask_parameter(review, "iban").brief
    assert shown.action.parameters["iban"] == iban
    assert "restricted" in (shown.evidence[0].content or "")


def test_asking_afterwards_does_not_get_an_agent_out_of_the_draw(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        done = bot.propose(flush())
        ticket = bot.submit(asking(flush()), proposal=done.id)
        bot.withdraw(ticket)
        ana.sweep()
        assert next(one for one in recorded(audited) if one.id == done.id).sampled == 1
        assert len(ana.waiting_ids()) == 1


def test_an_audit_shows_exactly_what_was_executed_and_blocks_nothing(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        action = flush(**NESTED)
        bot.propose(action, signals={"confidence": 0.83, "no such name!": 0.5})
        ana.sweep()
        drawn = sampled(audited)
        assert drawn.kind is EscalationKind.AUDIT
        review = pick_up(ana, drawn.id)
        assert review.brief.action.parameters == action.parameters
        assert review.brief.signals == {"confidence": 0.83}
        assert [one.key for one in review.options] == ["right", "wrong", "hand-on"]
        assert review.handling.triggers[0].rule == "random-sample"
        ana.confirm(review)
        pass_time(audited, 10)
        ana.release_due()
        ticket = bot.submit(asking(refund()))
        assert bot.status(ticket).run_state is R.PAUSED_PENDING_HUMAN
    assert row(audited.path, drawn.id).state is E.DECIDED
    assert_chain_whole(audited.path)


def test_a_wrong_one_is_said_with_its_reason(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        bot.propose(flush())
        ana.sweep()
        receipt = ana.disagree(ana.claim(sampled(audited).id), reason="it was the wrong cache")
        assert (receipt.verdict, receipt.option) == ("reject", "wrong")
        assert bot.rollback_due() == ()


def test_an_audit_that_nobody_looks_at_lapses(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        bot.propose(flush())
        ana.sweep()
        pass_time(audited, 2 * 3600)
        ana.sweep()
        assert sampled(audited).state is E.TIMED_OUT
        assert ana.sweep() == 0
    (breach,) = [one for one in events(audited.path) if one.kind == "breached"]
    assert json.loads(breach.detail)["fallback"] == "lapse"


def test_an_agent_cannot_see_whether_it_was_drawn(audited: House) -> None:
    with audited.agent("bot") as bot, audited.desk() as ana:
        proposal = bot.propose(flush())
        ana.sweep()
        drawn = sampled(audited)
        assert bot.escalations() == ()
        assert bot.escalations(E.WAITING) == ()
        for call in (bot.status, bot.poll, bot.withdraw, bot.acknowledge, bot.resume):
            with pytest.raises(NotFound):
                call(drawn.id)
        settle(audited, drawn.id, "wrong")
        with pytest.raises(NotFound):
            bot.outcome(drawn.id, ok=True)
        assert proposal.id not in drawn.key


def test_an_agent_cannot_take_the_audits_name_before(audited: House) -> None:
    """A key that an agent could guess would let it stop every later sweep."""
    with audited.agent("bot") as bot, audited.desk() as ana:
        proposal = bot.propose(flush())
        bot.submit(asking(mail()), key=f"audit:{proposal.id}")
        ana.sweep()
    assert sampled(audited).kind is EscalationKind.AUDIT


def test_an_audit_of_something_huge_can_be_opened(audited: House) -> None:
    action = Action(type="cache.flush", reversibility="reversible", parameters={"x": "é" * 200_000})
    with audited.agent("bot") as bot, audited.desk() as ana:
        bot.propose(action, signals={f"s{n}": 0.1 for n in range(60)})
        ana.sweep()
        review = pick_up(ana, sampled(audited).id)
        assert review.brief.action == action
    shown = review.brief.evidence[0].content
    assert shown
    assert shown.endswith("characters more")
    assert len(review.brief.signals) == 40


def test_people_are_not_asked_about_their_own_agents_actions(audited: House) -> None:
    hers = Agent(name="ana-bot", label="Ana's", operator="ana", actions=("cache.flush",))
    add_agent(audited.places, hers)
    with audited.agent("ana-bot") as bot, audited.desk() as ana, audited.desk("ben") as ben:
        bot.propose(flush())
        ana.sweep()
        with pytest.raises(NotAllowed):
            ana.claim(sampled(audited).id)
        assert ben.waiting_ids() == (sampled(audited).id,)
