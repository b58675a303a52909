"""Two people decide, and neither learns of the other."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from factories import POLICY, House
from frictionless import with_friction
from journey import UNDO_SECONDS, assert_chain_whole, kinds, pass_time, pick_up, row
from overread_queue.errors import Forged, JudgementFirst, SamePerson
from overread_queue.models import Ticket
from overread_queue.states import EscalationState
from two_people import (
    DRAWN,
    DUAL,
    FLAT,
    answer,
    ask,
    change_reviewer,
    dual_house,
    opinions,
    say,
)

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return dual_house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    return ask(here)


# -- agreement


def test_two_who_agree_release_it_and_one_does_not(here: House, ticket: Ticket) -> None:
    first = say(here, ticket, "ana")
    assert row(here.path, ticket.id).state is E.WAITING
    assert answer(here, ticket) is None
    second = say(here, ticket, "ben")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.envelope.reviewer) == ("approve", "ben")
    assert [(one.reviewer, one.verdict) for one in decision.opinions] == [("ana", "approve")]
    assert (first.state, first.verdict) == (second.state, second.verdict) == ("recorded", "approve")
    assert_chain_whole(here.path)


def test_an_opinion_is_kept_only_after_the_undo_window(here: House, ticket: Ticket) -> None:
    with here.desk("ana") as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        assert receipt.state == "held"
        assert opinions(here, ticket) == []
        item = ana.undo(receipt)
        ana.decide(ana.open(item), option="approve")
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
    assert [one.reviewer for one in opinions(here, ticket)] == ["ana"]


def test_two_who_say_no_are_both_heard_by_the_agent(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana", "reject", reason="signed for by the customer")
    assert answer(here, ticket) is None
    say(here, ticket, "ben", "reject", reason="second claim this month")
    decision = answer(here, ticket)
    assert decision is not None
    assert decision.verdict == "reject"
    assert decision.reason == "signed for by the customer\n\nsecond claim this month"


def test_two_who_make_the_same_change_agree(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana", "change", amount=200)
    say(here, ticket, "ben", "change", amount=200)
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.action.parameters["amount"]) == ("modify", 200)


@pytest.mark.parametrize("option", ["need-info", "hand-on"])
def test_a_question_and_a_hand_on_need_nobody_else(
    here: House, ticket: Ticket, option: str
) -> None:
    say(here, ticket, "ana", option, reason="which parcel?")
    assert opinions(here, ticket) == []
    if option == "hand-on":
        assert row(here.path, ticket.id).pool == "seniors"
    else:
        decision = answer(here, ticket)
        assert decision is not None
        assert decision.verdict == "need_info"


def test_a_question_after_an_opinion_goes_out_at_once(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    say(here, ticket, "ben", "need-info", reason="which parcel?")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("need_info", "which parcel?")


# -- who may


def test_nobody_gives_both_opinions(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    with here.desk("ana") as ana, here.desk("ben") as ben:
        assert (ana.waiting_ids(), ben.waiting_ids()) == ((), (ticket.id,))
        assert ana.start_session().items == ()
        assert ana.overview().ready == 0
        with pytest.raises(SamePerson, match="ana has given an opinion"):
            ana.claim(ticket.id)
    assert "refused:SamePerson" in kinds(here.path)
    assert answer(here, ticket) is None


def test_the_operator_is_no_second_person(here: House) -> None:
    ticket = ask(here, agent="ana-agent")
    say(here, ticket, "ben")
    with here.desk("ana") as ana, here.desk("cara") as cara:
        assert ana.waiting_ids() == ()
        assert cara.waiting_ids() == (ticket.id,)


# -- blindness


def test_the_second_sees_nothing_of_the_first(here: House, ticket: Ticket) -> None:
    with here.desk("ben") as ben:
        before = pick_up(ben, ticket)
        ben.release(before.item)
    with here.desk("ana") as ana:
        review = pick_up(ana, ticket)
        ana.comment(review.item, "looks fine to me")
        ana.decide(review, option="approve", reason="pays on time")
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
        ana.comment(ticket.id, "I have approved this one")
    with here.desk("ben") as ben:
        after = pick_up(ben, ticket)
        waits = ben.rows([ticket.id])[0]
    assert (after.comments, after.draft) == ((), None)
    assert after.two_people
    assert (waits.hops, waits.pool) == (0, "refunds")
    assert after.item.deadline_at == before.item.deadline_at
    assert (after.options, after.handling) == (before.options, before.handling)
    shown = repr(after)
    assert not [word for word in ("ana", "opinion", "pays on time") if word in shown]


def test_the_second_judges_and_challenges_for_themselves(tmp_path: Path) -> None:
    policy = with_friction(DUAL, withhold_from="high", challenge_from="high")
    here = dual_house(tmp_path, policy=policy)
    ticket = ask(here)
    with here.desk("ana") as ana:
        review = ana.judge(pick_up(ana, ticket), option="reject", confidence="low")
        review = ana.challenge(
            ana.reveal(review),
            weakest="customer-mail",
            wrong_if="the customer wrote this mail from a hacked account",
            changed="the claim is the first one in six years",
        )
        ana.decide(review, option="approve")
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
    with here.desk("ben") as ben:
        review = pick_up(ben, ticket)
        assert (review.withheld, review.recommendation) == (True, None)
        assert (review.judgement, review.challenge) == (None, None)
        standing = ben.standing(review)
        assert (standing.judge, standing.challenge) == (True, True)
        with pytest.raises(JudgementFirst):
            ben.decide(review, option="approve")
    assert [one.reviewer for one in opinions(here, ticket)] == ["ana"]


def test_what_a_third_person_wrote_is_still_there(here: House, ticket: Ticket) -> None:
    with here.desk("sam") as sam:
        sam.comment(ticket.id, "the carrier is slow this week")
    say(here, ticket, "ana")
    with here.desk("ben") as ben:
        assert [one.author for one in pick_up(ben, ticket).comments] == ["sam"]


def test_both_are_told_that_two_are_asked_and_one_who_was_drawn_is_not(tmp_path: Path) -> None:
    for folder, policy, told in (("cell", DUAL, True), ("lot", DRAWN, False)):
        (tmp_path / folder).mkdir()
        there = dual_house(tmp_path / folder, policy=policy)
        asked = ask(there)
        with there.desk("ana") as ana:
            assert pick_up(ana, asked).two_people is told
        say_first = say(there, asked, "ana")
        assert say_first.state == "recorded"
        with there.desk("ben") as ben:
            assert pick_up(ben, asked).two_people is told


def test_an_opinion_counts_as_work_done(here: House, ticket: Ticket) -> None:
    with here.desk("ana") as ana:
        session = ana.start_session()
        ana.decide(ana.open(ticket.id), option="reject", reason="not covered")
        summary = ana.end_session(session)
        assert summary.verdicts == {"reject": 1}
        assert ana.overview().done_today == 1


# -- disagreement


def test_where_two_differ_the_senior_decides_with_a_fresh_deadline(
    here: House, ticket: Ticket
) -> None:
    pass_time(here, 3 * 3600)
    say(here, ticket, "ana")
    say(here, ticket, "ben", "reject", reason="signed for")
    moved = row(here.path, ticket.id)
    assert (moved.state, moved.pool) == (E.WAITING, "seniors")
    assert moved.deadline_at == here.clock.now() + 2 * 3600 * 1000
    assert answer(here, ticket) is None
    say(here, ticket, "sam")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.envelope.reviewer) == ("approve", "sam")
    assert decision.reason == "as the policy says"
    said = {(one.reviewer, one.verdict) for one in decision.opinions}
    assert said == {("ana", "approve"), ("ben", "reject")}


def test_the_seniors_no_needs_nobody_and_brings_every_no_along(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana", "change", amount=10)
    say(here, ticket, "ben", "reject", reason="signed for")
    say(here, ticket, "sam", "reject", reason="no proof of loss")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("reject", "signed for\n\nno proof of loss")


def test_a_senior_approves_nothing_that_nobody_else_would(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana", "change", amount=10)
    say(here, ticket, "ben", "reject", reason="signed for")
    say(here, ticket, "sam")
    assert answer(here, ticket) is None
    assert row(here.path, ticket.id).pool == "seniors"
    change_reviewer(here, "cara", roles=("refunds", "senior"))
    say(here, ticket, "cara")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, len(decision.opinions)) == ("approve", 3)


@pytest.mark.parametrize("why", ["no senior pool", "nobody in it"])
def test_without_a_senior_one_more_person_of_the_pool_is_asked(tmp_path: Path, why: str) -> None:
    alone = why == "no senior pool"
    here = dual_house(tmp_path, policy=FLAT if alone else DUAL)
    if not alone:
        change_reviewer(here, "sam", roles=("lead",))
    ticket = ask(here)
    say(here, ticket, "ana")
    say(here, ticket, "ben", "reject", reason="signed for")
    assert row(here.path, ticket.id).pool == "refunds"
    say(here, ticket, "cara")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, decision.envelope.reviewer) == ("approve", "cara")


# -- what does not count


def test_the_opinion_of_somebody_revoked_meanwhile_does_not_count(
    here: House, ticket: Ticket
) -> None:
    say(here, ticket, "ana")
    change_reviewer(here, "ana", revoked_at=here.clock.now())
    say(here, ticket, "ben")
    assert answer(here, ticket) is None
    assert "refused:Forged" in kinds(here.path, ticket.id)
    say(here, ticket, "cara")
    decision = answer(here, ticket)
    assert decision is not None
    assert [one.reviewer for one in decision.opinions] == ["ben"]


def test_an_opinion_that_ran_out_does_not_count(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=DUAL.replace('lease = "5m"', 'decision_valid = "10m"'))
    ticket = ask(here)
    say(here, ticket, "ana")
    pass_time(here, 4 * 3600 + 601)
    change_reviewer(here, "ben", roles=("refunds", "senior"))
    with here.desk("ben") as ben:
        ben.sweep()
    say(here, ticket, "ben")
    assert "refused:Expired" in kinds(here.path, ticket.id)
    assert answer(here, ticket) is None
    say(here, ticket, "sam")
    assert answer(here, ticket) is not None


# -- drawn at random


def test_whoever_is_drawn_is_asked_for_two_and_a_third_settles_it(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=DRAWN)
    ticket = ask(here)
    say(here, ticket, "ana", "change", amount=10)
    assert answer(here, ticket) is None
    say(here, ticket, "ben", "reject", reason="signed for")
    assert row(here.path, ticket.id).pool == "seniors"
    say(here, ticket, "sam")
    decision = answer(here, ticket)
    assert decision is not None
    assert (decision.verdict, len(decision.opinions)) == ("approve", 2)


def test_nobody_is_drawn_where_there_is_nobody_else(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=DRAWN)
    change_reviewer(here, "cara", roles=("lead",))
    ticket = ask(here, agent="ana-agent")
    say(here, ticket, "ben")
    with here.agent("ana-agent") as queue:
        assert queue.poll(ticket) is not None


def test_a_policy_that_became_stricter_meanwhile_asks_for_two(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=POLICY)
    ticket = ask(here)
    here.places.policy_file.write_text(DUAL)
    say(here, ticket, "ana")
    assert answer(here, ticket) is None
    say(here, ticket, "ben")
    assert answer(here, ticket) is not None


def test_a_policy_that_became_stricter_stops_what_was_not_begun(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=POLICY)
    begun, approved = ask(here, key="begun"), ask(here, key="approved")
    for ticket in (begun, approved):
        say(here, ticket, "ana")
    with here.agent() as queue, suppress(ZeroDivisionError), queue.resume(begun):
        raise ZeroDivisionError
    here.places.policy_file.write_text(DUAL)
    with here.agent() as queue:
        with pytest.raises(Forged, match="Revise the brief"):
            queue.resume(approved)
        with queue.resume(begun) as go:
            assert go.decision.releases


# -- what two people do not touch


def test_time_and_the_agent_still_have_their_say(here: House) -> None:
    withdrawn, late = ask(here, key="a"), ask(here, key="b")
    say(here, withdrawn, "ana")
    say(here, late, "ana")
    with here.agent() as queue:
        queue.withdraw(withdrawn, "sorted out")
    pass_time(here, 4 * 3600)
    with here.desk("sam") as sam:
        sam.sweep()
        assert sam.waiting_ids() == (late.id,)
    decision = answer(here, withdrawn)
    assert decision is not None
    assert decision.verdict == "withdrawn"
    say(here, late, "sam")
    assert answer(here, late) is not None
