"""An agent hands in a brief: durable, idempotent, and refused in words where it cannot be taken."""

from __future__ import annotations

import json

import pytest

from factories import House, brief
from journey import events, kinds, raw, row, run_moves, settle
from overread_briefs import InvalidBrief
from overread_queue.errors import Conflict, InvalidRequest, MoveRefused, NotAllowed, NotFound
from overread_queue.setup import add_agent
from overread_queue.states import EscalationState, RunState, Tier
from overread_queue.trust.people import Agent


def test_a_submission_is_one_commit_of_everything(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief(), key="refund-A-1009", checkpoint={"step": 3})
        status = queue.status(ticket)
    assert ticket.created
    assert (status.state, status.run_state) == (
        EscalationState.WAITING,
        RunState.PAUSED_PENDING_HUMAN,
    )
    assert (status.tier, status.pool, status.verdict) == (Tier.HARD_APPROVAL, "refunds", None)
    assert ticket.deadline_at == here.clock.now() + 4 * 3600 * 1000
    assert run_moves(here.path) == [(RunState.RUNNING, RunState.PAUSED_PENDING_HUMAN)]
    with raw(here.path) as db:
        stored = db.execute("SELECT brief, checkpoint FROM payload").fetchone()
    assert bytes(stored["brief"]) == brief().to_bytes()
    assert json.loads(stored["checkpoint"]) == {"step": 3}


def test_the_same_key_and_content_is_the_same_ticket_also_once_decided(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(), key="refund-A-1009")
        again = queue.submit(brief(), key="refund-A-1009")
        settle(here, first, "reject")
        decided = queue.submit(brief(), key="refund-A-1009")
        assert queue.wait(decided, timeout=0)
    assert first.id == again.id == decided.id
    assert (again.created, decided.created, decided.state) == (
        False,
        False,
        EscalationState.DECIDED,
    )
    assert kinds(here.path).count("submitted") == 1


def test_without_a_key_the_content_is_the_key(here: House) -> None:
    with here.agent() as queue:
        first, again = queue.submit(brief()), queue.submit(brief().to_bytes())
        other = queue.submit(brief(amount=12.5))
    assert first.id == again.id != other.id
    assert first.key == f"sha256:{first.brief_sha256}"


def test_other_content_under_a_used_key_is_a_conflict_that_shows_both(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(), key="refund-A-1009")
        with pytest.raises(Conflict) as refused:
            queue.submit(brief(amount=12.5), key="refund-A-1009")
        other = queue.submit(brief(amount=12.5), key="refund-A-1010")
    assert refused.value.stored == first.brief_sha256
    assert refused.value.received == other.brief_sha256
    assert first.brief_sha256 in str(refused.value)
    assert other.brief_sha256 in str(refused.value)
    with raw(here.path) as db:
        kept = db.execute("SELECT brief FROM payload WHERE escalation = ?", (first.id,)).fetchone()
    assert bytes(kept["brief"]) == brief().to_bytes()
    assert "refused:Conflict" in kinds(here.path)


def test_keys_of_two_agents_do_not_meet(here: House) -> None:
    with here.agent() as refunds, here.agent("ana-agent") as anas:
        first = refunds.submit(brief(), key="A-1009")
        second = anas.submit(brief(agent="ana-agent"), key="A-1009")
    assert first.id != second.id


@pytest.mark.parametrize("key", ["two words", "line\n", "ключ", "k" * 129])
def test_a_key_that_programs_could_confuse_is_refused_by_name(here: House, key: str) -> None:
    with here.agent() as queue, pytest.raises(InvalidRequest, match="cannot be a key"):
        queue.submit(brief(), key=key)
    assert "submitted" not in kinds(here.path)


@pytest.mark.parametrize("text", ["", "{", '{"question": "\ud800"}', "[1, NaN]"])
def test_what_is_no_brief_is_refused_and_counted(here: House, text: str) -> None:
    with here.agent() as queue, pytest.raises(InvalidBrief):
        queue.submit(text)
    assert kinds(here.path) == ["made", "refused:InvalidBrief"]


def test_an_agent_submits_only_its_own_briefs(here: House) -> None:
    with here.agent("ana-agent") as queue, pytest.raises(InvalidBrief, match="its own briefs"):
        queue.submit(brief(agent="refund-agent"))


def test_an_unregistered_agent_has_no_door(here: House) -> None:
    with pytest.raises(NotAllowed, match="stranger"):
        here.agent("stranger")


def test_an_action_outside_the_agents_list_is_a_hard_stop(here: House) -> None:
    add_agent(here.places, Agent(name="mailer", label="Mailer", actions=("mail.send",)))
    with here.agent("mailer") as queue:
        allowed = queue.submit(brief(agent="mailer", action_type="mail.send"))
        outside = queue.submit(brief(agent="mailer", action_type="payments.refund"))
    assert (allowed.tier, outside.tier) == (Tier.HARD_APPROVAL, Tier.HARD_STOP)


def test_a_checkpoint_comes_back_as_it_was_and_has_a_limit(here: House) -> None:
    state = {"step": 3, "text": "naïve ✓", "list": [1, 2.5, None, True]}
    with here.agent() as queue:
        ticket = queue.submit(brief(), checkpoint=state)
        bare = queue.submit(brief(amount=12.5))
        with pytest.raises(InvalidRequest, match="checkpoint"):
            queue.submit(brief(amount=13.5), checkpoint="x" * (8 * 1024 * 1024))
        settle(here, ticket, "approve")
        settle(here, bare, "approve")
        with queue.resume(ticket) as go:
            assert go.checkpoint == state
        with queue.resume(bare) as go:
            assert go.checkpoint is None


def test_a_finished_run_takes_no_new_question(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief(run="order-A-1009"))
        settle(here, ticket, "approve")
        with queue.resume(ticket):
            pass
        with pytest.raises(MoveRefused) as refused:
            queue.submit(brief(run="order-A-1009", amount=12.5))
    assert (refused.value.machine, refused.value.id) == ("run", "order-A-1009")
    assert refused.value.found == RunState.COMPLETED
    assert kinds(here.path)[-1] == "refused:MoveRefused"


def test_another_agents_ticket_is_out_of_reach(here: House) -> None:
    with here.agent() as owner, here.agent("ana-agent") as other:
        ticket = owner.submit(brief())
        for call in (other.poll, other.resume, other.acknowledge, other.withdraw, other.status):
            with pytest.raises(NotAllowed, match="belongs to refund-agent"):
                call(ticket.id)
        with pytest.raises(NotAllowed):
            other.revise(ticket.id, brief(agent="ana-agent"))
        with pytest.raises(NotAllowed):
            other.outcome(ticket.id, ok=True)
    assert row(here.path, ticket.id).state is EscalationState.WAITING
    refused = [e.actor for e in events(here.path) if e.kind == "refused:NotAllowed"]
    assert set(refused) == {"agent:ana-agent"}


def test_an_unknown_ticket_is_not_found(here: House) -> None:
    with here.agent() as queue:
        for call in (queue.poll, queue.resume, queue.withdraw, queue.status):
            with pytest.raises(NotFound, match="no-such-id"):
                call("no-such-id")
