"""Each tier as agents and reviewers live it: who acts when, and what an answer does."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import delivery, kinds, pass_time, pick_up, row, run_moves, settle
from overread_briefs import WAITS, Action, InvalidBrief
from overread_briefs.errors import BadJson, NotCanonical, TooLarge
from overread_queue.asking.proposing import derive_again
from overread_queue.errors import (
    InvalidRequest,
    NotFound,
    Replayed,
    StillPending,
    Tampered,
)
from overread_queue.ground import Ground
from overread_queue.states import EscalationKind, EscalationState, RunState, Tier
from tier_desks import (
    NO_AUDITS,
    asking,
    erase,
    flush,
    hide,
    mail,
    policy,
    recorded,
    refund,
    tag,
    tier_house,
    with_old_evidence,
)

E, R = EscalationState, RunState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


# -- propose


def test_each_type_gets_its_tier_and_says_what_to_do(here: House) -> None:
    with here.agent("bot") as bot:
        found = [bot.propose(one()) for one in (flush, tag, refund, erase)]
        soft = bot.propose(hide(), signals={"confidence": 0.9})
    assert [one.tier for one in found] == [
        Tier.AUTONOMOUS,
        Tier.NOTIFY,
        Tier.HARD_APPROVAL,
        Tier.HARD_STOP,
    ]
    assert [one.may_act for one in found] == [True, True, False, False]
    assert [one.needs_brief for one in found] == [False, False, True, True]
    assert (soft.tier, soft.may_act, soft.needs_brief) == (Tier.SOFT_REVIEW, True, True)


def test_a_proposal_is_kept_with_all_that_its_tier_was_derived_from(here: House) -> None:
    with here.agent("bot") as bot:
        unsure = bot.propose(hide(), signals={"confidence": 0.31})
        pass_time(here, 1)
        bot.propose(flush(), signals={"confidence": float("nan"), "mood": object()})
        assert unsure.rules == ("unsure",)
        assert unsure.triggers[0].observed == 0.31
    ground = Ground(here.places, here.clock)
    again = [derive_again(ground, one) for one in recorded(here)]
    ground.close()
    assert [one.tier for one in again] == [one.tier for one in recorded(here)]
    assert again[0].triggers == unsure.triggers
    assert kinds(here.path).count("proposed") == 2


def test_the_same_inputs_give_the_same_answer(here: House) -> None:
    with here.agent("bot") as bot:
        first = bot.propose(hide(), signals={"confidence": 0.7, "risk": 0.2})
        pass_time(here, 3600)
        second = bot.propose(hide(), signals={"risk": 0.2, "confidence": 0.7})
    assert (first.tier, first.triggers, first.policy_sha256) == (
        second.tier,
        second.triggers,
        second.policy_sha256,
    )
    assert first.id != second.id


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), True, 10**400, -0.1, 1.1, "0.9", None, [0.9]]
)
def test_a_number_that_cannot_be_trusted_asks_a_person(here: House, value: object) -> None:
    with here.agent("bot") as bot:
        assert bot.propose(flush(), signals={"confidence": value}).tier is Tier.HARD_APPROVAL


@pytest.mark.parametrize("amount", [True, "420", [420], 1e300])
def test_a_parameter_of_another_type_says_so(here: House, amount: object) -> None:
    with here.agent("bot") as bot:
        action = refund().model_copy(update={"parameters": {"amount": amount}})
        found = bot.propose(action)
    assert found.tier is Tier.HARD_APPROVAL
    assert "unusable-input" in [one.rule for one in found.triggers]


def test_what_has_no_digest_is_no_proposal(here: House) -> None:
    deep: object = 1
    for _ in range(40):
        deep = [deep]
    with here.agent("bot") as bot:
        for parameters, error in (
            ({"n": 2**60}, NotCanonical),
            ({"text": "x" * 600_000}, TooLarge),
            ({"deep": deep}, BadJson),
        ):
            with pytest.raises(error):
                bot.propose(flush().model_copy(update={"parameters": parameters}))
    assert recorded(here) == []


def test_what_nobody_knows_and_what_is_not_on_the_list(here: House) -> None:
    with here.agent("bot") as bot:
        outside = bot.propose(flush().model_copy(update={"type": "server.reboot"}))
    assert outside.tier is Tier.HARD_STOP
    assert {one.rule for one in outside.triggers} == {"agent-actions", "unknown-action"}


def test_unknown_to_the_policy_but_permitted_is_a_hard_approval(tmp_path: Path) -> None:
    text = policy().replace('actions."mail.send"', 'actions."mail.draft"')
    house = tier_house(tmp_path, text)
    with house.agent("bot") as bot:
        found = bot.propose(mail())
        assert (found.tier, found.pool) == (Tier.HARD_APPROVAL, "owners")
        assert bot.submit(asking(mail())).tier is Tier.HARD_APPROVAL


# -- submit refers to a proposal


def test_the_stricter_of_proposal_and_brief_counts_and_says_why(here: House) -> None:
    with here.agent("bot") as bot:
        doubtful = bot.propose(hide(), signals={"confidence": 0.2})
        ticket = bot.submit(asking(hide(), confidence=0.9), proposal=doubtful.id)
        assert ticket.tier is Tier.HARD_APPROVAL
        pass_time(here, 1)
        sure = bot.propose(hide("L-2"), signals={"confidence": 0.9})
        other = bot.submit(asking(hide("L-2"), confidence=0.2), proposal=sure.id)
        assert other.tier is Tier.HARD_APPROVAL
    with here.desk() as ana:
        shown = pick_up(ana, ticket).handling.triggers
    assert ("unsure", 0.2) in [(one.rule, one.observed) for one in shown]
    assert [one.escalation for one in recorded(here)] == [ticket.id, other.id]


def test_a_proposal_of_another_action_is_not_accepted(here: House) -> None:
    with here.agent("bot") as bot:
        small = bot.propose(refund(4.2))
        with pytest.raises(Tampered):
            bot.submit(asking(refund(420)), proposal=small.id)
        with pytest.raises(NotFound):
            bot.submit(asking(refund(420)), proposal="0")
    assert "refused:Tampered" in kinds(here.path)
    assert "submitted" not in kinds(here.path)


def test_one_proposal_leads_to_one_escalation(here: House) -> None:
    with here.agent("bot") as bot:
        proposal = bot.propose(refund())
        first = bot.submit(asking(refund()), proposal=proposal.id, key="one")
        pass_time(here, 1)
        second = bot.submit(asking(refund()), proposal=proposal.id, key="two")
    assert [one.escalation for one in recorded(here)] == [first.id, second.id]


def test_whoever_asks_although_they_might_act_waits(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(flush()))
        assert ticket.tier is Tier.HARD_APPROVAL
        assert bot.status(ticket).run_state is R.PAUSED_PENDING_HUMAN
    with here.desk() as ana:
        assert pick_up(ana, ticket).handling.triggers[0].rule == "agent-asked"


# -- soft review


def test_a_tentative_action_is_confirmed(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(asking(hide(), run="case-7"))
        assert bot.status(ticket).run_state is R.RUNNING
        assert row(here.path, ticket.id).kind is EscalationKind.SOFT_REVIEW
        review = pick_up(ana, ticket)
        assert [one.key for one in review.options] == ["confirm", "disagree", "hand-on"]
        assert review.handling.on_silence == "the agent takes it back"
        assert ana.confirm(review).state == "held"
        pass_time(here, 10)
        ana.release_due()
        decision = bot.poll(ticket)
        assert decision is not None
        assert (decision.verdict, decision.envelope.option) == ("approve", "confirm")
        assert bot.rollback_due() == ()
        with pytest.raises(InvalidRequest, match="confirmed"):
            bot.rolled_back(ticket, ok=True)
        with pytest.raises(InvalidRequest, match="nothing to resume"):
            bot.resume(ticket)
        bot.complete(ticket)
        assert bot.status(ticket).run_state is R.COMPLETED
    assert run_moves(here.path) == [(R.RUNNING, R.COMPLETED)]


def test_an_agent_that_stands_at_a_gate_is_not_asked_about_what_it_did(here: House) -> None:
    """It has done nothing yet, so nobody confirms anything: it is approved beforehand."""
    brief = asking(hide(), run="case-8")
    with here.agent("bot") as bot:
        ticket = bot.submit(brief.model_copy(update={"tags": (WAITS,)}))
        assert bot.status(ticket).run_state is R.PAUSED_PENDING_HUMAN
    found = row(here.path, ticket.id)
    assert (found.kind, found.tier) == (EscalationKind.APPROVAL, Tier.HARD_APPROVAL)
    settle(here, ticket, "approve")
    with here.agent("bot") as bot, bot.resume(ticket) as go:
        assert go.action == brief.action


def test_a_disagreement_is_taken_back_once(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(asking(hide("L-88")))
        item = ana.claim(ticket.id)
        with pytest.raises(InvalidRequest, match="reason"):
            ana.disagree(item, reason=" ")
        ana.disagree(item, reason="the seller has the papers")
        (due,) = bot.rollback_due()
        assert (due.id, due.verdict, due.reason) == (
            ticket.id,
            "reject",
            "the seller has the papers",
        )
        assert due.compensation.type == "listing.show"
        assert due.compensation.parameters == {"listing": "L-88"}
        bot.rolled_back(ticket, ok=True, detail="back within a minute")
        assert bot.rollback_due() == ()
        with pytest.raises(Replayed):
            bot.rolled_back(ticket, ok=True)
    assert (delivery(here.path, ticket.id).state, delivery(here.path, ticket.id).outcome) == (
        "done",
        "ok",
    )
    assert kinds(here.path, ticket.id).count("rolled_back") == 1


def test_nobody_confirming_means_taking_back_and_is_no_disagreement(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(asking(hide()))
        with pytest.raises(StillPending):
            bot.rolled_back(ticket, ok=True)
        pass_time(here, 2 * 3600)
        ana.sweep()
        (due,) = bot.rollback_due()
        assert due.verdict == "timed_out"
        assert "Nobody confirmed" in due.reason
        decision = bot.poll(ticket)
        assert decision is not None
        assert (decision.envelope.reviewer, decision.envelope.option) == ("desk", "lapsed")
        assert bot.status(ticket).run_state is R.RUNNING
    assert row(here.path, ticket.id).state is E.TIMED_OUT


def test_the_duty_to_take_back_cannot_be_talked_away(here: House) -> None:
    """Neither a receipt nor a better brief replaces the compensating action."""
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(hide()))
        with pytest.raises(InvalidRequest):
            bot.revise(ticket, asking(hide("L-2")))
        settle(here, ticket, "disagree")
        with pytest.raises(InvalidRequest):
            bot.revise(ticket, asking(hide("L-2")))
        with pytest.raises(InvalidRequest, match="rolled_back"):
            bot.acknowledge(ticket)
        assert [one.id for one in bot.rollback_due()] == [ticket.id]


def test_a_withdrawn_tentative_action_is_taken_back_too(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        ticket = bot.submit(asking(hide()))
        bot.withdraw(ticket, "wrong listing")
        ana.sweep()
        assert [one.verdict for one in bot.rollback_due()] == ["withdrawn"]


def test_a_failed_rollback_is_said_and_not_asked_for_again(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(hide()))
        settle(here, ticket, "disagree")
        bot.rolled_back(ticket, ok=False, detail="the listing is gone")
        assert bot.rollback_due() == ()
    done = delivery(here.path, ticket.id)
    assert (done.state, done.outcome, done.detail) == ("failed", "failed", "the listing is gone")


def test_giving_up_a_run_whose_action_is_under_review(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(hide()))
        settle(here, ticket, "disagree")
        bot.fail(ticket, "out of memory")
        assert bot.status(ticket).run_state is R.FAILED
        assert len(bot.rollback_due()) == 1


@pytest.mark.parametrize(
    ("action", "because"),
    [
        (hide(back=None), "cannot-be-taken-back"),
        (hide(back="listing.burn"), "cannot-be-taken-back"),
        (hide().model_copy(update={"reversibility": "irreversible"}), "agent-says-worse"),
    ],
    ids=["brings nothing", "brings something else", "says it is irreversible"],
)
def test_soft_review_is_refused_for_what_cannot_be_taken_back(
    here: House, action: Action, because: str
) -> None:
    with here.agent("bot") as bot:
        proposal = bot.propose(action, signals={"confidence": 0.9})
        ticket = bot.submit(asking(action))
        assert proposal.tier is ticket.tier is Tier.HARD_APPROVAL
        assert because in [one.rule for one in proposal.triggers]
        assert bot.status(ticket).run_state is R.PAUSED_PENDING_HUMAN
        settle(here, ticket, "reject")
        assert bot.rollback_due() == ()


def test_confirming_is_only_for_what_was_done_already(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        item = ana.claim(bot.submit(asking(refund())).id)
        with pytest.raises(InvalidRequest, match="decide"):
            ana.confirm(item)


# -- hard approval and hard stop


def test_a_hard_approval_waits_and_acts_once(here: House) -> None:
    with here.agent("bot") as bot:
        proposal = bot.propose(refund())
        ticket = bot.submit(asking(refund()), proposal=proposal.id)
        assert bot.status(ticket).run_state is R.PAUSED_PENDING_HUMAN
        settle(here, ticket, "approve")
        with bot.resume(ticket) as go:
            assert go.action == refund()
        assert bot.status(ticket).run_state is R.COMPLETED


@pytest.mark.parametrize(
    ("option", "verdict"),
    [("take-over", "taken_over"), ("hand-back", "need_info"), ("abandon", "reject")],
)
def test_a_hard_stop_hands_the_task_to_a_person(here: House, option: str, verdict: str) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(erase()))
        assert ticket.tier is Tier.HARD_STOP
        with here.desk() as ana:
            review = pick_up(ana, ticket)
            assert {one.kind for one in review.options} == {"reject", "need_info", "escalate"}
            with pytest.raises(InvalidRequest):
                ana.decide(review, option="approve")
            ana.decide(review, option=option, reason="ours to do")
        decision = bot.acknowledge(ticket)
        assert (decision.verdict, decision.releases) == (verdict, False)
        assert bot.status(ticket).run_state is R.COMPLETED


# -- stale evidence


@pytest.mark.parametrize("stale", ["raise", "show"])
def test_old_evidence_raises_the_tier_or_is_shown(tmp_path: Path, stale: str) -> None:
    text = policy(more=NO_AUDITS + f'[freshness]\nstale = "{stale}"\nraise_to = "hard_stop"\n')
    house = tier_house(tmp_path, text)
    with house.agent("bot") as bot:
        ticket = bot.submit(with_old_evidence(asking(refund()), now=house.clock.now()))
    expected = Tier.HARD_STOP if stale == "raise" else Tier.HARD_APPROVAL
    assert ticket.tier is expected
    (kept,) = recorded(house)
    assert kept.tier is expected


def test_old_evidence_is_sent_back_where_the_policy_says_so(tmp_path: Path) -> None:
    house = tier_house(tmp_path, policy(more=NO_AUDITS + '[freshness]\nstale = "return"\n'))
    with house.agent("bot") as bot:
        with pytest.raises(InvalidBrief, match="past its maximum age") as refused:
            bot.submit(with_old_evidence(asking(refund()), now=house.clock.now()))
        assert refused.value.faults[0].field == "evidence.0"
        assert bot.submit(asking(refund())).created
    assert kinds(house.path).count("refused:InvalidBrief") == 1
