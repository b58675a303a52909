"""The order of work: urgent, tier, slack; and what happens when not everything can be done."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.routing.order import in_order, is_overloaded, is_urgent
from overread_queue.store.rows import Ready

MINUTE = 60_000
NOW = 1_000_000 * MINUTE

jobs = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), min_size=0, max_size=6)
"""Minutes until the deadline, and minutes of work, for a few items."""


def ready(
    id: str = "x",
    *,
    due: float = 600,
    minutes: float = 3,
    severity: int = 4,
    half: float | None = 300,
    stake: int = 1,
) -> Ready:
    """Times in minutes; `half` is when half its SLA is over, None once that was noted."""
    return Ready(
        id=id,
        severity=severity,
        deadline_at=NOW + round(due * MINUTE),
        expected_seconds=round(minutes * 60),
        agent="bot",
        action_type="payments.refund",
        promote_at=None if half is None else NOW + round(half * MINUTE),
        stake=stake,
    )


def order(*items: Ready, overloaded: bool = False, seed: int = 1) -> list[str]:
    found = in_order(
        items, now=NOW, shuffle=random.Random(seed), session_minutes=25, overloaded=overloaded
    )
    return [one.id for one in found]


# -- order


def test_urgent_means_before_a_session_that_starts_now_would_end() -> None:
    assert is_urgent(ready(due=24.9), now=NOW, session_minutes=25)
    assert not is_urgent(ready(due=25), now=NOW, session_minutes=25)
    assert is_urgent(ready(due=29), now=NOW, session_minutes=30)


def test_urgent_first_whatever_its_tier_then_tier_then_slack() -> None:
    found = order(
        ready("late-hard", due=90, severity=4),
        ready("soon-soft", due=20, severity=3),
        ready("stop", due=400, severity=5),
        ready("sooner-soft", due=15, severity=3),
        ready("early-hard", due=80, severity=4),
    )
    assert found == ["sooner-soft", "soon-soft", "stop", "early-hard", "late-hard"]


def test_slack_counts_the_work_and_not_only_the_deadline() -> None:
    assert order(ready("short", due=60, minutes=1), ready("long", due=70, minutes=20)) == [
        "long",
        "short",
    ]


def test_half_an_sla_gone_counts_as_one_tier_more() -> None:
    soft = ready("soft", due=200, severity=3, half=0)
    noted = replace(soft, id="noted", promote_at=None)
    hard = ready("hard", due=300, severity=4, half=1)
    assert order(hard, ready("fresh", due=100, severity=3, half=1)) == ["hard", "fresh"]
    assert order(hard, soft) == ["soft", "hard"]
    assert order(hard, noted) == ["noted", "hard"]


def test_equals_come_in_an_order_that_nobody_can_learn() -> None:
    twins = [ready(str(n)) for n in range(6)]
    seen = {tuple(order(*twins, seed=seed)) for seed in range(30)}
    assert len(seen) > 10
    assert {frozenset(one) for one in seen} == {frozenset("012345")}


def test_overloaded_means_most_loss_avoided_per_minute() -> None:
    found = order(
        ready("urgent-trifle", due=1, minutes=3, stake=30),
        ready("big-and-long", due=300, minutes=30, stake=600),
        ready("big-and-short", due=300, minutes=3, stake=600),
        overloaded=True,
    )
    assert found == ["big-and-short", "big-and-long", "urgent-trifle"]


def test_among_equal_stakes_slack_decides() -> None:
    first, second = ready("first", due=10, stake=30), ready("second", due=11, stake=30)
    assert order(second, first, overloaded=True) == ["first", "second"]


# -- overload


def test_nothing_to_do_is_no_overload() -> None:
    assert not is_overloaded([], now=NOW, reviewers=1)


def test_what_is_late_already_is_an_overload() -> None:
    assert is_overloaded([ready(due=0)], now=NOW, reviewers=9)
    assert is_overloaded([ready(due=2, minutes=3)], now=NOW, reviewers=1)
    assert not is_overloaded([ready(due=3, minutes=3)], now=NOW, reviewers=1)


def test_nobody_on_shift_counts_as_one() -> None:
    items = [ready(due=3), ready(due=6)]
    assert not is_overloaded(items, now=NOW, reviewers=0)
    assert is_overloaded([*items, ready(due=6)], now=NOW, reviewers=0)


@settings(deadline=None, max_examples=200)
@given(jobs)
def test_one_reviewer_is_overloaded_exactly_when_no_order_of_work_meets_every_deadline(
    wanted: list[tuple[int, int]],
) -> None:
    items = [ready(due=due, minutes=minutes) for due, minutes in wanted]
    assert is_overloaded(items, now=NOW, reviewers=1) == (not some_order_fits(wanted))


@settings(deadline=None, max_examples=80)
@given(jobs, st.integers(2, 3))
def test_with_several_reviewers_it_is_never_said_while_a_plan_exists(
    wanted: list[tuple[int, int]], reviewers: int
) -> None:
    items = [ready(due=due, minutes=minutes) for due, minutes in wanted]
    if is_overloaded(items, now=NOW, reviewers=reviewers):
        assert not some_plan_fits(wanted, reviewers)


def some_order_fits(jobs: list[tuple[int, int]]) -> bool:
    """Every order is tried: deadlines and work in minutes, one after the other from zero."""
    return any(fits(one) for one in itertools.permutations(jobs))


def some_plan_fits(jobs: list[tuple[int, int]], reviewers: int) -> bool:
    """Every way to deal the work out is tried, and every order of each share."""
    for dealt in itertools.product(range(reviewers), repeat=len(jobs)):
        shares = [
            [job for job, to in zip(jobs, dealt, strict=True) if to == one]
            for one in range(reviewers)
        ]
        if all(some_order_fits(share) for share in shares):
            return True
    return False


def fits(jobs: tuple[tuple[int, int], ...]) -> bool:
    ends = itertools.accumulate(work for _, work in jobs)
    return all(end <= due for end, (due, _) in zip(ends, jobs, strict=True))
