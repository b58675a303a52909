"""What was really right: a lead says it of closed items, and every word is kept."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from blind import arrived, closed, made, results
from factories import House, house
from journey import assert_chain_whole, events, pass_time, raw, settle
from overread_queue.errors import InvalidRequest, NotAllowed, NotFound
from overread_queue.setup import add_reviewer
from overread_queue.states import EscalationKind
from overread_queue.store.driver import sqlite3
from overread_queue.trust.people import Reviewer
from overread_queue.truth.choosing import said_of
from tier_desks import (
    ALL_AUDITED,
    asking,
    flush,
    hide,
    office,
    policy,
    recorded,
    refund,
    tier_house,
)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def decided(here: House, key: str = "r-1", option: str = "approve") -> str:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()), key=key)
    settle(here, ticket, option)
    return ticket.id


def test_what_people_approved_can_have_been_wrong(here: House) -> None:
    id = decided(here)
    with office(here) as lea:
        assert lea.truth_of(id).truth is None
        found = lea.adjudicate(
            id, "wrong", "outcome", harmful=True, loss=420.0, note="paid to a stranger"
        )
        assert (found.truth, lea.truth_of(id)) == ("wrong", found)
        (word,) = found.words
        assert (word.by, word.at, word.loss) == ("lea", here.clock.now(), 420.0)
        assert lea.truths() == (word,)
        assert lea.truths(since=here.clock.now() + 1) == ()
    last = events(here.path, id)[-1]
    assert (last.kind, last.actor) == ("adjudicated", "lead:lea")
    assert json.loads(last.detail) == {
        "truth": "wrong",
        "source": "outcome",
        "harmful": True,
        "loss": 420,
    }
    assert_chain_whole(here.path)


def test_a_later_word_of_the_same_source_stands_and_the_earlier_one_is_kept(here: House) -> None:
    id = decided(here)
    with office(here) as lea:
        lea.adjudicate(id, "wrong", "outcome", note="the customer complained")
        pass_time(here, 3600)
        found = lea.adjudicate(id, "right", "outcome", note="… about another order")
        assert (found.truth, [one.note for one in found.words]) == (
            "right",
            ["… about another order"],
        )
        assert lea.truths() == found.words
    with raw(here.path) as db:
        kept = [row["truth"] for row in db.execute("SELECT truth FROM truth ORDER BY id")]
    assert kept == ["wrong", "right"]


def test_it_was_wrong_as_long_as_one_source_says_so(here: House) -> None:
    id = decided(here)
    with office(here) as lea:
        lea.adjudicate(id, "right", "outcome")
        assert lea.adjudicate(id, "wrong", "second_reading").truth == "wrong"
        assert lea.adjudicate(id, "right", "second_reading").truth == "right"


def test_only_a_lead_says_what_was_right_and_everybody_may_look(here: House) -> None:
    id = decided(here)
    with office(here, "ana") as ana:
        with pytest.raises(NotAllowed, match="lead"):
            ana.adjudicate(id, "right", "audit")
        assert ana.truth_of(id).words == ()


def test_nobody_knows_the_truth_of_what_is_not_over(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana, office(here) as lea:
        ticket = bot.submit(asking(refund()), key="open")
        with pytest.raises(InvalidRequest, match="still open"):
            lea.adjudicate(ticket.id, "right", "outcome")
        session = ana.start_session()
        ana.decide(ana.open(session.items[0]), option="reject", reason="no order")
        with pytest.raises(InvalidRequest, match="session"):
            lea.adjudicate(ticket.id, "right", "outcome")
        assert lea.worth_adjudicating() == ()
        ana.end_session(session)
        assert [one.escalation for one in lea.worth_adjudicating()] == [ticket.id]
        assert lea.adjudicate(ticket.id, "right", "outcome").truth == "right"


def test_what_its_agent_took_back_was_never_put_to_the_test(here: House) -> None:
    with here.agent("bot") as bot, office(here) as lea:
        ticket = bot.submit(asking(refund()), key="w")
        bot.withdraw(ticket, reason="not needed any more")
        with pytest.raises(InvalidRequest, match="taken back"):
            lea.adjudicate(ticket.id, "right", "outcome")
        assert lea.worth_adjudicating() == ()


@pytest.mark.parametrize(
    ("truth", "more", "told"),
    [
        ("right", {"harmful": True}, "did no harm"),
        ("right", {"loss": 1.0}, "cost nothing"),
        ("wrong", {"loss": -1.0}, "no loss"),
        ("wrong", {"loss": float("nan")}, "no loss"),
        ("wrong", {"note": "x" * 2001}, "2,000"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused(
    here: House, truth: str, more: dict[str, object], told: str
) -> None:
    id = decided(here)
    with office(here) as lea:
        with pytest.raises(InvalidRequest, match=told):
            lea.adjudicate(id, truth, "outcome", **more)  # type: ignore[arg-type]
        assert lea.truth_of(id).words == ()


def test_an_id_that_is_not_here_is_named(here: House) -> None:
    with office(here) as lea:
        with pytest.raises(NotFound, match="nowhere"):
            lea.truth_of("nowhere")
        with pytest.raises(NotFound, match="nowhere"):
            lea.adjudicate("nowhere", "right", "audit")


def test_what_was_erased_is_judged_without_words(here: House) -> None:
    """A note would bring back some of what had to go."""
    id = decided(here, option="reject")
    with office(here) as lea:
        lea.adjudicate(id, "wrong", "outcome", note="paid to M. Keller")
        lea.erase(id, reason="they asked for it")
        assert [one.note for one in lea.truth_of(id).words] == [""]
        with pytest.raises(InvalidRequest, match="erased"):
            lea.adjudicate(id, "right", "audit", note="it was M. Keller's own")
        assert lea.adjudicate(id, "right", "audit").truth == "wrong"


def test_a_word_is_never_changed_or_taken_back(here: House) -> None:
    id = decided(here)
    with office(here) as lea:
        lea.adjudicate(id, "wrong", "outcome")
    with raw(here.path) as db:
        for attack in ("UPDATE truth SET truth = 'right'", "DELETE FROM truth"):
            with pytest.raises(sqlite3.IntegrityError, match="word on the truth"):
                db.execute(attack)


# -- what to find out next


def test_audits_come_first_and_the_rest_in_an_order_that_nobody_chooses(tmp_path: Path) -> None:
    here = tier_house(tmp_path, policy(more=ALL_AUDITED))
    ids = [decided(here, f"r-{number}") for number in range(10)]
    with here.agent("bot") as bot, here.desk() as ana, office(here) as lea:
        bot.propose(flush())
        ana.sweep()
        (audit,) = [one.escalation for one in recorded(here) if one.sampled]
        assert audit
        settle(here, audit, "right")
        order = lea.worth_adjudicating()
        assert [one.kind for one in order[:2]] == [EscalationKind.AUDIT, EscalationKind.APPROVAL]
        drawn = [one.escalation for one in order[1:]]
        assert sorted(drawn) == sorted(ids)
        assert drawn not in (ids, ids[::-1])
        assert lea.worth_adjudicating(most=3) == order[:3]
        lea.adjudicate(order[0].escalation, "right", "audit")
        assert lea.worth_adjudicating() == order[1:]


def test_what_was_said_is_a_hint_and_no_truth(here: House) -> None:
    approved = decided(here, "a")
    decided(here, "b", "reject")
    with here.agent("bot") as bot, here.desk() as ana:
        bot.outcome(approved, ok=False)
        shown = bot.submit(asking(hide(), confidence=0.9), key="c")
        settle(here, shown, "disagree")
        bot.submit(asking(hide(), confidence=0.8), key="d")
        pass_time(here, 86_400)
        ana.sweep()
    with office(here) as lea:
        said = {said_of(one) for one in lea.worth_adjudicating()}
        assert said == {
            "people said approve; its agent says it failed",
            "people said reject",
            "looked at afterwards and called wrong",
            "nobody answered in time",
        }
        assert lea.truths() == ()


def test_the_order_needs_the_key_that_draws_it(here: House) -> None:
    decided(here)
    here.places.key("audit").unlink()
    with office(here) as lea, pytest.raises(NotAllowed, match="audit key"):
        lea.worth_adjudicating()


def test_the_truth_tells_no_blind_test_from_real_work(tmp_path: Path) -> None:
    here = house(tmp_path)
    user = (getpass.getuser(),)
    add_reviewer(here.places, Reviewer(name="lea", label="Lea", roles=("lead",), user=user))
    made(here, closed(here))
    test, real = arrived(here)
    with here.desk() as ana, office(here) as lea:
        session = ana.start_session()
        for id in (test, real.id):
            ana.decide(ana.open(id), option="reject", reason="not theirs")
        for id in (test, real.id):
            with pytest.raises(InvalidRequest, match=f"the session that decided {id} goes on"):
                lea.adjudicate(id, "wrong", "audit")
        assert lea.worth_adjudicating() == ()
        ana.end_session(session)
        assert [one.escalation for one in lea.worth_adjudicating()] == [real.id]
        with pytest.raises(NotFound):
            lea.adjudicate(test, "wrong", "audit")
        lea.adjudicate(real.id, "wrong", "audit")
    assert len(results(here)) == 1
    assert_chain_whole(here.path)
