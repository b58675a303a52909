"""What one of two people said, checked by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from overread_briefs.decision import Envelope
from overread_queue.errors import Expired, Forged
from overread_queue.trust.envelope import (
    OPINION,
    Signed,
    envelope_bytes,
    sign_envelope,
    verify_opinion,
)
from trust_factory import EXPIRES_AT, NOW, TrustDesk, envelope, expecting, make_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> TrustDesk:
    return make_desk(tmp_path_factory.mktemp("desk"))


def believed(desk: TrustDesk, *, at: int = NOW, **changes: object) -> Envelope:
    said = envelope(**changes)
    signature = sign_envelope(said, desk.key("ana"), namespace=OPINION)
    signed = Signed(envelope_bytes(said), signature)
    return verify_opinion(signed, roster=desk.roster(), expect=expecting(), now=NOW, at=at)


@pytest.mark.parametrize("verdict", ["approve", "modify", "reject"])
def test_two_people_may_say_it_together(desk: TrustDesk, verdict: str) -> None:
    assert believed(desk, verdict=verdict).verdict == verdict


@pytest.mark.parametrize("verdict", ["need_info", "taken_over", "withdrawn"])
def test_what_nobody_says_together_is_no_opinion(desk: TrustDesk, verdict: str) -> None:
    with pytest.raises(Forged, match="say together"):
        believed(desk, verdict=verdict)


def test_an_opinion_counts_up_to_its_last_millisecond(desk: TrustDesk) -> None:
    assert believed(desk, at=EXPIRES_AT).reviewer == "ana"
    with pytest.raises(Expired, match="had run out"):
        believed(desk, at=EXPIRES_AT + 1)


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_an_opinion_of_somebody_who_left_counts_no_more(tmp_path: Path, verdict: str) -> None:
    desk = make_desk(tmp_path)
    desk.change_reviewer("ana", revoked_at=NOW - 1)
    with pytest.raises(Forged, match="revoked"):
        believed(desk, verdict=verdict)
