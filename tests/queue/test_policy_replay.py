"""What a draft would have done with what was recorded."""

import dataclasses

import pytest

from overread_queue.measure.intervals import wilson
from overread_queue.policy import inputs
from overread_queue.policy.replay import CAVEAT, RecordedAction, simulate
from overread_queue.states import Tier
from policy_factory import NOON, TODAY, Table, facts, policy, rule, signal, table


def unsure(value: float, **more: object) -> Table:
    return table(rules=[rule("unsure", "hard_approval", signal("confidence", "<", value))], **more)


def recorded(*confidences: float, bad: bool | None = None) -> list[RecordedAction]:
    return [
        RecordedAction(f"p{at}", inputs(facts(signals={"confidence": one})), bad)
        for at, one in enumerate(confidences)
    ]


def test_a_stricter_draft_costs_minutes_and_says_how_sure_it_is() -> None:
    found = simulate(policy(unsure(0.8)), policy(unsure(0.5)), recorded(0.3, 0.6, 0.7, 0.9))
    (shift,) = found.shifts
    assert (shift.action_type, shift.actions, shift.gained, shift.lost) == ("credit", 4, 2, 0)
    assert (shift.before, shift.after) == (wilson(1, 4), wilson(3, 4))
    assert shift.change.estimate == 0.5
    assert shift.change.low < 0.5 < shift.change.high
    assert (shift.minutes_before, shift.minutes_after, found.minutes) == (3, 9, 6)
    assert (found.actions, found.missed, found.caveat) == (4, (), CAVEAT)


def test_what_went_wrong_and_would_no_longer_be_seen_is_listed() -> None:
    records = [*recorded(0.3, 0.6, bad=True), *recorded(0.6, bad=False), *recorded(0.6)]
    found = simulate(policy(unsure(0.5)), policy(unsure(0.8)), records)
    (missed,) = found.missed
    assert (missed.proposal, missed.before, missed.after) == (
        "p1",
        Tier.HARD_APPROVAL,
        Tier.AUTONOMOUS,
    )
    assert found.bad == 2
    assert found.shifts[0].lost == 3


def test_two_people_need_twice_the_minutes() -> None:
    dual = unsure(0.8, governance={"credit": {"hard_approval": {"dual": True}}})
    assert simulate(policy(dual), policy(unsure(0.8)), recorded(0.3, 0.4)).minutes == 6


def test_each_action_is_judged_at_its_own_time() -> None:
    softly = table(rules=[rule("unsure", "soft_review", signal("confidence", "<", 0.8))])
    trial = {"id": "x", "action": "credit", "owner": "lead", "expires": TODAY, "reason": "trial"}
    today = facts(signals={"confidence": 0.5})
    tomorrow = dataclasses.replace(today, at=NOON + 86_400_000)
    records = [RecordedAction(str(one.at), inputs(one)) for one in (today, tomorrow)]
    found = simulate(policy({**softly, "exemptions": [trial]}), policy(softly), records)
    assert (found.shifts[0].actions, found.shifts[0].lost) == (2, 1)


def test_records_that_make_no_sense_are_named_and_left_out() -> None:
    broken = RecordedAction("p-9", {"agent": "a", "at": "yesterday"})
    found = simulate(policy(table()), policy(table()), [broken, *recorded(0.9)])
    assert (found.unreadable, found.actions) == (("p-9",), 1)


@pytest.mark.parametrize("action", ["credit", "never.heard.of"])
def test_types_are_kept_apart(action: str) -> None:
    other = RecordedAction("o", inputs(facts(action_type=action, signals={"confidence": 0.9})))
    found = simulate(policy(unsure(0.8)), policy(unsure(0.8)), [other, *recorded(0.9)])
    assert [shift.actions for shift in found.shifts] == ([2] if action == "credit" else [1, 1])
