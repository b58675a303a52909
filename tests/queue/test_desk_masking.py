"""A value that the agent or the policy calls sensitive: who gets to see it, and when."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from factories import POLICY, House, brief, default_options, house
from journey import events, kinds, pass_time, pick_up, raw, settle
from overread_briefs import (
    Action,
    Brief,
    Compensation,
    Editable,
    EditableField,
    Option,
    Trigger,
    action_sha256,
    mask,
)
from overread_briefs.fields import Sensitivity
from overread_queue.errors import InvalidRequest, LeaseLost, NotFound
from overread_queue.models import Review, Ticket

IBAN = "DE02120300000000202051"
OTHER = "LT601010012345678841"
HIDDEN = mask("", "confidential")
PATCH = Option(
    key="other-account",
    label="Pay elsewhere",
    kind="modify",
    consequence="agent pays to the account on file",
    patch={"iban": OTHER},
)


def transfer(**changes: object) -> Action:
    said: dict[str, Sensitivity] = {"iban": "confidential"}
    action = Action(
        type="payments.refund",
        parameters={"order": "A-1009", "amount": 420.0, "iban": IBAN},
        sensitive=said,
        target=IBAN,
        editable=Editable(
            type="object",
            properties={
                "amount": EditableField(type="number", minimum=0.01, maximum=420),
                "iban": EditableField(type="string", max_length=34),
            },
        ),
        compensation=Compensation(type="payments.reclaim", parameters={"iban": IBAN}),
    )
    return action.model_copy(update=changes)


def asked(action: Action | None = None) -> Brief:
    """A refund to an account that also fired a rule, with a second account to choose."""
    fired = Trigger(
        kind="anomaly",
        rule="new-account",
        signal="iban",
        observed=IBAN,
        comparison="=",
        threshold=IBAN,
    )
    update = {"action": action or transfer(), "triggers": (fired,)}
    return brief(options=(*default_options(), PATCH)).model_copy(update=update)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    return submitted(here, asked())


def submitted(here: House, wanted: Brief) -> Ticket:
    with here.agent() as queue:
        return queue.submit(wanted)


def everything(review: Review) -> str:
    """All that a reviewer is handed, in one text."""
    previous = review.previous.model_dump_json() if review.previous else ""
    return repr(asdict(review)) + review.brief.model_dump_json() + previous


def test_nothing_that_a_review_holds_tells_a_masked_value(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert review.masked_parameters == {"iban": "confidential"}
        assert review.brief.action.parameters == {
            "order": "A-1009",
            "amount": 420.0,
            "iban": HIDDEN,
        }
        assert review.brief.action.target is None
        ana.comment(review.item, "looks odd")
        for shown in (review, ana.open(review.item)):
            assert IBAN not in everything(shown)
            assert OTHER not in everything(shown)
        assert IBAN not in repr(ana.standing(review)) + repr(ana.rows(ana.waiting_ids()))
        assert ana.preview(review, "approve") == review.brief.action
    assert "unmasked" not in kinds(here.path)


def test_an_unmasked_value_is_shown_for_this_look_and_recorded_without_it(
    here: House, ticket: Ticket
) -> None:
    with here.desk() as ana:
        review = ana.unmask_parameter(pick_up(ana, ticket), "iban")
        assert review.masked_parameters == {}
        assert review.brief.action.parameters["iban"] == IBAN
        assert review.brief.action.target == IBAN
        assert review.brief.triggers[0].observed == IBAN
        assert ana.preview(review, "other-account").parameters["iban"] == OTHER
        assert ana.open(review.item) == review
        ana.release(review.item)
        assert IBAN not in everything(pick_up(ana, ticket))
    (unmasked,) = [event for event in events(here.path) if event.kind == "unmasked"]
    assert (unmasked.actor, unmasked.detail) == ("reviewer:ana", '{"parameter":"iban"}')
    with raw(here.path) as db:
        looks = db.execute("SELECT unmasked FROM review ORDER BY fence").fetchall()
    assert [look["unmasked"] for look in looks] == ['["parameter:iban"]', "[]"]


def test_unmasking_a_parameter_is_for_whoever_has_it_in_hand(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        with pytest.raises(NotFound, match="masked parameter"):
            ana.unmask_parameter(review, "amount")
        with pytest.raises(LeaseLost):
            ben.unmask_parameter(review, "iban")
        ana.release(review.item)
        with pytest.raises(LeaseLost):
            ana.unmask_parameter(review, "iban")
    assert "unmasked" not in kinds(here.path)


def test_what_was_approved_unseen_reaches_the_agent_whole(here: House, ticket: Ticket) -> None:
    settle(here, ticket, "approve")
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.action == transfer()


def test_nobody_changes_what_they_have_not_seen(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        for option, parameters in (("change", {"iban": IBAN}), ("other-account", None)):
            with pytest.raises(InvalidRequest, match=r"unmask iban \(confidential\) before"):
                ana.preview(review, option, parameters)
            with pytest.raises(InvalidRequest, match="unmask iban"):
                ana.decide(review, option=option, parameters=parameters)
        changed = ana.preview(review, "change", {"amount": 99.5})
        assert changed.parameters == {"order": "A-1009", "amount": 99.5, "iban": HIDDEN}
        whole = transfer(parameters=transfer().parameters | {"amount": 99.5})
        assert ana.digest(review, "change", {"amount": 99.5}) == action_sha256(whole)
        ana.decide(ana.unmask_parameter(review, "iban"), option="other-account")
        pass_time(here, 10)
        ana.release_due()
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.action.parameters["iban"] == OTHER


def test_what_was_entered_before_is_hidden_again_from_the_next_look(
    here: House, ticket: Ticket
) -> None:
    entered = {"amount": 12.0, "iban": OTHER}
    with here.desk() as ana:
        review = ana.unmask_parameter(pick_up(ana, ticket), "iban")
        receipt = ana.decide(review, option="change", parameters=entered)
        again = ana.open(ana.undo(receipt))
        assert again.draft is not None
        assert again.draft.parameters == entered
        ana.release(again.item)
        later = pick_up(ana, ticket)
        assert later.draft is not None
        assert later.draft.parameters == {"amount": 12.0}


def test_a_revised_brief_hides_the_value_in_the_earlier_one_too(
    here: House, ticket: Ticket
) -> None:
    open_now = asked(transfer(sensitive={}, parameters={"order": "A-1009", "amount": 12.5}))
    with here.agent() as queue:
        second = queue.revise(ticket, open_now.model_copy(update={"options": default_options()}))
    with here.desk() as ana:
        review = pick_up(ana, second)
        assert review.previous is not None
        assert IBAN not in review.previous.model_dump_json()


@pytest.mark.parametrize(
    ("policy", "agent", "counts"),
    [
        ("restricted", None, "restricted"),
        ("restricted", "confidential", "restricted"),
        ("confidential", "restricted", "restricted"),
        ("public", "confidential", "confidential"),
        ("confidential", "public", "confidential"),
        ("internal", "public", None),
    ],
)
def test_the_stricter_of_policy_and_agent_counts(
    tmp_path: Path, policy: str, agent: Sensitivity | None, counts: str | None
) -> None:
    classed = POLICY.replace(
        'label = "Refund a customer"',
        f'label = "Refund a customer"\nsensitive = {{ iban = "{policy}", memo = "restricted" }}',
    )
    here = house(tmp_path, policy=classed)
    said = {"iban": agent} if agent else {}
    ticket = submitted(here, asked(transfer(sensitive=said)))
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert review.masked_parameters == ({"iban": counts} if counts else {})
        assert (IBAN in everything(review)) == (counts is None)
