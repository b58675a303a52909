"""Staffing: how many reviewers a day's work asks for, what says so, and what each control costs."""

from __future__ import annotations

import pytest

from factories import POLICY
from frictionless import with_friction
from overread_queue.health.pricing import Price, prices
from overread_queue.health.staffing import PoolStaffing, Shift, remarks, staff
from overread_queue.policy import Policy, parse_policy
from overread_queue.states import EscalationKind, Tier
from overread_queue.store.works import Work

WIDE = "[limits]\nday_minutes = 480\nday_items = 1000\n"
"""Limits of a day that never bind."""


def desk(*tables: str, **controls: str | float) -> Policy:
    """Refunds are high and irreversible, mails medium and irreversible, hiding can be undone.

    Of the controls only those that are given are on."""
    text = with_friction(POLICY, **({"probe_fraction": 0} | controls))
    return parse_policy("\n".join((text, *tables)).encode(), source="policy.toml")


def work(action_type: str = "payments.refund", *, minutes: float = 5, **over: object) -> Work:
    known: dict[str, object] = {
        "pool": "refunds",
        "action_type": action_type,
        "kind": EscalationKind.APPROVAL,
        "tier": Tier.HARD_APPROVAL,
        "items": 200,
        "reviews": 200,
    }
    known |= over
    known.setdefault("active_ms", int(known["reviews"] * minutes * 60_000))  # type: ignore[operator]
    return Work(**known)  # type: ignore[arg-type]


def refunds(policy: Policy, *works: Work, shift: Shift | None = None) -> PoolStaffing:
    (found,) = staff(policy, works, shift or Shift(days=1))
    return found


def price(policy: Policy, setting: str, *works: Work) -> Price:
    return next(one for one in prices(policy, works, days=1) if one.setting == setting)


# -- how many


@pytest.mark.parametrize(("minutes", "reviewers"), [(5, 3), (8, 5), (3, 2)])
def test_two_hundred_items_in_a_shift(minutes: float, reviewers: int) -> None:
    found = refunds(desk(WIDE), work(minutes=minutes))
    assert found.needed == reviewers
    crew = next(one for one in found.crews if one.reviewers == reviewers)
    assert crew.busy == pytest.approx(200 * minutes / 480 / reviewers)
    assert crew.soon is not None
    assert crew.soon >= 0.95


def test_too_few_reviewers_have_no_wait_but_a_queue_that_grows() -> None:
    found = refunds(desk(WIDE), work(minutes=8))
    crew = next(one for one in found.crews if one.reviewers == 3)
    assert crew.busy > 1
    assert (crew.wait, crew.soon) == (None, None)


def test_the_limits_of_a_day_ask_for_more_than_the_waits_do() -> None:
    found = refunds(desk(), work(minutes=3))
    assert (found.needed, found.because) == (4, "as one person has at most 60 items a day")
    found = refunds(desk(), work(minutes=8))
    assert (found.needed, found.because) == (7, "as one person has at most 240 min a day")


def test_little_work_still_needs_somebody() -> None:
    assert refunds(desk(), work(items=1, reviews=1)).needed == 1


def test_too_few_reviews_to_believe_are_reckoned_as_the_policy_expects() -> None:
    found = refunds(desk(), work(items=29, reviews=29, minutes=60))
    assert (found.seconds, found.measured) == (180, 0)
    found = refunds(desk(), work(items=30, reviews=30, minutes=60))
    assert (found.seconds, found.measured) == (3600, 30)


def test_what_still_waits_is_work_too_and_two_people_are_two_reviews() -> None:
    waiting = refunds(desk(), work(items=100, reviews=40))
    assert waiting.per_day == 100
    twice = refunds(desk(), work(items=100, reviews=200), shift=Shift(days=2))
    assert twice.per_day == 100


def test_the_pool_with_the_most_work_comes_first_and_others_are_left_out() -> None:
    little, much = work(pool="seniors", items=10, reviews=10), work()
    found = staff(desk(), [little, much], Shift(days=1, people={"refunds": 2}))
    assert [(one.pool, one.label, one.people) for one in found] == [
        ("refunds", "Refunds", 2),
        ("seniors", "Senior refunds", 0),
    ]


def test_a_number_that_was_asked_for_is_among_those_shown() -> None:
    found = refunds(desk(WIDE), work(), shift=Shift(days=1, also=(12,)))
    assert [one.reviewers for one in found.crews] == [1, 2, 3, 4, 5, 12]


def test_a_pool_that_the_policy_forgot_and_an_unknown_action_are_reckoned_all_the_same() -> None:
    odd = work("crypto.send", pool="gone", items=10, reviews=0)
    found = refunds(desk(), odd)
    assert (found.label, found.seconds) == ("gone", 300)


def test_a_desk_without_work_says_so() -> None:
    assert staff(desk(), [], Shift(days=0)) == ()
    assert remarks([], Shift(days=0)) == (
        "nothing came in over this period, so there is nothing to staff for; ask for more",
    )
    assert "single day" in " ".join(remarks([work()], Shift(days=1)))


# -- what controls cost


def test_a_challenge_of_45_seconds_on_three_tenths_costs_13_and_a_half_a_review() -> None:
    policy = desk(challenge_from="high")
    mails = work("mail.send", items=140, reviews=140)
    found = price(policy, "challenge_from", work(items=60, reviews=60), mails)
    assert (found.reached, found.basis) == (60, "assumed")
    assert found.minutes * 60 / 200 == pytest.approx(13.5)


def test_a_threshold_says_what_one_step_would_cost_either_way() -> None:
    policy = desk(challenge_from="high")
    mails = work("mail.send", items=40, reviews=40)
    found = price(policy, "challenge_from", work(items=60, reviews=60), mails)
    assert [(one.value, one.minutes) for one in found.instead] == [
        ("medium", pytest.approx(75)),
        ("critical", 0),
    ]


def test_judging_first_reaches_what_cannot_be_undone_and_a_draw_of_the_rest() -> None:
    policy = desk(withhold_from="high", withhold_fraction=0.1)
    hidden = work("content.hide", items=100, reviews=100)
    found = price(policy, "withhold_from", work(items=50, reviews=50), hidden)
    assert found.reached == pytest.approx(50 + 10)
    assert found.value == "high, else 10 %"


def test_floors_are_bounds_and_only_approvals_pay_them() -> None:
    policy = desk(floor_irreversible="45s")
    soft = work(kind=EscalationKind.SOFT_REVIEW, tier=Tier.SOFT_REVIEW)
    found = price(policy, "floor_irreversible", work(items=60, reviews=60), soft)
    assert (found.minutes, found.basis) == (45, "at most")


def test_a_second_person_costs_a_whole_review() -> None:
    policy = desk(dual_fraction=0.02)
    found = price(policy, "dual_fraction", work(items=100, reviews=100, minutes=5))
    assert found.minutes == pytest.approx(100 * 0.02 * 5)


def test_where_two_people_decide_half_of_the_reviews_are_the_price() -> None:
    both = '[governance."payments.refund".hard_approval]\ndual = true\n'
    found = price(desk(both), "dual", work(items=50, reviews=100, minutes=5))
    assert found.minutes == pytest.approx(50 * 5)


def test_audits_cost_what_came_in_of_them() -> None:
    audits = work(kind=EscalationKind.AUDIT, tier=Tier.AUTONOMOUS, items=40, reviews=40, minutes=2)
    assert price(desk(), "audit.rate", work(), audits).minutes == pytest.approx(80)


def test_what_is_off_or_reaches_nothing_has_no_price() -> None:
    assert [one.setting for one in prices(desk(), [work()], days=1)] == ["break_for"]
    assert prices(desk(), [], days=0) == ()


def test_the_dearest_comes_first() -> None:
    everything = desk(
        floor_irreversible="45s", withhold_from="high", challenge_from="high", dual_fraction=0.02
    )
    found = [one.minutes for one in prices(everything, [work()], days=1)]
    assert len(found) == 5
    assert found == sorted(found, reverse=True)
