"""What an agent remembers of its own submissions, whatever becomes of the desk's database."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from overread_queue.errors import StoreReadOnly, Tampered
from overread_queue.models import Ticket
from overread_queue.states import EscalationState, Tier
from overread_queue.trust.pins import Pin, Pins


def ticket(
    id: str = "0199-refund", *, tier: Tier = Tier.HARD_APPROVAL, created: bool = True
) -> Ticket:
    return Ticket(
        id=id,
        run=id,
        key=id,
        state=EscalationState.WAITING,
        tier=tier,
        brief_sha256="b" * 64,
        action_sha256="a" * 64,
        deadline_at=0,
        created=created,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger" / "bot.pins"


def test_another_process_knows_what_was_submitted(path: Path) -> None:
    Pins(path).keep(ticket())
    Pins(path).keep(ticket("0199-other", tier=Tier.HARD_STOP))
    other = Pins(path)
    assert other.of("0199-refund") == Pin.of(ticket())
    assert other.of("0199-other") == Pin.of(ticket("0199-other", tier=Tier.HARD_STOP))
    assert other.of("0199") is None
    assert path.stat().st_mode & 0o077 == 0


def test_what_was_never_submitted_is_unknown_and_makes_no_file(path: Path) -> None:
    assert Pins(path).of("0199-refund") is None
    assert not path.exists()


def test_the_first_word_counts(path: Path) -> None:
    Pins(path).keep(ticket())
    Pins(path).keep(ticket(tier=Tier.NOTIFY))
    assert Pins(path).of("0199-refund") == Pin.of(ticket())


def test_a_line_that_a_power_cut_tore_spoils_no_other(path: Path) -> None:
    Pins(path).keep(ticket("0199-torn"))
    path.write_bytes(path.read_bytes()[:-40])
    Pins(path).keep(ticket())
    assert Pins(path).of("0199-refund") == Pin.of(ticket())
    with pytest.raises(Tampered, match="unreadable about 0199-torn"):
        Pins(path).of("0199-torn")


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreReadOnly):
        Pins(path).keep(ticket())
    assert not (tmp_path / "elsewhere").exists()


def test_a_submission_repeated_after_a_crash_is_remembered_then(path: Path) -> None:
    Pins(path).keep(ticket(created=False))
    Pins(path).keep(ticket(tier=Tier.NOTIFY, created=False))
    assert Pins(path).of("0199-refund") == Pin.of(ticket())
    assert path.read_bytes().count(b"0199-refund") == 1


def test_a_submission_that_cannot_be_remembered_is_made_good_under_the_same_key(
    tmp_path: Path,
) -> None:
    here: House = house(tmp_path)
    here.places.ledger.symlink_to("/nowhere")
    with here.agent() as queue:
        with pytest.raises(StoreReadOnly):
            queue.submit(brief(), key="k")
        here.places.ledger.unlink()
        again = queue.submit(brief(), key="k")
    assert not again.created
    path = here.places.ledger_of("refund-agent").with_suffix(".pins")
    assert Pins(path).of(again.id) == Pin.of(again)
