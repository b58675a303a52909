"""The random sample: nobody dodges it, anybody can recompute it once the key is out."""

import hashlib
import hmac

import pytest

from overread_queue.policy import audit_draw
from overread_queue.policy.settings import Audit

KEY = bytes(range(32))
IDS = [f"0198f0c2-0000-7000-8000-{number:012x}" for number in range(20_000)]


def drawn(rate: float, key: bytes = KEY) -> set[str]:
    return {id for id in IDS if audit_draw(key, id, rate).selected}


def test_about_as_many_are_drawn_as_the_rate_says() -> None:
    for rate in (0.003, 0.02, 0.05, 0.5):
        spread = 5 * (len(IDS) * rate * (1 - rate)) ** 0.5
        assert abs(len(drawn(rate)) - len(IDS) * rate) < spread


def test_the_same_are_drawn_each_time_and_more_at_a_higher_rate() -> None:
    assert drawn(0.02) == drawn(0.02)
    assert drawn(0.02) < drawn(0.05)


def test_another_key_draws_others() -> None:
    ours, theirs = drawn(0.05), drawn(0.05, bytes(32))
    assert len(ours & theirs) < len(ours) / 5


def test_the_ends_are_certain() -> None:
    assert drawn(0.0) == set()
    assert drawn(1.0) == set(IDS)
    assert audit_draw(KEY, "x", 0.25).probability == 0.25


def test_whoever_has_the_key_can_recompute_it() -> None:
    for id in IDS[:50]:
        digest = hmac.new(KEY, b"overread.audit.v1\0" + id.encode(), hashlib.sha256).digest()
        chosen = int.from_bytes(digest[:8], "big") / 2**64 < 0.3
        assert audit_draw(KEY, id, 0.3).selected == chosen


@pytest.mark.parametrize(("key", "rate"), [(b"short", 0.1), (KEY, 1.5), (KEY, float("nan"))])
def test_nonsense_is_refused(key: bytes, rate: float) -> None:
    with pytest.raises(ValueError, match=r"audit key|probability"):
        audit_draw(key, "x", rate)


def test_a_new_version_is_looked_at_more_and_nothing_below_the_floor() -> None:
    month = 30 * 86_400
    assert Audit().rate_at(month - 1) == 0.05
    assert Audit().rate_at(month) == 0.02
    assert Audit(rate=0.0).rate_at(month) == 0.003
